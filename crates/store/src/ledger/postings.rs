//! The tables `ledger_accounts`, `ledger_transfers`, `ledger_postings`. A posting is written under the lock of its
//! account; its number is unique, so that two writers cannot both have read the same balance.

use db::{Row, values};
use domain::ledger::{Account, AccountName, Posted, PostingRow, Purpose, Transfer, TransferRow};
use domain::money::{Currency, Money};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

fn account_id(name: AccountName, currency: Currency) -> String {
    format!("{name}:{currency}")
}

const LAST: &str =
    "SELECT sequence, balance_after_minor FROM ledger_postings WHERE account = $1 ORDER BY sequence DESC LIMIT 1";
const OPEN: &str = "INSERT INTO ledger_accounts (id, name, currency) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING";
const LOCK: &str = concat!("SELECT id FROM ledger_accounts WHERE id = $1", db::for_update!());

/// The account as it stands; one that nobody has posted to is empty.
pub async fn account(tx: &mut Tx, name: AccountName, currency: Currency) -> Result<Account, StoreError> {
    let last = tx.query_optional(LAST, values![account_id(name, currency)]).await?;
    decode_account(name, currency, last.as_ref())
}

/// As [`account`], and nobody else posts to it until this transaction ends. The account is opened when it is new. For
/// two accounts there is [`before_transfer`].
pub async fn account_for_update(tx: &mut Tx, name: AccountName, currency: Currency) -> Result<Account, StoreError> {
    let id = account_id(name, currency);
    let look = || vec![(LOCK, values![&id]), (LAST, values![&id])];
    let mut answers = tx.query_all(look()).await?;
    if answers.first().is_some_and(Vec::is_empty) {
        open(tx, name, currency)?;
        answers = tx.query_all(look()).await?;
    }
    decode_account(name, currency, answers.get(1).and_then(|rows| rows.first()))
}

fn open(tx: &mut Tx, name: AccountName, currency: Currency) -> Result<(), StoreError> {
    tx.execute_later(OPEN, values![account_id(name, currency), name.to_string(), currency.code()])?;
    Ok(())
}

/// What a transfer meets: both accounts, to which nobody else posts until this transaction ends, and the same transfer,
/// when it was made before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// The account it takes from.
    pub from: Account,
    /// The account it gives to.
    pub to: Account,
    /// The transfer of this id.
    pub known: Option<Transfer>,
}

/// Locks both accounts, in the order of their names so that two transfers never wait for each other, and reads what
/// [`Met`] says. Accounts are opened when they are new.
pub async fn before_transfer(tx: &mut Tx, transfer: &Transfer) -> Result<Met, StoreError> {
    let currency = transfer.amount.currency();
    let mut names = [transfer.from, transfer.to];
    names.sort_by_key(ToString::to_string);
    let [first, second] = names.map(|name| account_id(name, currency));
    let look = || {
        vec![
            (LOCK, values![&first]),
            (LOCK, values![&second]),
            (LAST, values![account_id(transfer.from, currency)]),
            (LAST, values![account_id(transfer.to, currency)]),
            ("SELECT * FROM ledger_transfers WHERE id = $1", values![transfer.id.to_string()]),
        ]
    };
    let mut answers = tx.query_all(look()).await?;
    if answers.iter().take(2).any(Vec::is_empty) {
        for name in names {
            open(tx, name, currency)?;
        }
        answers = tx.query_all(look()).await?;
    }
    let row = |number: usize| answers.get(number).and_then(|rows| rows.first());
    Ok(Met {
        from: decode_account(transfer.from, currency, row(2))?,
        to: decode_account(transfer.to, currency, row(3))?,
        known: row(4).map(decode_transfer).transpose()?,
    })
}

fn decode_account(name: AccountName, currency: Currency, last: Option<&Row>) -> Result<Account, StoreError> {
    let Some(row) = last else { return Ok(Account::empty(name, currency)) };
    let balance = Money::new(row.get("balance_after_minor")?, currency);
    Ok(Account { name, sequence: row.get("sequence")?, balance })
}

/// Writes a transfer that was decided by `domain::ledger::post`, with its postings. An account that may be new is opened
/// by what read it: [`before_transfer`], [`account_for_update`], or [`insert_first`].
pub fn insert_posted(tx: &mut Tx, posted: &Posted) -> Result<(), StoreError> {
    let transfer = &posted.transfer;
    let currency = transfer.amount.currency();
    tx.execute_later(
        "INSERT INTO ledger_transfers (id, purpose, reference, from_name, to_name, amount_minor, currency, note, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        values![
            transfer.id.to_string(),
            transfer.purpose.code(),
            transfer.purpose.reference(),
            transfer.from.to_string(),
            transfer.to.to_string(),
            transfer.amount.minor(),
            currency.code(),
            &transfer.note,
            to_millisecond(transfer.at),
        ],
    )?;
    let [taken, given] = &posted.postings;
    tx.execute_later(
        "INSERT INTO ledger_postings (account, sequence, transfer, amount_minor, balance_after_minor)
         VALUES ($1, $2, $5, $3, $4), ($6, $7, $5, $8, $9)",
        values![
            account_id(taken.account, currency),
            taken.sequence,
            taken.amount.minor(),
            taken.balance_after.minor(),
            transfer.id.to_string(),
            account_id(given.account, currency),
            given.sequence,
            given.amount.minor(),
            given.balance_after.minor(),
        ],
    )?;
    Ok(())
}

