-- Who is who: organisations, users, sessions, invitations, access keys, and the counters of password tries.
-- Tokens are kept as SHA-256 only; secrets that must be recomputed are sealed, and so are names and addresses of people.

CREATE TABLE organisations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CONSTRAINT organisations_kind_known CHECK (kind IN ('customer', 'seller', 'operator')),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- There is exactly one operator organisation.
CREATE UNIQUE INDEX organisations_kind_unique ON organisations (kind) WHERE kind = 'operator';

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    -- by which the address is found and unique; the address itself is sealed, and so is the name
    email_index TEXT NOT NULL,
    email_sealed TEXT NOT NULL,
    name_sealed TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT users_role_known CHECK (role IN ('administrator', 'member', 'finance', 'viewer')),
    language TEXT NOT NULL CONSTRAINT users_language_known CHECK (language IN ('en', 'zh')),
    password_hash TEXT NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX users_email_index_unique ON users (email_index);
CREATE INDEX users_organisation ON users (organisation_id, created_at, id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_hash BYTEA NOT NULL,
    opened_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    proven_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL,
    CONSTRAINT sessions_times_ordered CHECK (opened_at <= seen_at AND opened_at <= proven_at)
);

CREATE UNIQUE INDEX sessions_token_hash_unique ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id, opened_at, id);

CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    -- by which the address is found and unique; the address itself is sealed, and so is the name
    email_index TEXT NOT NULL,
    email_sealed TEXT NOT NULL,
    name_sealed TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT invitations_role_known CHECK (role IN ('administrator', 'member', 'finance', 'viewer')),
    language TEXT NOT NULL CONSTRAINT invitations_language_known CHECK (language IN ('en', 'zh')),
    invited_by TEXT NOT NULL REFERENCES users (id),
    token_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX invitations_token_hash_unique ON invitations (token_hash);
CREATE UNIQUE INDEX invitations_organisation_id_email_index_unique ON invitations (organisation_id, email_index);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    made_by TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    access_key TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX api_keys_access_key_unique ON api_keys (access_key);
CREATE INDEX api_keys_organisation ON api_keys (organisation_id, created_at, id);

-- Failed tries in a row by sign-in name, existing or not, so that the answer does not tell which.
CREATE TABLE sign_in_accounts (
    account TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    failed_at BIGINT NOT NULL
);

CREATE INDEX sign_in_accounts_failed_at ON sign_in_accounts (failed_at);

-- Tries of the running minute by network address.
CREATE TABLE sign_in_addresses (
    address TEXT PRIMARY KEY,
    tries BIGINT NOT NULL,
    since BIGINT NOT NULL
);

CREATE INDEX sign_in_addresses_since ON sign_in_addresses (since);

-- The one-time link by which the first operator signs up. One row at most.
CREATE TABLE first_operator_links (
    one BIGINT PRIMARY KEY CONSTRAINT first_operator_links_one CHECK (one = 1),
    token_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
