-- What was seen of signed calls of sellers' systems, so that a call cannot be sent twice. Shared by all nodes.
CREATE TABLE signed_calls (
    -- SHA-256 over whose key it is and the nonce or signature
    id            TEXT   NOT NULL PRIMARY KEY,
    -- from then on the call would be refused for its age
    forgotten_at  BIGINT NOT NULL
);
CREATE INDEX signed_calls_forgotten_at ON signed_calls (forgotten_at);