/// As [`insert_posted`], where the account that is given to is new with this very transfer. Were it not, the number of the
/// posting would be taken and the transaction refused.
pub fn insert_first(tx: &mut Tx, posted: &Posted) -> Result<(), StoreError> {
    open(tx, posted.transfer.to, posted.transfer.amount.currency())?;
    insert_posted(tx, posted)
}

/// One line of an account's statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The line's number in the account.
    pub sequence: i64,
    /// What it adds; below zero when it takes.
    pub amount: Money,
    /// What the account holds after it.
    pub balance_after: Money,
    /// Why money moved.
    pub purpose: Purpose,
    /// What a person wrote about it.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

/// The newest lines of an account before the number `before`, newest first.
pub async fn statement(
    tx: &mut Tx,
    name: AccountName,
    currency: Currency,
    before: Option<i64>,
    most: u32,
) -> Result<Vec<StatementLine>, StoreError> {
    let rows = tx
        .query(
            "SELECT t.*, p.sequence, p.amount_minor AS line_minor, p.balance_after_minor
             FROM ledger_postings p JOIN ledger_transfers t ON t.id = p.transfer
             WHERE p.account = $1 AND p.sequence < $2 ORDER BY p.sequence DESC LIMIT $3",
            values![account_id(name, currency), before.unwrap_or(i64::MAX), most],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let transfer = decode_transfer(row)?;
            Ok(StatementLine {
                sequence: row.get("sequence")?,
                amount: Money::new(row.get("line_minor")?, currency),
                balance_after: Money::new(row.get("balance_after_minor")?, currency),
                purpose: transfer.purpose,
                note: transfer.note,
                at: transfer.at,
            })
        })
        .collect()
}

/// Every transfer, for the audit.
pub async fn all_transfers(tx: &mut Tx) -> Result<Vec<TransferRow>, StoreError> {
    let rows = tx.query("SELECT id, amount_minor, currency FROM ledger_transfers", values![]).await?;
    rows.iter()
        .map(|row| {
            let suspect = Suspect::new("ledger_transfers", row)?;
            Ok(TransferRow {
                id: suspect.id("id")?,
                amount_minor: suspect.number("amount_minor")?,
                currency: suspect.text("currency")?,
            })
        })
        .collect()
}

/// Every posting, for the audit.
pub async fn all_postings(tx: &mut Tx) -> Result<Vec<PostingRow>, StoreError> {
    let rows = tx
        .query(
            "SELECT p.*, a.name, a.currency FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let suspect = Suspect::named("ledger_postings", row, row.get::<String>("transfer")?);
            Ok(PostingRow {
                transfer: suspect.id("transfer")?,
                account: suspect.text("name")?,
                currency: suspect.text("currency")?,
                sequence: suspect.number("sequence")?,
                amount_minor: suspect.number("amount_minor")?,
                balance_after_minor: suspect.number("balance_after_minor")?,
            })
        })
        .collect()
}

/// What the accounts of each kind (`cash`, `customer`, `held`) hold in all, by currency: kind, currency, minor units,
/// number of accounts.
pub async fn totals(tx: &mut Tx) -> Result<Vec<(String, Money, i64)>, StoreError> {
    let rows = tx
        .query(
            "SELECT CASE WHEN a.name LIKE 'customer/%' THEN 'customer' WHEN a.name LIKE 'held/%' THEN 'held'
                         ELSE a.name END AS kind,
                    a.currency, CAST(SUM(p.amount_minor) AS BIGINT) AS minor, COUNT(DISTINCT a.id) AS accounts
             FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account GROUP BY 1, 2 ORDER BY 1, 2",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let kind: String = row.get("kind")?;
            let suspect = Suspect::named("ledger_accounts", row, kind.clone());
            Ok((kind, suspect.money("minor", "currency")?, suspect.number("accounts")?))
        })
        .collect()
}

fn decode_transfer(row: &Row) -> Result<Transfer, StoreError> {
    let row = Suspect::new("ledger_transfers", row)?;
    let (code, reference) = (row.text("purpose")?, row.text("reference")?);
    let purpose =
        Purpose::parse(&code, &reference).ok_or_else(|| row.corrupt(format_args!("purpose {code} of {reference}")))?;
    Ok(Transfer {
        id: row.id("id")?,
        from: row.parsed("from_name")?,
        to: row.parsed("to_name")?,
        amount: row.money("amount_minor", "currency")?,
        purpose,
        note: row.text("note")?,
        at: row.instant("at")?,
    })
}
