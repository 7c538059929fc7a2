-- What sellers' systems reported as used, record by record: as it came, and what was judged of it.
CREATE TABLE usage_records (
    id            TEXT   NOT NULL PRIMARY KEY,
    -- the push that brought it, or brought it again after it was rejected
    batch         TEXT   NOT NULL,
    seller        TEXT   NOT NULL REFERENCES organisations (id),
    -- SHA-256 over every member as it came
    fingerprint   TEXT   NOT NULL,
    instance      TEXT   NOT NULL,
    record_time   TEXT   NOT NULL,
    begin_time    TEXT   NOT NULL,
    end_time      TEXT   NOT NULL,
    usage_value   TEXT   NOT NULL,
    -- the new form has the one, the old form the other
    metering_sn   TEXT,
    product       TEXT,
    package       TEXT,
    received_at   BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    judged_at     BIGINT,
    fault         TEXT,
    subscription  TEXT   REFERENCES subscriptions (id),
    begin_at      BIGINT,
    end_at        BIGINT,
    -- a plain decimal with at most 4 places
    amount        TEXT,
    CONSTRAINT usage_records_one_mark CHECK ((metering_sn IS NULL) <> (product IS NULL)),
    -- the twin of domain::metering::UsageState
    CONSTRAINT usage_records_facts_match_a_state CHECK (
         (state = 'received' AND judged_at IS NULL AND fault IS NULL AND subscription IS NULL
            AND begin_at IS NULL AND end_at IS NULL AND amount IS NULL)
      OR (state = 'accepted' AND judged_at IS NOT NULL AND fault IS NULL AND subscription IS NOT NULL
            AND begin_at IS NOT NULL AND end_at IS NOT NULL AND amount IS NOT NULL)
      OR (state = 'rejected' AND judged_at IS NOT NULL AND fault IS NOT NULL AND subscription IS NULL
            AND begin_at IS NULL AND end_at IS NULL AND amount IS NULL AND fault IN (
              'record_time_unreadable', 'begin_time_unreadable', 'end_time_unreadable', 'value_unreadable',
              'ends_before_it_begins', 'ends_after_record', 'recorded_in_the_future', 'too_old', 'no_such_instance',
              'other_product', 'not_pay_per_use', 'before_start', 'after_close', 'duplicate')))
);
-- the same record sent again is the same row
CREATE UNIQUE INDEX usage_records_seller_fingerprint_unique ON usage_records (seller, fingerprint);
-- a number is one record, unless that one was rejected and is sent again mended
CREATE UNIQUE INDEX usage_records_seller_metering_sn_unique ON usage_records (seller, metering_sn) WHERE state <> 'rejected';
-- the first record of a span counts (seller-protocol 8.5)
CREATE UNIQUE INDEX usage_records_span_unique ON usage_records (subscription, begin_at, end_at) WHERE state = 'accepted';
CREATE INDEX usage_records_seller ON usage_records (seller, id);
CREATE INDEX usage_records_seller_state ON usage_records (seller, state, id);
CREATE INDEX usage_records_waiting ON usage_records (batch, id) WHERE state = 'received';

-- A push is signed with the key of an address: found by the instance alone, because who sends it is not known before.
CREATE INDEX subscriptions_instance ON subscriptions (instance) WHERE instance IS NOT NULL;
