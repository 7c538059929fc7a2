-- Indexes that nothing reads, or whose promise another one keeps. Every order pays for each of them.

-- Timelines are of one subject; nothing is read by organisation alone.
DROP INDEX events_organisation;
-- The id of a transfer is made of purpose and reference: the primary key says the same.
DROP INDEX ledger_transfers_purpose_reference_unique;
-- The postings of a transfer are written with it, two in one statement, and numbered in their accounts.
DROP INDEX ledger_postings_transfer_account_unique;
