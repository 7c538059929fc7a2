-- Licence codes that the marketplace issued for orders.
CREATE TABLE licences (
    id            TEXT   NOT NULL PRIMARY KEY,
    order_id      TEXT   NOT NULL REFERENCES orders (id),
    seller        TEXT   NOT NULL REFERENCES organisations (id),
    buyer         TEXT   NOT NULL REFERENCES organisations (id),
    -- who has the code has the licence: sealed, and found again by a blind index
    code_sealed   TEXT   NOT NULL,
    code_index    TEXT   NOT NULL,
    issued_at     BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    received_at   BIGINT,
    activated_at  BIGINT,
    heard_at      BIGINT,
    -- SHA-256 of the fingerprint
    device        TEXT,
    withdrawn_at  BIGINT,
    -- the twin of domain::licensing::LicenceState
    CONSTRAINT licences_facts_match_a_state CHECK (
         (state = 'issued' AND received_at IS NULL AND activated_at IS NULL AND heard_at IS NULL AND device IS NULL
            AND withdrawn_at IS NULL)
      OR (state = 'received' AND received_at IS NOT NULL AND activated_at IS NULL AND heard_at IS NULL AND device IS NULL
            AND withdrawn_at IS NULL)
      OR (state = 'active' AND received_at IS NOT NULL AND activated_at IS NOT NULL AND heard_at IS NOT NULL
            AND withdrawn_at IS NULL)
      OR (state = 'withdrawn' AND received_at IS NULL AND activated_at IS NULL AND heard_at IS NULL AND device IS NULL
            AND withdrawn_at IS NOT NULL))
);
CREATE UNIQUE INDEX licences_order_id_unique ON licences (order_id);
CREATE UNIQUE INDEX licences_code_index_unique ON licences (code_index);
