//! The ledger's rules as tables that an accountant can read, and as properties.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::{AccountFinding, Finding, PostingRow, TransferRow, audit};
use super::*;
use crate::ids::Id;
use crate::money::Currency;

/// A ledger in memory: what the store does, without a database.
#[derive(Default)]
struct Book {
    accounts: BTreeMap<(AccountName, &'static str), Account>,
    transfers: Vec<Transfer>,
    postings: Vec<(TransferId, Posting)>,
}

impl Book {
    fn account(&self, name: AccountName, currency: Currency) -> Account {
        self.accounts.get(&(name, currency.code())).copied().unwrap_or(Account::empty(name, currency))
    }

    fn post(&mut self, transfer: Transfer) -> Result<&'static str, PostRefusal> {
        let known = self.transfers.iter().find(|known| known.id == transfer.id);
        let currency = transfer.amount.currency();
        let (from, to) = (self.account(transfer.from, currency), self.account(transfer.to, currency));
        let Outcome::Applied(posted) = post(transfer, known, &from, &to)? else { return Ok("already_posted") };
        for posting in posted.postings {
            let account = Account { name: posting.account, sequence: posting.sequence, balance: posting.balance_after };
            self.accounts.insert((posting.account, currency.code()), account);
            self.postings.push((posted.transfer.id, posting));
        }
        self.transfers.push(posted.transfer);
        Ok("posted")
    }

    fn rows(&self) -> (Vec<TransferRow>, Vec<PostingRow>) {
        let transfer = |transfer: &Transfer| TransferRow {
            id: transfer.id,
            amount_minor: transfer.amount.minor(),
            currency: transfer.amount.currency().code().to_owned(),
        };
        let posting = |(transfer, posting): &(TransferId, Posting)| PostingRow {
            transfer: *transfer,
            account: posting.account.to_string(),
            currency: posting.amount.currency().code().to_owned(),
            sequence: posting.sequence,
            amount_minor: posting.amount.minor(),
            balance_after_minor: posting.balance_after.minor(),
        };
        (self.transfers.iter().map(transfer).collect(), self.postings.iter().map(posting).collect())
    }
}

fn account(word: &str) -> AccountName {
    let number = |text: &str| text.bytes().fold(0_u128, |sum, byte| sum * 256 + u128::from(byte));
    match word.split_once('/') {
        Some(("buyer", name)) => AccountName::Customer(OrganisationId::from_u128(number(name))),
        Some(("held", name)) => AccountName::Held(OrderId::from_u128(number(name))),
        _ => AccountName::Cash,
    }
}

/// Runs a table. `transfer ID FROM TO AMOUNT expected…` and `balance ACCOUNT AMOUNT`; `#` starts a remark.
fn run(table: &str) -> Book {
    let mut book = Book::default();
    for line in table.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["transfer", id, from, to, amount, currency, expected @ ..] => {
                let currency: Currency = currency.parse().expect("the table names a currency");
                let organisation = OrganisationId::from_u128(0);
                let purpose = Purpose::TopUp { organisation, key: (*id).to_owned() };
                let amount = Money::parse(amount, currency).expect("the table has amounts");
                let transfer =
                    Transfer::of(purpose, account(from), account(to), amount, String::new(), Timestamp::UNIX_EPOCH);
                let got = match book.post(transfer) {
                    Ok(word) => word.to_owned(),
                    Err(refusal) => format!("refused {}", refusal.code()),
                };
                assert_eq!(got, expected.join(" "), "in the line: {line}");
            }
            ["balance", name, amount, currency] => {
                let currency: Currency = currency.parse().expect("the table names a currency");
                let expected = Money::parse(amount, currency).expect("the table has amounts");
                assert_eq!(book.account(account(name), currency).balance, expected, "in the line: {line}");
            }
            other => panic!("not a line of a table: {other:?}"),
        }
    }
    let (transfers, postings) = book.rows();
    assert_eq!(audit(&transfers, &postings), []);
    book
}

