//! Counting tries on passwords, before the password is looked at: a hundred tries at once gain no more than one.
//!
//! A try is noted as a failure first and forgiven when the password was right or nobody could look at it.

use domain::identity::{AccountTries, AddressTries};
use domain::time::{SignedDuration, Timestamp};
use store::Tx;
use store::identity::tries;

use super::Caller;
use crate::{App, AppError};

/// One counted try. Say how it went.
pub(super) struct CountedTry {
    account: String,
    before: Option<AccountTries>,
}

fn too_many(wait: SignedDuration) -> AppError {
    let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    AppError::TooMany { retry_after_s: u64::try_from(seconds).unwrap_or(1).max(1) }
}

async fn count_address(tx: &mut Tx, address: &str, now: Timestamp) -> Result<Result<(), SignedDuration>, AppError> {
    let before = tries::lock_address(tx, address).await?;
    match AddressTries::after_try(before, now) {
        Ok(counted) => {
            tries::set_address(tx, address, counted).await?;
            Ok(Ok(()))
        }
        Err(wait) => Ok(Err(wait)),
    }
}

/// Counts a costly request of strangers, such as a sign-up, by network address.
pub(super) async fn count_by_address(app: &App, caller: &Caller) -> Result<(), AppError> {
    let input = (caller.key(), app.now());
    let counted = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (address, now)| {
            Box::pin(async move {
                let counted = count_address(tx, &address, now).await?;
                tries::forget_old(tx, now).await?;
                Ok(counted)
            })
        })
        .await?;
    counted.map_err(too_many)
}

/// Counts a try on the account, by account and by network address, or refuses it unlooked-at.
pub(super) async fn count_try(app: &App, account: &str, caller: &Caller) -> Result<CountedTry, AppError> {
    let input = (account.to_owned(), caller.key(), app.now());
    let counted = app
        .store
        .write::<_, _, AppError, _>(input, |tx, (account, address, now)| {
            Box::pin(async move {
                if let Err(wait) = count_address(tx, &address, now).await? {
                    return Ok(Err(wait));
                }
                let before = tries::lock_account(tx, &account).await?;
                if let Some(wait) = before.and_then(|before| before.wait(now)) {
                    return Ok(Err(wait));
                }
                tries::set_account(tx, &account, AccountTries::after_failure(before, now)).await?;
                tries::forget_old(tx, now).await?;
                Ok(Ok(before))
            })
        })
        .await?;
    let before = counted.map_err(too_many)?;
    Ok(CountedTry { account: account.to_owned(), before })
}

impl CountedTry {
    /// The password was right: forgets the failures, in the transaction of what it opened.
    pub(super) async fn right(account: &str, tx: &mut Tx) -> Result<(), AppError> {
        Ok(tries::clear_account(tx, account).await?)
    }

    /// Nobody could look at the password: the count is as before.
    pub(super) async fn unlooked(self, app: &App) -> Result<(), AppError> {
        app.store
            .write::<_, _, AppError, _>((self.account, self.before), |tx, (account, before)| {
                Box::pin(async move {
                    match before {
                        Some(before) => tries::set_account(tx, &account, before).await?,
                        None => tries::clear_account(tx, &account).await?,
                    }
                    Ok(())
                })
            })
            .await
    }
}
