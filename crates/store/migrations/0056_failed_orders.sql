-- How many orders of a product failed in a month because its system did not deliver, and what the operator decided.

CREATE TABLE failed_orders (
    product_id      TEXT   NOT NULL,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    -- the month in the marketplace's time zone, 2026-05
    month           TEXT   NOT NULL CONSTRAINT failed_orders_month_is_one CHECK (length(month) = 7),
    failed          BIGINT NOT NULL CONSTRAINT failed_orders_failed_positive CHECK (failed > 0),
    raised_at       BIGINT,
    decision        TEXT,
    decided_at      BIGINT,
    decided_by      TEXT   REFERENCES users (id),
    reason          TEXT,
    PRIMARY KEY (product_id, month),
    CONSTRAINT failed_orders_facts_match CHECK (
         (decision IS NULL AND decided_at IS NULL AND decided_by IS NULL AND reason IS NULL)
      OR (decision IS NOT NULL AND decision IN ('keep', 'remove') AND raised_at IS NOT NULL AND decided_at IS NOT NULL
            AND decided_by IS NOT NULL AND reason IS NOT NULL))
);
CREATE INDEX failed_orders_waiting ON failed_orders (raised_at) WHERE raised_at IS NOT NULL AND decided_at IS NULL;
CREATE INDEX orders_failed ON orders (product, failed_at) WHERE failed_at IS NOT NULL;
