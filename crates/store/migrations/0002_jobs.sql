-- Work to be done after commit. A row is deleted once its work is done; parked rows wait for a person.
CREATE TABLE jobs (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    -- one job per kind and key: enqueueing again is calm
    key           TEXT   NOT NULL,
    -- jobs of one lane share a fair part of the workers: a seller, a mail server
    lane          TEXT   NOT NULL,
    payload       TEXT   NOT NULL,
    due_at        BIGINT NOT NULL,
    attempts      BIGINT NOT NULL DEFAULT 0,
    -- the fencing token: grows with each lease, and every result must name it
    lease         BIGINT NOT NULL DEFAULT 0,
    leased_until  BIGINT,
    parked_at     BIGINT,
    last_error    TEXT,
    created_at    BIGINT NOT NULL,
    CONSTRAINT jobs_parked_is_not_leased CHECK (parked_at IS NULL OR leased_until IS NULL)
);
CREATE UNIQUE INDEX jobs_kind_key_unique ON jobs (kind, key);
CREATE INDEX jobs_due ON jobs (due_at) WHERE parked_at IS NULL;
CREATE INDEX jobs_parked ON jobs (parked_at) WHERE parked_at IS NOT NULL;
