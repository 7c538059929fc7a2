-- How far the sealing job has looked back for events that were committed after younger ones had been sealed.
CREATE TABLE seal_progress (
    one             BIGINT NOT NULL PRIMARY KEY CONSTRAINT seal_progress_one CHECK (one = 1),
    -- an event's id, or its beginning: every event up to it has been looked at twice
    looked_back_to  TEXT   NOT NULL
);
INSERT INTO seal_progress (one, looked_back_to) VALUES (1, '');
