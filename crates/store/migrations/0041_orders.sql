-- Orders with their one line, and the subscriptions that they bring. What was bought is copied into the order.

CREATE TABLE orders (
    id                  TEXT PRIMARY KEY,
    number              TEXT   NOT NULL,
    buyer               TEXT   NOT NULL REFERENCES organisations (id),
    placed_by           TEXT   NOT NULL REFERENCES users (id),
    client_key          TEXT   NOT NULL,
    content             TEXT   NOT NULL,
    order_type          TEXT   NOT NULL CONSTRAINT orders_type_known CHECK (order_type IN ('new', 'trial')),
    trial_days          BIGINT,
    product             TEXT   NOT NULL,
    product_slug        TEXT   NOT NULL,
    product_name        TEXT   NOT NULL,
    product_logo        TEXT,
    specification       TEXT   NOT NULL,
    specification_name  TEXT   NOT NULL,
    seller              TEXT   NOT NULL REFERENCES organisations (id),
    seller_name         TEXT   NOT NULL,
    interface_address   TEXT   NOT NULL,
    support             TEXT   NOT NULL,
    period              TEXT   NOT NULL CONSTRAINT orders_period_known CHECK (period IN ('month', 'year', 'once')),
    count               BIGINT NOT NULL CONSTRAINT orders_count_range CHECK (count BETWEEN 1 AND 10000),
    periods             BIGINT NOT NULL CONSTRAINT orders_periods_positive CHECK (periods > 0),
    unit_price_minor    BIGINT NOT NULL,
    total_minor         BIGINT NOT NULL CONSTRAINT orders_total_not_negative CHECK (total_minor >= 0),
    currency            TEXT   NOT NULL,
    handed_over         TEXT   NOT NULL,
    agreement           TEXT,
    placed_at           BIGINT NOT NULL,
    state               TEXT   NOT NULL,
    pending_until       BIGINT,
    canceled_at         BIGINT,
    canceled_by         TEXT,
    paid_at             BIGINT,
    completed_at        BIGINT,
    failed_at           BIGINT,
    failed_for          TEXT,
    CONSTRAINT orders_trial_has_days CHECK ((order_type = 'trial') = (trial_days IS NOT NULL)),
    -- the twin of domain::ordering::OrderState
    CONSTRAINT orders_facts_match_a_state CHECK (
         (state = 'pending_payment' AND pending_until IS NOT NULL AND canceled_at IS NULL AND canceled_by IS NULL
            AND paid_at IS NULL AND completed_at IS NULL AND failed_at IS NULL AND failed_for IS NULL)
      OR (state = 'canceled' AND pending_until IS NULL AND canceled_at IS NOT NULL
            AND canceled_by IS NOT NULL AND canceled_by IN ('buyer', 'timeout')
            AND paid_at IS NULL AND completed_at IS NULL AND failed_at IS NULL AND failed_for IS NULL)
      OR (state = 'processing' AND pending_until IS NULL AND canceled_at IS NULL AND canceled_by IS NULL
            AND paid_at IS NOT NULL AND completed_at IS NULL AND failed_at IS NULL AND failed_for IS NULL)
      OR (state = 'completed' AND pending_until IS NULL AND canceled_at IS NULL AND canceled_by IS NULL
            AND paid_at IS NOT NULL AND completed_at IS NOT NULL AND failed_at IS NULL AND failed_for IS NULL)
      OR (state = 'failed' AND pending_until IS NULL AND canceled_at IS NULL AND canceled_by IS NULL
            AND paid_at IS NOT NULL AND completed_at IS NULL AND failed_at IS NOT NULL
            AND failed_for IS NOT NULL AND failed_for IN ('not_delivered', 'operator')))
);
CREATE UNIQUE INDEX orders_number_unique ON orders (number);
-- one order per buyer and key, kept for ever (reliability.md P2)
CREATE UNIQUE INDEX orders_buyer_client_key_unique ON orders (buyer, client_key);
-- one trial per buyer and product, unless it failed
CREATE UNIQUE INDEX orders_trial_once_unique ON orders (buyer, product) WHERE order_type = 'trial' AND state <> 'failed';
CREATE INDEX orders_buyer ON orders (buyer, id);
CREATE INDEX orders_seller ON orders (seller, id);

CREATE TABLE subscriptions (
    id                 TEXT PRIMARY KEY,
    order_id           TEXT   NOT NULL REFERENCES orders (id),
    buyer              TEXT   NOT NULL REFERENCES organisations (id),
    seller             TEXT   NOT NULL REFERENCES organisations (id),
    created_at         BIGINT NOT NULL,
    state              TEXT   NOT NULL,
    instance           TEXT,
    active_since       BIGINT,
    active_until       BIGINT,
    not_delivered_at   BIGINT,
    -- what the seller said about getting in: addresses, user name and note sealed as one, the first password by itself
    access_sealed      TEXT,
    password_sealed    TEXT,
    access_at          BIGINT,
    -- the twin of domain::ordering::SubscriptionState
    CONSTRAINT subscriptions_facts_match_a_state CHECK (
         (state = 'setting_up' AND active_since IS NULL AND active_until IS NULL AND not_delivered_at IS NULL)
      OR (state = 'active' AND instance IS NOT NULL AND active_since IS NOT NULL AND not_delivered_at IS NULL)
      OR (state = 'not_delivered' AND active_since IS NULL AND active_until IS NULL AND not_delivered_at IS NOT NULL)),
    CONSTRAINT subscriptions_access_has_a_time CHECK (
         (access_sealed IS NULL AND password_sealed IS NULL AND access_at IS NULL)
      OR (access_sealed IS NOT NULL AND access_at IS NOT NULL))
);
CREATE UNIQUE INDEX subscriptions_order_unique ON subscriptions (order_id);
-- an instance belongs to one order (seller-protocol 3.1; reliability.md I5)
CREATE UNIQUE INDEX subscriptions_seller_instance_unique ON subscriptions (seller, instance) WHERE instance IS NOT NULL;
CREATE INDEX subscriptions_buyer ON subscriptions (buyer, id);
