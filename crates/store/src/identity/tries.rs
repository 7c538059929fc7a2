//! The tables `sign_in_accounts` and `sign_in_addresses`: how often a password was tried. The rule is the domain's.

use db::values;
use domain::identity::{AccountTries, AddressTries};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// The failures of one account, locked until this transaction ends. An account without a row gets one with none, so
/// that two tries at once cannot both be the first.
pub async fn lock_account(tx: &mut Tx, account: &str) -> Result<Option<AccountTries>, StoreError> {
    // One statement: between writing a row and locking it, somebody else's clean-up could take it away.
    let row = tx
        .query_one(
            "INSERT INTO sign_in_accounts (account, failures, failed_at) VALUES ($1, 0, 0)
             ON CONFLICT (account) DO UPDATE SET failures = sign_in_accounts.failures
             RETURNING failures, failed_at",
            values![account],
        )
        .await?;
    let row = Suspect::named("sign_in_accounts", &row, account);
    let tries = AccountTries { failures: row.count("failures")?, failed_at: row.instant("failed_at")? };
    Ok((tries.failures > 0).then_some(tries))
}

/// Writes the failures of one account.
pub async fn set_account(tx: &mut Tx, account: &str, tries: AccountTries) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sign_in_accounts SET failures = $2, failed_at = $3 WHERE account = $1",
        values![account, tries.failures, to_millisecond(tries.failed_at)],
    )
    .await?;
    Ok(())
}

/// Forgets the failures of one account: the password was right.
pub async fn clear_account(tx: &mut Tx, account: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM sign_in_accounts WHERE account = $1", values![account]).await?;
    Ok(())
}

/// The tries of one address, locked until this transaction ends.
pub async fn lock_address(tx: &mut Tx, address: &str) -> Result<Option<AddressTries>, StoreError> {
    let row = tx
        .query_one(
            "INSERT INTO sign_in_addresses (address, tries, since) VALUES ($1, 0, 0)
             ON CONFLICT (address) DO UPDATE SET tries = sign_in_addresses.tries
             RETURNING tries, since",
            values![address],
        )
        .await?;
    let row = Suspect::named("sign_in_addresses", &row, address);
    let tries = AddressTries { tries: row.count("tries")?, since: row.instant("since")? };
    Ok((tries.tries > 0).then_some(tries))
}

/// Writes the tries of one address.
pub async fn set_address(tx: &mut Tx, address: &str, tries: AddressTries) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sign_in_addresses SET tries = $2, since = $3 WHERE address = $1",
        values![address, tries.tries, to_millisecond(tries.since)],
    )
    .await?;
    Ok(())
}

/// Removes counters that no longer bear on anything, so that invented names cannot fill the tables. Those that somebody
/// has in hands are left to the next: waiting for them here, with other counters locked, would be a deadlock.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    let before = |age| to_millisecond(now.saturating_sub(age).unwrap_or(Timestamp::MIN));
    tx.execute(
        concat!(
            "DELETE FROM sign_in_accounts WHERE account IN
               (SELECT account FROM sign_in_accounts WHERE failed_at < $1",
            db::skip_locked!(),
            ")"
        ),
        values![before(AccountTries::FORGOTTEN)],
    )
    .await?;
    tx.execute(
        concat!(
            "DELETE FROM sign_in_addresses WHERE address IN
               (SELECT address FROM sign_in_addresses WHERE since < $1",
            db::skip_locked!(),
            ")"
        ),
        values![before(AddressTries::WINDOW)],
    )
    .await?;
    Ok(())
}