#[test]
fn money_goes_from_the_top_up_over_the_order_back_to_the_customer() {
    run("
        #        id   from        to          amount        expected
        transfer T1   cash        buyer/acme  200.00 USD    posted
        transfer T2   buyer/acme  held/one    140.28 USD    posted
        balance       buyer/acme               59.72 USD
        balance       held/one                140.28 USD
        transfer T3   held/one    buyer/acme  140.28 USD    posted              # the order failed
        transfer T3   held/one    buyer/acme  140.28 USD    already_posted      # a retry is calm
        balance       buyer/acme              200.00 USD
        balance       held/one                  0.00 USD
        balance       cash                   -200.00 USD
    ");
}

#[test]
fn refusals_have_names_and_come_in_one_order() {
    run("
        #        id   from        to          amount        expected
        transfer T1   cash        buyer/acme  100.00 EUR    posted
        transfer T1   cash        buyer/acme  100.00 EUR    already_posted
        transfer T1   cash        buyer/acme   90.00 EUR    refused id_has_other_amount     # before anything else
        transfer T1   cash        cash         90.00 EUR    refused id_has_other_amount
        transfer T1   cash        buyer/zoe   100.00 EUR    refused id_has_other_accounts
        transfer T2   buyer/acme  buyer/acme    0.00 EUR    refused amount_not_positive
        transfer T2   buyer/acme  held/one     -1.00 EUR    refused amount_not_positive
        transfer T2   buyer/acme  buyer/acme  500.00 EUR    refused same_account
        transfer T2   buyer/acme  held/one    100.01 EUR    refused exceeds_balance
        transfer T2   buyer/acme  held/one      1.00 USD    refused exceeds_balance         # each currency by itself
        transfer T2   buyer/acme  held/one    100.00 EUR    posted                          # to the last cent
        balance       buyer/acme                0.00 EUR
    ");
}

#[test]
fn accounts_of_two_currencies_do_not_meet() {
    let buyer = OrganisationId::from_u128(1);
    let transfer = Transfer::charge(buyer, OrderId::from_u128(2), Money::new(1, Currency::USD), Timestamp::UNIX_EPOCH);
    let from = Account { sequence: 1, balance: Money::new(9, Currency::EUR), name: transfer.from };
    let to = Account::empty(transfer.to, Currency::USD);
    assert_eq!(post(transfer, None, &from, &to), Err(PostRefusal::OtherCurrency));
}

#[test]
fn a_balance_that_would_not_fit_is_refused() {
    let buyer = OrganisationId::from_u128(1);
    let amount = Money::new(1, Currency::USD);
    let transfer = Transfer::top_up(buyer, "a".to_owned(), amount, String::new(), Timestamp::UNIX_EPOCH);
    let from = Account::empty(AccountName::Cash, Currency::USD);
    let full = Account { name: transfer.to, sequence: 1, balance: Money::new(i64::MAX, Currency::USD) };
    assert_eq!(post(transfer.clone(), None, &from, &full), Err(PostRefusal::OutOfRange));
    let last = Account { name: transfer.to, sequence: i64::MAX, balance: Money::zero(Currency::USD) };
    assert_eq!(post(transfer, None, &from, &last), Err(PostRefusal::OutOfRange));
}

#[test]
fn one_purpose_is_one_transfer_and_two_purposes_are_two() {
    let order = OrderId::from_u128(7);
    let charge = Purpose::Charge { order }.transfer_id();
    assert_eq!(charge, Purpose::Charge { order }.transfer_id());
    assert_ne!(charge, Purpose::Refund { order }.transfer_id());
    assert_ne!(charge, Purpose::Charge { order: OrderId::from_u128(8) }.transfer_id());
}

#[test]
fn names_and_purposes_read_back_as_they_were_written_and_others_do_not() {
    let (organisation, order) = (OrganisationId::from_u128(1), OrderId::from_u128(2));
    for name in [AccountName::Cash, AccountName::Customer(organisation), AccountName::Held(order)] {
        assert_eq!(name.to_string().parse(), Ok(name));
    }
    for bad in ["", "Cash", "cash/", "held", "held/org_1", "customer/ord_1", "seller/x"] {
        assert_eq!(bad.parse::<AccountName>(), Err(()), "{bad}");
    }
    let key = "march/2".to_owned();
    for purpose in [Purpose::TopUp { organisation, key }, Purpose::Charge { order }, Purpose::Refund { order }] {
        assert_eq!(Purpose::parse(purpose.code(), &purpose.reference()), Some(purpose));
    }
    assert_eq!(Purpose::parse("charge", "org_1"), None);
    assert_eq!(Purpose::parse("gift", "ord_1"), None);
}

#[test]
fn the_audit_finds_what_was_tampered_with() {
    let book = run("
        transfer T1   cash        buyer/acme  200.00 USD    posted
        transfer T2   buyer/acme  held/one    140.28 USD    posted
    ");
    let (transfers, postings) = book.rows();
    let tampered = |change: &dyn Fn(&mut Vec<PostingRow>)| {
        let mut postings = postings.clone();
        change(&mut postings);
        audit(&transfers, &postings)
    };
    assert_eq!(tampered(&|_| {}), []);
    assert!(matches!(tampered(&|rows| rows[0].amount_minor += 1)[0], Finding::Unbalanced { sum: 1, .. }));
    assert!(matches!(tampered(&|rows| drop(rows.remove(3)))[0], Finding::Lines { count: 1, .. }));
    assert!(matches!(tampered(&|rows| rows[1].currency = "EUR".to_owned())[0], Finding::Currency { .. }));
    let balance = AccountFinding::Balance { sequence: 1, stored: 1, computed: 14_028 };
    let found = tampered(&|rows| rows[3].balance_after_minor = 1);
    assert!(matches!(&found[0], Finding::Account { finding, .. } if *finding == balance));
    let gap = AccountFinding::Sequence { found: 9, expected: 2 };
    let found = tampered(&|rows| rows[2].sequence = 9);
    assert!(matches!(&found[0], Finding::Account { finding, .. } if *finding == gap));
    assert_eq!(audit(&transfers[..1], &postings).len(), 1, "lines without a transfer are found");
}

/// One random wish: from, to, amount, and an id out of few, so that ids collide.
fn wish() -> impl Strategy<Value = (usize, usize, i64, u8)> {
    (0..4_usize, 0..4_usize, -5_i64..60, 0..40_u8)
}

proptest! {
    #[test]
    fn whatever_is_asked_balances_are_folds_nothing_is_lost_and_nobody_goes_below_zero(
        wishes in prop::collection::vec(wish(), 1..80),
    ) {
        let names = ["cash", "buyer/acme", "buyer/zoe", "held/one"].map(account);
        let mut book = Book::default();
        for (from, to, minor, id) in wishes {
            let purpose = Purpose::TopUp { organisation: OrganisationId::from_u128(0), key: id.to_string() };
            let amount = Money::new(minor, Currency::USD);
            let before = book.accounts.clone();
            let wish = Transfer::of(purpose, names[from], names[to], amount, String::new(), Timestamp::UNIX_EPOCH);
            let first = book.post(wish.clone());
            if first != Ok("posted") {
                prop_assert_eq!(&before, &book.accounts, "only a posted transfer changes anything");
            } else {
                prop_assert_eq!(book.post(wish), Ok("already_posted"));
            }
        }
        let (transfers, postings) = book.rows();
        prop_assert_eq!(audit(&transfers, &postings), vec![]);
        let total: i64 = book.accounts.values().map(|account| account.balance.minor()).sum();
        prop_assert_eq!(total, 0);
        for account in book.accounts.values() {
            prop_assert!(account.balance.minor() >= 0 || account.name == AccountName::Cash);
        }
    }
}
