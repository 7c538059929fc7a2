-- What a person is told: in the notice centre, and by e-mail through a job.
CREATE TABLE notices (
    id            TEXT   NOT NULL PRIMARY KEY,
    recipient     TEXT   NOT NULL,
    -- one notice per recipient and key: an event tells a person once
    key           TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    arguments     TEXT   NOT NULL,
    link          TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    seen_at       BIGINT,
    read_at       BIGINT,
    mailed_at     BIGINT,
    mail_failed_at BIGINT,
    mail_failure  TEXT
);
CREATE UNIQUE INDEX notices_recipient_key_unique ON notices (recipient, key);
CREATE INDEX notices_recipient ON notices (recipient, created_at);
