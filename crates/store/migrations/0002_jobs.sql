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
-- what may be leased, oldest first within a lane: leasing walks from lane to lane and reads a few rows of each, whatever waits
CREATE INDEX jobs_free ON jobs (lane, due_at, id) WHERE parked_at IS NULL AND leased_until IS NULL;
-- what is leased: as many rows as there are workers
CREATE INDEX jobs_leased ON jobs (lane, leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX jobs_parked ON jobs (parked_at) WHERE parked_at IS NOT NULL;
