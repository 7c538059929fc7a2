-- Steps towards sellers' production systems, every attempt of them, and how each seller has answered lately.

CREATE TABLE seller_calls (
    id             TEXT PRIMARY KEY,
    step           TEXT   NOT NULL CONSTRAINT seller_calls_step_known CHECK (step IN ('create', 'refresh', 'release')),
    order_id       TEXT   NOT NULL REFERENCES orders (id),
    subscription   TEXT   NOT NULL REFERENCES subscriptions (id),
    seller         TEXT   NOT NULL REFERENCES organisations (id),
    address        TEXT   NOT NULL,
    instance       TEXT,
    opened_at      BIGINT NOT NULL,
    closes_at      BIGINT,
    state          TEXT   NOT NULL,
    activity       TEXT CONSTRAINT seller_calls_activity_known
                     CHECK (activity IS NULL OR activity IN ('newInstance', 'queryInstance', 'releaseInstance')),
    due_at         BIGINT,
    failures       BIGINT,
    strikes        BIGINT,
    parked_at      BIGINT,
    park_reason    TEXT,
    done_at        BIGINT,
    given_up_at    BIGINT,
    give_up_reason TEXT,
    -- the person who pressed Restart since the last attempt: it passes the breaker
    restarted_by   TEXT,
    attempts       BIGINT NOT NULL DEFAULT 0,
    -- names under which an instance may stand that the seller says exists and does not name, parted by blanks
    presumed       TEXT   NOT NULL DEFAULT '',
    -- what a seller that contradicted itself said last about the instance, and how often in a row
    doubt_said     TEXT CONSTRAINT seller_calls_doubt_known CHECK (doubt_said IS NULL OR doubt_said IN ('there', 'not_there')),
    doubt_times    BIGINT,
    CONSTRAINT seller_calls_doubt_is_whole CHECK ((doubt_said IS NULL) = (doubt_times IS NULL)),
    -- the twin of domain::fulfilment::CallState
    CONSTRAINT seller_calls_facts_match_a_state CHECK (
         (state = 'waiting' AND activity IS NOT NULL AND due_at IS NOT NULL AND failures IS NOT NULL AND strikes IS NOT NULL
            AND parked_at IS NULL AND park_reason IS NULL AND done_at IS NULL AND given_up_at IS NULL AND give_up_reason IS NULL)
      OR (state = 'parked' AND activity IS NOT NULL AND due_at IS NULL AND failures IS NULL AND strikes IS NULL
            AND parked_at IS NOT NULL AND park_reason IS NOT NULL AND park_reason IN ('stopped', 'exhausted', 'held')
            AND done_at IS NULL AND given_up_at IS NULL AND give_up_reason IS NULL)
      OR (state = 'done' AND activity IS NULL AND due_at IS NULL AND failures IS NULL AND strikes IS NULL
            AND parked_at IS NULL AND park_reason IS NULL AND done_at IS NOT NULL AND given_up_at IS NULL AND give_up_reason IS NULL)
      OR (state = 'given_up' AND activity IS NULL AND due_at IS NULL AND failures IS NULL AND strikes IS NULL
            AND parked_at IS NULL AND park_reason IS NULL AND done_at IS NULL AND given_up_at IS NOT NULL
            AND give_up_reason IS NOT NULL AND give_up_reason IN ('exhausted', 'operator', 'once')))
);
-- an order is created once; an instance is released once
CREATE UNIQUE INDEX seller_calls_create_unique ON seller_calls (order_id) WHERE step = 'create';
CREATE UNIQUE INDEX seller_calls_release_unique ON seller_calls (seller, instance) WHERE step = 'release';
CREATE INDEX seller_calls_seller ON seller_calls (seller, id);
CREATE INDEX seller_calls_order ON seller_calls (order_id, id);
CREATE INDEX seller_calls_subscription ON seller_calls (subscription, id);
CREATE INDEX seller_calls_parked ON seller_calls (parked_at) WHERE state = 'parked';

-- Written before the call leaves; filled in when it is over. Request and answer are kept without secrets, for 90 days.
CREATE TABLE call_attempts (
    id           TEXT PRIMARY KEY,
    call         TEXT   NOT NULL REFERENCES seller_calls (id),
    number       BIGINT NOT NULL CONSTRAINT call_attempts_number_positive CHECK (number > 0),
    activity     TEXT   NOT NULL,
    business_id  TEXT   NOT NULL,
    started_by   TEXT,
    started_at   BIGINT NOT NULL,
    request      TEXT,
    finished_at  BIGINT,
    outcome      TEXT,
    status       BIGINT,
    elapsed_ms   BIGINT,
    answer       TEXT,
    checks       TEXT,
    CONSTRAINT call_attempts_finished_has_facts CHECK (
         (finished_at IS NULL AND outcome IS NULL AND status IS NULL AND answer IS NULL)
      OR (finished_at IS NOT NULL AND outcome IS NOT NULL))
);
CREATE UNIQUE INDEX call_attempts_call_number_unique ON call_attempts (call, number);
CREATE INDEX call_attempts_started ON call_attempts (started_at);

CREATE TABLE seller_breakers (
    seller      TEXT PRIMARY KEY REFERENCES organisations (id),
    failures    BIGINT NOT NULL,
    open_until  BIGINT
);
