-- Becoming a seller; the production addresses of sellers with their keys; debugging cases and runs.

CREATE TABLE seller_applications (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    stage           TEXT   NOT NULL,
    -- what was typed, as JSON: sealed, for the contact person's sake
    form_sealed     TEXT   NOT NULL,
    submitted_at    BIGINT,
    due_at          BIGINT,
    decided_at      BIGINT,
    decided_by      TEXT,
    reason          TEXT,
    created_at      BIGINT NOT NULL,
    changed_at      BIGINT NOT NULL,
    revision        BIGINT NOT NULL,
    CONSTRAINT seller_applications_facts_match_the_stage CHECK (
         (stage = 'draft'          AND submitted_at IS NULL     AND due_at IS NULL     AND decided_at IS NULL     AND decided_by IS NULL     AND reason IS NULL)
      OR (stage = 'pending_review' AND submitted_at IS NOT NULL AND due_at IS NOT NULL AND decided_at IS NULL     AND decided_by IS NULL     AND reason IS NULL)
      OR (stage = 'approved'       AND submitted_at IS NOT NULL AND due_at IS NULL     AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NULL)
      OR (stage = 'rejected'       AND submitted_at IS NOT NULL AND due_at IS NULL     AND decided_at IS NOT NULL AND decided_by IS NOT NULL AND reason IS NOT NULL))
);
CREATE UNIQUE INDEX seller_applications_organisation_id_unique ON seller_applications (organisation_id);
CREATE INDEX seller_applications_waiting ON seller_applications (submitted_at, id) WHERE stage = 'pending_review';
CREATE INDEX seller_applications_decided ON seller_applications (decided_at, id) WHERE decided_at IS NOT NULL;

-- What a seller agreed to, which wording, and when. Never changed.
CREATE TABLE seller_agreements (
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    agreement       TEXT   NOT NULL,
    version         TEXT   NOT NULL,
    agreed_at       BIGINT NOT NULL,
    agreed_by       TEXT   NOT NULL REFERENCES users (id),
    PRIMARY KEY (organisation_id, agreement, version)
);

CREATE TABLE interface_addresses (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    url             TEXT   NOT NULL,
    -- sealed by the vault for this row
    sealed_key      TEXT   NOT NULL,
    key_hint        TEXT   NOT NULL CONSTRAINT interface_addresses_hint_is_short CHECK (length(key_hint) <= 4),
    protocol        TEXT   NOT NULL CONSTRAINT interface_addresses_protocol_known CHECK (protocol IN ('v2')),
    body_sign       TEXT   NOT NULL CONSTRAINT interface_addresses_body_sign_known CHECK (body_sign IN ('off', 'if_present', 'required')),
    created_at      BIGINT NOT NULL,
    key_set_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX interface_addresses_organisation_id_url_unique ON interface_addresses (organisation_id, url);

CREATE TABLE debug_cases (
    id              TEXT   NOT NULL PRIMARY KEY,
    address_id      TEXT   NOT NULL REFERENCES interface_addresses (id),
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    activity        TEXT   NOT NULL CONSTRAINT debug_cases_activity_known CHECK (activity IN
                        ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance')),
    name            TEXT   NOT NULL,
    -- what is sent, as JSON
    sample          TEXT   NOT NULL,
    saved_at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX debug_cases_address_id_name_unique ON debug_cases (address_id, name);

CREATE TABLE debug_runs (
    id              TEXT   NOT NULL PRIMARY KEY,
    address_id      TEXT   NOT NULL REFERENCES interface_addresses (id),
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    case_id         TEXT   REFERENCES debug_cases (id) ON DELETE SET NULL,
    activity        TEXT   NOT NULL CONSTRAINT debug_runs_activity_known CHECK (activity IN
                        ('newInstance', 'queryInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance')),
    sample          TEXT   NOT NULL,
    run_by          TEXT   NOT NULL,
    started_at      BIGINT NOT NULL,
    elapsed_ms      BIGINT NOT NULL,
    result          TEXT   NOT NULL CONSTRAINT debug_runs_result_known CHECK (result IN ('passed', 'failed', 'no_answer')),
    -- request and answer as JSON, without secrets
    exchange        TEXT   NOT NULL,
    checks          TEXT   NOT NULL
);
CREATE INDEX debug_runs_address ON debug_runs (address_id, started_at, id);
CREATE INDEX debug_runs_case ON debug_runs (case_id, started_at);

-- When a seller sent something from the debugger, for the limit per hour. Rows older than that are removed.
CREATE TABLE debug_sends (
    id              TEXT   NOT NULL PRIMARY KEY,
    organisation_id TEXT   NOT NULL REFERENCES organisations (id),
    sent_at         BIGINT NOT NULL
);
CREATE INDEX debug_sends_organisation ON debug_sends (organisation_id, sent_at);
