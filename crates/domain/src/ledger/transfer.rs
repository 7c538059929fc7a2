//! Transfers: one amount from one account to another, decided in a fixed order of checks.
//!
//! A transfer's id comes from its [`Purpose`], so "one charge and at most one refund per order" is the primary key of
//! the table and not somebody's diligence.

use sha2::{Digest, Sha256};

use crate::ids::{Id, OrderId, OrganisationId, TransferId};
use crate::money::{Money, MoneyError};
use crate::outcome::{Outcome, Refusal, RefusalKind};
use crate::time::Timestamp;

use super::account::{Account, AccountName, Overdraft};

/// Why money moves. Two transfers with the same purpose are one transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An operator adds to a customer's balance; the key is the caller's, one per top-up.
    TopUp {
        /// The customer.
        organisation: OrganisationId,
        /// What the caller named the top-up.
        key: String,
    },
    /// A customer pays an order.
    Charge {
        /// The order.
        order: OrderId,
    },
    /// A failed order's money goes back, whole.
    Refund {
        /// The order.
        order: OrderId,
    },
}

impl Purpose {
    /// The word in columns, statements and JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Purpose::TopUp { .. } => "top_up",
            Purpose::Charge { .. } => "charge",
            Purpose::Refund { .. } => "refund",
        }
    }

    /// What the purpose is about: the order, or the customer and the key.
    pub fn reference(&self) -> String {
        match self {
            Purpose::TopUp { organisation, key } => format!("{organisation}/{key}"),
            Purpose::Charge { order } | Purpose::Refund { order } => order.to_string(),
        }
    }

    /// Reads back what [`Purpose::code`] and [`Purpose::reference`] wrote.
    pub fn parse(code: &str, reference: &str) -> Option<Purpose> {
        match code {
            "top_up" => {
                let (organisation, key) = reference.split_once('/')?;
                Some(Purpose::TopUp { organisation: organisation.parse().ok()?, key: key.to_owned() })
            }
            "charge" => Some(Purpose::Charge { order: reference.parse().ok()? }),
            "refund" => Some(Purpose::Refund { order: reference.parse().ok()? }),
            _ => None,
        }
    }

    /// The one id that a transfer of this purpose has.
    pub fn transfer_id(&self) -> TransferId {
        let digest = Sha256::digest(format!("{}\n{}", self.code(), self.reference()));
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&digest[..16]);
        TransferId::from_u128(u128::from_be_bytes(bytes))
    }
}

/// One movement of money, asked for or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// The account that gives.
    pub from: AccountName,
    /// The account that takes.
    pub to: AccountName,
    /// How much; over zero.
    pub amount: Money,
    /// Why.
    pub purpose: Purpose,
    /// What a person wrote about it; empty for the marketplace's own transfers.
    pub note: String,
    /// When.
    pub at: Timestamp,
}

impl Transfer {
    /// An operator's top-up of a customer's balance.
    pub fn top_up(organisation: OrganisationId, key: String, amount: Money, note: String, at: Timestamp) -> Transfer {
        let to = AccountName::Customer(organisation);
        Transfer::of(Purpose::TopUp { organisation, key }, AccountName::Cash, to, amount, note, at)
    }

    /// A customer's payment of an order: the money is held until the order is settled or refunded.
    pub fn charge(buyer: OrganisationId, order: OrderId, amount: Money, at: Timestamp) -> Transfer {
        let (from, to) = (AccountName::Customer(buyer), AccountName::Held(order));
        Transfer::of(Purpose::Charge { order }, from, to, amount, String::new(), at)
    }

    /// The whole payment of a failed order back to the customer.
    pub fn refund(buyer: OrganisationId, order: OrderId, amount: Money, at: Timestamp) -> Transfer {
        let (from, to) = (AccountName::Held(order), AccountName::Customer(buyer));
        Transfer::of(Purpose::Refund { order }, from, to, amount, String::new(), at)
    }

    fn of(
        purpose: Purpose,
        from: AccountName,
        to: AccountName,
        amount: Money,
        note: String,
        at: Timestamp,
    ) -> Transfer {
        Transfer { id: purpose.transfer_id(), from, to, amount, purpose, note, at }
    }
}

/// One line of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: AccountName,
    /// The line's number in the account, from 1 without gaps.
    pub sequence: i64,
    /// What the line adds; below zero when it takes.
    pub amount: Money,
    /// What the account holds after the line.
    pub balance_after: Money,
}

