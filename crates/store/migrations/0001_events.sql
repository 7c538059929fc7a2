-- Everything that happened. Written in the transaction of the change; never updated, never deleted.
CREATE TABLE events (
    id            TEXT   NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,
    kind          TEXT   NOT NULL,
    -- who: a user, an access key of a user, or the system
    actor_kind    TEXT   NOT NULL CONSTRAINT events_actor_kind CHECK (actor_kind IN ('user', 'key', 'system')),
    actor_user    TEXT,
    actor_key     TEXT,
    -- whose timeline it belongs to, and what it is about
    organisation  TEXT,
    subject       TEXT   NOT NULL,
    facts         TEXT   NOT NULL,
    CONSTRAINT events_actor_facts CHECK (
         (actor_kind = 'user'   AND actor_user IS NOT NULL AND actor_key IS NULL)
      OR (actor_kind = 'key'    AND actor_user IS NOT NULL AND actor_key IS NOT NULL)
      OR (actor_kind = 'system' AND actor_user IS NULL     AND actor_key IS NULL))
);
CREATE INDEX events_subject ON events (subject, at);
CREATE INDEX events_organisation ON events (organisation, at);

-- The audit chain: a job seals events in order, each seal hashing the one before.
CREATE TABLE event_seals (
    sequence  BIGINT NOT NULL PRIMARY KEY,
    event     TEXT   NOT NULL REFERENCES events (id),
    hash      TEXT   NOT NULL
);
CREATE UNIQUE INDEX event_seals_event_unique ON event_seals (event);
