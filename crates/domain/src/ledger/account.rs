//! Accounts of the ledger: whose money it is, and how far it may go down.

use std::fmt;
use std::str::FromStr;

use crate::ids::{OrderId, OrganisationId};
use crate::money::{Currency, Money};

/// Whose money an account holds, and what for. One account exists per name and currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountName {
    /// What the marketplace received from outside and paid out: the other side of every top-up. It stands below zero
    /// by exactly what all other accounts hold.
    Cash,
    /// A customer's prepaid balance.
    Customer(OrganisationId),
    /// What was paid for one order and is not yet settled or refunded.
    Held(OrderId),
}

/// Whether an account may stand below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdraft {
    /// It may: it is a contra account.
    Allowed,
    /// It may not: the money is somebody's.
    Refused,
}

impl AccountName {
    /// Whether the account may stand below zero.
    pub fn overdraft(self) -> Overdraft {
        match self {
            AccountName::Cash => Overdraft::Allowed,
            AccountName::Customer(_) | AccountName::Held(_) => Overdraft::Refused,
        }
    }
}

/// `cash`, `customer/org_…`, `held/ord_…`: as columns and statements spell it.
impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AccountName::Cash => f.write_str("cash"),
            AccountName::Customer(organisation) => write!(f, "customer/{organisation}"),
            AccountName::Held(order) => write!(f, "held/{order}"),
        }
    }
}

impl FromStr for AccountName {
    type Err = ();
    fn from_str(text: &str) -> Result<AccountName, ()> {
        match text.split_once('/') {
            None if text == "cash" => Ok(AccountName::Cash),
            Some(("customer", id)) => id.parse().map(AccountName::Customer).map_err(|_| ()),
            Some(("held", id)) => id.parse().map(AccountName::Held).map_err(|_| ()),
            Some(_) | None => Err(()),
        }
    }
}

/// An account as it stands: the last posting's number and the balance after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub name: AccountName,
    /// How many postings it has; the next one gets the number after.
    pub sequence: i64,
    /// What it holds, in its currency.
    pub balance: Money,
}

impl Account {
    /// An account nobody has posted to.
    pub fn empty(name: AccountName, currency: Currency) -> Account {
        Account { name, sequence: 0, balance: Money::zero(currency) }
    }

    /// The currency of the account.
    pub fn currency(&self) -> Currency {
        self.balance.currency()
    }
}
