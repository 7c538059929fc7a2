-- The ledger: double entry, append only. No statement of the product updates or deletes a row of these three tables
-- (a test reads the sources); corrections are new transfers.

-- One account per owner and currency. The row never changes: it is what a posting locks.
CREATE TABLE ledger_accounts (
    -- name:currency, as customer/org_…:USD
    id        TEXT PRIMARY KEY,
    name      TEXT NOT NULL,
    currency  TEXT NOT NULL
);

-- The id is made of purpose and reference, so that one charge and at most one refund exist per order.
CREATE TABLE ledger_transfers (
    id            TEXT PRIMARY KEY,
    purpose       TEXT   NOT NULL CONSTRAINT ledger_transfers_purpose_known CHECK (purpose IN ('top_up', 'charge', 'refund')),
    reference     TEXT   NOT NULL,
    from_name     TEXT   NOT NULL,
    to_name       TEXT   NOT NULL,
    amount_minor  BIGINT NOT NULL CONSTRAINT ledger_transfers_amount_positive CHECK (amount_minor > 0),
    currency      TEXT   NOT NULL,
    note          TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    CONSTRAINT ledger_transfers_two_accounts CHECK (from_name <> to_name)
);
CREATE UNIQUE INDEX ledger_transfers_purpose_reference_unique ON ledger_transfers (purpose, reference);

-- Numbered without gaps in each account: a lost update would need the same number twice.
CREATE TABLE ledger_postings (
    account              TEXT   NOT NULL REFERENCES ledger_accounts (id),
    sequence             BIGINT NOT NULL CONSTRAINT ledger_postings_sequence_positive CHECK (sequence > 0),
    transfer             TEXT   NOT NULL REFERENCES ledger_transfers (id),
    amount_minor         BIGINT NOT NULL CONSTRAINT ledger_postings_amount_not_nothing CHECK (amount_minor <> 0),
    balance_after_minor  BIGINT NOT NULL,
    CONSTRAINT ledger_postings_nobody_below_zero CHECK (balance_after_minor >= 0 OR account LIKE 'cash:%')
);
CREATE UNIQUE INDEX ledger_postings_account_sequence_unique ON ledger_postings (account, sequence);
CREATE UNIQUE INDEX ledger_postings_transfer_account_unique ON ledger_postings (transfer, account);