/// A transfer that is to be written, with its two postings: the giver's first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The transfer.
    pub transfer: Transfer,
    /// The two lines. Their amounts add up to nothing.
    pub postings: [Posting; 2],
}

/// Why a transfer was refused. The order of the variants is the order of the checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostRefusal {
    /// The id is known, with another amount.
    #[error("a transfer with this id moved another amount")]
    IdHasOtherAmount,
    /// The id is known, between other accounts.
    #[error("a transfer with this id moved money between other accounts")]
    IdHasOtherAccounts,
    /// Nothing or less than nothing.
    #[error("a transfer moves more than nothing")]
    AmountNotPositive,
    /// From an account to itself.
    #[error("a transfer needs two accounts")]
    SameAccount,
    /// The amount's currency is not that of both accounts.
    #[error("the accounts are kept in another currency")]
    OtherCurrency,
    /// The giver does not hold enough.
    #[error("the account does not hold enough")]
    ExceedsBalance,
    /// A balance would not fit.
    #[error("a balance would be out of range")]
    OutOfRange,
}

impl PostRefusal {
    /// The stable code, as tables and problems spell it.
    pub fn code(self) -> &'static str {
        match self {
            PostRefusal::IdHasOtherAmount => "id_has_other_amount",
            PostRefusal::IdHasOtherAccounts => "id_has_other_accounts",
            PostRefusal::AmountNotPositive => "amount_not_positive",
            PostRefusal::SameAccount => "same_account",
            PostRefusal::OtherCurrency => "other_currency",
            PostRefusal::ExceedsBalance => "exceeds_balance",
            PostRefusal::OutOfRange => "balance_out_of_range",
        }
    }
}

impl From<PostRefusal> for Refusal {
    fn from(refusal: PostRefusal) -> Refusal {
        let kind = match refusal {
            PostRefusal::ExceedsBalance => RefusalKind::Conflict,
            PostRefusal::IdHasOtherAmount
            | PostRefusal::IdHasOtherAccounts
            | PostRefusal::AmountNotPositive
            | PostRefusal::SameAccount
            | PostRefusal::OtherCurrency
            | PostRefusal::OutOfRange => RefusalKind::Rule,
        };
        Refusal::new(kind, refusal.code())
    }
}

impl From<MoneyError> for PostRefusal {
    fn from(error: MoneyError) -> PostRefusal {
        match error {
            MoneyError::CurrencyMismatch => PostRefusal::OtherCurrency,
            MoneyError::OutOfRange
            | MoneyError::UnknownCurrency
            | MoneyError::NotANumber
            | MoneyError::TooManyDecimals => PostRefusal::OutOfRange,
        }
    }
}

/// Decides one transfer. `known` is the transfer already stored under the id; `from` and `to` are the two accounts as
/// they stand, read under a lock. A repeat is calm: the same transfer again changes nothing.
pub fn post(
    transfer: Transfer,
    known: Option<&Transfer>,
    from: &Account,
    to: &Account,
) -> Result<Outcome<Posted>, PostRefusal> {
    if let Some(known) = known {
        if known.amount != transfer.amount {
            return Err(PostRefusal::IdHasOtherAmount);
        }
        if (known.from, known.to) != (transfer.from, transfer.to) {
            return Err(PostRefusal::IdHasOtherAccounts);
        }
        return Ok(Outcome::AlreadyApplied);
    }
    if transfer.amount.minor() <= 0 {
        return Err(PostRefusal::AmountNotPositive);
    }
    if transfer.from == transfer.to {
        return Err(PostRefusal::SameAccount);
    }
    let left = from.balance.checked_sub(transfer.amount)?;
    let grown = to.balance.checked_add(transfer.amount)?;
    if left.minor() < 0 && transfer.from.overdraft() == Overdraft::Refused {
        return Err(PostRefusal::ExceedsBalance);
    }
    let line = |account: &Account, amount, balance_after| -> Result<Posting, PostRefusal> {
        let sequence = account.sequence.checked_add(1).ok_or(PostRefusal::OutOfRange)?;
        Ok(Posting { account: account.name, sequence, amount, balance_after })
    };
    let postings = [line(from, transfer.amount.checked_neg()?, left)?, line(to, transfer.amount, grown)?];
    Ok(Outcome::Applied(Posted { transfer, postings }))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
