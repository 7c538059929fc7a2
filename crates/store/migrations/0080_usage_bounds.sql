-- Usage records: a number that is taken is a reason, what was rejected is forgotten, and what comes in an hour is counted.

ALTER TABLE usage_records DROP CONSTRAINT usage_records_facts_match_a_state;
ALTER TABLE usage_records ADD CONSTRAINT usage_records_facts_match_a_state CHECK (
     (state = 'received' AND judged_at IS NULL AND fault IS NULL AND subscription IS NULL
        AND begin_at IS NULL AND end_at IS NULL AND amount IS NULL)
  OR (state = 'accepted' AND judged_at IS NOT NULL AND fault IS NULL AND subscription IS NOT NULL
        AND begin_at IS NOT NULL AND end_at IS NOT NULL AND amount IS NOT NULL)
  OR (state = 'rejected' AND judged_at IS NOT NULL AND fault IS NOT NULL AND subscription IS NULL
        AND begin_at IS NULL AND end_at IS NULL AND amount IS NULL AND fault IN (
          'number_taken', 'record_time_unreadable', 'begin_time_unreadable', 'end_time_unreadable', 'value_unreadable',
          'ends_before_it_begins', 'ends_after_record', 'recorded_in_the_future', 'too_old', 'no_such_instance',
          'other_product', 'not_pay_per_use', 'before_start', 'after_close', 'duplicate')));
CREATE INDEX usage_records_rejected ON usage_records (judged_at) WHERE state = 'rejected';

-- How many records a seller's systems pushed in an hour, for the limit. Rows of past hours are removed.
CREATE TABLE usage_pushed (
    seller   TEXT   NOT NULL REFERENCES organisations (id),
    -- the beginning of the hour
    hour_at  BIGINT NOT NULL,
    records  BIGINT NOT NULL CONSTRAINT usage_pushed_records_not_negative CHECK (records >= 0),
    PRIMARY KEY (seller, hour_at)
);
CREATE INDEX usage_pushed_hour ON usage_pushed (hour_at);
