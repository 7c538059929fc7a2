-- Writes of the API that were sent with an Idempotency-Key: what was asked, and what was answered.
CREATE TABLE idempotency_keys (
    -- whose key it is (an organisation, or 'visitor') and the key itself, as one text
    id            TEXT   NOT NULL PRIMARY KEY,
    -- SHA-256 over method, path and body
    request       TEXT   NOT NULL,
    begun_at      BIGINT NOT NULL,
    -- until then another attempt is told that this one is still running
    running_until BIGINT,
    status        BIGINT,
    content_type  TEXT,
    -- sealed, because answers hold secrets that are shown once
    answer        TEXT,
    CONSTRAINT idempotency_keys_running_or_answered CHECK (
         (running_until IS NOT NULL AND status IS NULL     AND answer IS NULL     AND content_type IS NULL)
      OR (running_until IS NULL     AND status IS NOT NULL AND answer IS NOT NULL AND content_type IS NOT NULL))
);
CREATE INDEX idempotency_keys_begun_at ON idempotency_keys (begun_at);
