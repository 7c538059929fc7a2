//! A checker that finds nothing must be one that can find something: a small world in the product's own tables, good as it
//! is, and then spoiled in one way after another.

use std::path::{Path, PathBuf};

use super::evidence::{Evidence, Heard, Kill};
use super::rules_of_events::seal_of;
use super::stored::Stored;
use super::{Phase, Verdict, good, judge};
use crate::journal::Fact;

/// A database file that is removed at the end.
struct World {
    path: PathBuf,
    evidence: Evidence,
}

impl Drop for World {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", self.path.display())));
        }
    }
}

const ROWS: &str = "
    INSERT INTO organisations (id, kind, name, created_at) VALUES ('org_b', 'customer', 'Buyer', 1), ('org_s', 'seller', 'Seller', 1);
    INSERT INTO users (id, organisation_id, email_index, email_sealed, name_sealed, role, language, password_hash, created_at)
        VALUES ('usr_b', 'org_b', 'index', 'sealed', 'sealed', 'administrator', 'en', 'hash', 1);
    INSERT INTO orders (id, number, buyer, placed_by, client_key, content, order_type, product, product_slug, product_name, specification,
        specification_name, seller, seller_name, interface_address, support, period, count, periods, unit_price_minor, total_minor,
        currency, handed_over, placed_at, state, paid_at, completed_at, failed_at, failed_for)
        VALUES ('ord_1', 'N1', 'org_b', 'usr_b', 'key-1', 'c', 'new', 'p', 'p', 'P', 's', 'S', 'org_s', 'Seller', 'adr', '{}',
            'month', 1, 1, 500, 500, 'USD', '{}', 5, 'completed', 5, 6, NULL, NULL),
            ('ord_2', 'N2', 'org_b', 'usr_b', 'key-2', 'c', 'new', 'p', 'p', 'P', 's', 'S', 'org_s', 'Seller', 'adr', '{}',
            'month', 1, 1, 500, 500, 'USD', '{}', 7, 'failed', 7, NULL, 8, 'not_delivered');
    INSERT INTO ledger_accounts (id, name, currency) VALUES ('cash:USD', 'cash', 'USD'), ('customer/org_b:USD', 'customer/org_b', 'USD'),
        ('held/ord_1:USD', 'held/ord_1', 'USD'), ('held/ord_2:USD', 'held/ord_2', 'USD');
    INSERT INTO ledger_transfers (id, purpose, reference, from_name, to_name, amount_minor, currency, note, at) VALUES
        ('tfr_t', 'top_up', 'org_b/top-1', 'cash', 'customer/org_b', 2000, 'USD', '', 2),
        ('tfr_1', 'charge', 'ord_1', 'customer/org_b', 'held/ord_1', 500, 'USD', '', 5),
        ('tfr_2', 'charge', 'ord_2', 'customer/org_b', 'held/ord_2', 500, 'USD', '', 7),
        ('tfr_3', 'refund', 'ord_2', 'held/ord_2', 'customer/org_b', 500, 'USD', '', 8);
    INSERT INTO ledger_postings (account, sequence, transfer, amount_minor, balance_after_minor) VALUES
        ('cash:USD', 1, 'tfr_t', -2000, -2000), ('customer/org_b:USD', 1, 'tfr_t', 2000, 2000),
        ('customer/org_b:USD', 2, 'tfr_1', -500, 1500), ('held/ord_1:USD', 1, 'tfr_1', 500, 500),
        ('customer/org_b:USD', 3, 'tfr_2', -500, 1000), ('held/ord_2:USD', 1, 'tfr_2', 500, 500),
        ('held/ord_2:USD', 2, 'tfr_3', -500, 0), ('customer/org_b:USD', 4, 'tfr_3', 500, 1500);
    INSERT INTO subscriptions (id, order_id, buyer, seller, created_at, state, instance, active_since, not_delivered_at) VALUES
        ('sub_1', 'ord_1', 'org_b', 'org_s', 5, 'active', 'ins-1', 6, NULL),
        ('sub_2', 'ord_2', 'org_b', 'org_s', 7, 'not_delivered', NULL, NULL, 8);
    INSERT INTO seller_calls (id, step, order_id, subscription, seller, address, opened_at, state, done_at, given_up_at, give_up_reason) VALUES
        ('call_1', 'create', 'ord_1', 'sub_1', 'org_s', 'adr', 5, 'done', 6, NULL, NULL),
        ('call_2', 'create', 'ord_2', 'sub_2', 'org_s', 'adr', 7, 'given_up', NULL, 8, 'operator');
    INSERT INTO call_attempts (id, call, number, activity, business_id, started_at, finished_at, outcome) VALUES
        ('att_1', 'call_1', 1, 'newInstance', 'att_1', 5, NULL, NULL),
        ('att_2', 'call_1', 2, 'newInstance', 'att_2', 6, 6, 'created'),
        ('att_3', 'call_2', 1, 'newInstance', 'att_3', 7, 7, 'retry');
    INSERT INTO events (id, at, kind, actor_kind, subject, facts) VALUES
        ('evt_1', 5, 'order_placed', 'system', 'ord_1', '{}'), ('evt_2', 5, 'order_paid', 'system', 'ord_1', '{\"n\":1}'),
        ('evt_3', 6, 'order_completed', 'system', 'ord_1', '{}'), ('evt_4', 7, 'order_placed', 'system', 'ord_2', '{}'),
        ('evt_5', 7, 'order_paid', 'system', 'ord_2', '{}'), ('evt_6', 8, 'order_failed', 'system', 'ord_2', '{}');
    INSERT INTO notices (id, recipient, key, kind, arguments, link, created_at) VALUES
        ('ntc_1', 'usr_b', 'k1', 'order_ready', '[]', '/my/apps/sub_1', 6), ('ntc_2', 'usr_b', 'k2', 'order_failed', '[]', '/my/orders/N2', 8);";

/// The tables as the marketplace makes them, with a good world in them, and the outside evidence that fits it.
fn world(name: &str) -> World {
    let path = std::env::temp_dir().join(format!("souk-sim-{}-{name}.db", std::process::id()));
    let connection = rusqlite::Connection::open(&path).expect("a database");
    connection.execute_batch("PRAGMA foreign_keys = OFF").expect("a setting");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/migrations");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("migrations").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    for file in files {
        connection.execute_batch(&std::fs::read_to_string(file).expect("a migration")).expect("tables");
    }
    connection.execute_batch(ROWS).expect("rows");
    drop(connection);
    let mut world = World { evidence: Evidence::default(), path };
    world.seal();
    let ordered = |key: &str, number: &str| Fact::Ordered {
        buyer: "org_b".into(),
        key: key.into(),
        number: number.into(),
        total_minor: 500,
    };
    let asked = |kind: &str, key: &str| Fact::Asked { kind: kind.into(), key: key.into() };
    let heard = |effect: &str| Heard {
        activity: "newInstance".into(),
        payload: r#"{"orderId":"ord_1","orderLineId":"line-1"}"#.into(),
        effect: effect.into(),
        instance_id: Some("ins-1".into()),
    };
    world.evidence = Evidence {
        facts: vec![
            Fact::SignedUp { email: "b@example.com".into(), user: "usr_b".into() },
            asked("top_up", "top-1"),
            Fact::ToppedUp { organisation: "org_b".into(), key: "top-1".into(), amount_minor: 2000 },
            asked("order", "key-1"),
            Fact::Broken { request: "POST /api/v1/orders".into() },
            asked("order", "key-1"),
            ordered("key-1", "N1"),
            asked("order", "key-2"),
            ordered("key-2", "N2"),
            Fact::Foreign { request: "GET /api/v1/orders/ord_9".into(), status: 404 },
            Fact::ReadAgain { request: "GET /api/v1/orders/ord_1".into(), status: 200 },
        ],
        heard: vec![heard("created"), heard("repeated")],
        kills: vec![Kill { number: 1, lived_ms: 5, acknowledged: 3, ready_again_ms: 5 }],
        secrets: vec!["heron-password".into()],
        logs: "Ready".into(),
        stored: Stored::default(),
    };
    world
}

impl World {
    fn change(&self, sql: &str) {
        let connection = rusqlite::Connection::open(&self.path).expect("the database");
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON").expect("settings");
        connection.execute_batch(sql).expect("a change");
    }

    /// Seals all events, as the job does.
    fn seal(&self) {
        let stored = Stored::read_sqlite(&self.path).expect("tables");
        let mut previous = String::new();
        for (place, event) in (1_i64..).zip(stored.rows("events")) {
            previous = seal_of(&previous, &event);
            let id = event.text("id");
            self.change(&format!(
                "INSERT INTO event_seals (sequence, event, hash) VALUES ({place}, '{id}', '{previous}')"
            ));
        }
    }

    fn judged(&mut self) -> Vec<Verdict> {
        self.evidence.stored = Stored::read_sqlite(&self.path).expect("tables");
        judge(&self.evidence, Phase::Settled)
    }

    /// Every finding, with the id of its rule.
    fn findings(&mut self) -> Vec<String> {
        let verdicts = self.judged();
        let all =
            verdicts.iter().flat_map(|verdict| verdict.findings.iter().map(|text| format!("{}: {text}", verdict.id)));
        all.collect()
    }

    /// Expects a finding that begins like this.
    fn finds(&mut self, start: &str) {
        let found = self.findings();
        assert!(found.iter().any(|finding| finding.starts_with(start)), "{start} is not among {found:#?}");
    }
}

#[test]
fn a_good_world_has_no_findings_and_every_rule_looked_at_something() {
    let mut world = world("good");
    let verdicts = world.judged();
    assert_eq!(world.findings(), Vec::<String>::new());
    assert!(good(&verdicts, Phase::Settled), "{verdicts:#?}");
}

#[test]
fn a_rule_that_looked_at_nothing_is_not_good() {
    assert!(!good(&judge(&Evidence::default(), Phase::Settled), Phase::Settled));
}

#[test]
fn a_deleted_order_is_found() {
    let mut world = world("deleted");
    world.change("DELETE FROM orders WHERE id = 'ord_1'");
    world.finds("I1: order N1 was acknowledged and is lost");
    world.finds("I4: a charge for ord_1, which is no order");
    world.finds("I6: the seller was called for ord_1, which is no paid order");
    world.finds("I10: there are events of order ord_1");
}

#[test]
fn an_order_that_is_not_as_it_was_acknowledged_is_found() {
    let mut world = world("changed");
    world.change("UPDATE orders SET total_minor = 499 WHERE id = 'ord_1'");
    world.finds("I1: order N1 is stored otherwise");
    world.finds("I4: the charge of order N1 is Some(500), its total 499");
}

#[test]
fn a_lost_sign_up_and_a_lost_top_up_are_found() {
    let mut world = world("lost");
    world.change("DELETE FROM users; DELETE FROM ledger_transfers WHERE id = 'tfr_t'");
    world.finds("I1: the sign-up of b@example.com");
    world.finds("I1: top-up top-1");
    world.finds("I3: 2 postings name the transfer tfr_t, which is not there");
}

#[test]
fn two_orders_under_one_key_are_found() {
    let mut world = world("twice");
    world.change("DROP INDEX orders_buyer_client_key_unique; UPDATE orders SET client_key = 'key-1'");
    world.finds("I2: key key-1 made several orders: N1, N2");
}

#[test]
fn an_order_that_nobody_asked_for_and_two_answers_to_one_key_are_found() {
    let mut world = world("unasked");
    world.change("UPDATE orders SET client_key = 'key-3' WHERE id = 'ord_2'");
    world.finds("I2: order N2 has the key key-3, which nobody sent");
    let Some(Fact::Ordered { key, .. }) = world.evidence.facts.get_mut(8) else { panic!("the second order") };
    *key = "key-1".into();
    world.finds("I2: key key-1 was answered with 2 orders");
    world.evidence.facts.push(Fact::KeyReused { request: "POST /api/v1/orders".into(), status: 201 });
    world.finds("I2: a used key took another POST /api/v1/orders: 201");
}

#[test]
fn a_doubled_posting_is_found() {
    let mut world = world("doubled");
    world.change("INSERT INTO ledger_postings VALUES ('held/ord_1:USD', 2, 'tfr_1', 500, 1000)");
    world.finds("I3: transfer tfr_1 has postings");
    world.finds("I3: held/ord_1:USD holds 1000 by its postings and 500 by the transfers");
}

#[test]
fn a_wrong_running_balance_and_a_gap_are_found() {
    let mut world = world("running");
    world.change(
        "UPDATE ledger_postings SET balance_after_minor = 1501 WHERE account = 'customer/org_b:USD' AND sequence = 4",
    );
    world.change("UPDATE ledger_postings SET sequence = 3 WHERE account = 'held/ord_2:USD' AND sequence = 2");
    world.finds("I3: customer/org_b:USD says Some(1501) after posting 4, the fold 1500");
    world.finds("I3: held/ord_2:USD has no posting number 2, or two");
}

#[test]
fn a_second_refund_and_a_missing_one_are_found() {
    let mut world = world("refunds");
    world.change(
        "INSERT INTO ledger_transfers SELECT 'tfr_4', purpose, reference, from_name, to_name, amount_minor, currency, note, at
         FROM ledger_transfers WHERE id = 'tfr_3'",
    );
    world.finds("I4: order N2 has 2 of 1 refunds");
    world.change("DELETE FROM ledger_transfers WHERE purpose = 'refund'");
    world.finds("I4: order N2 has 0 of 1 refunds");
}

#[test]
fn a_second_instance_for_one_order_is_found() {
    let mut world = world("instances");
    world.evidence.heard[1].instance_id = Some("ins-2".into());
    world.finds("I5: order ord_1, line line-1: 2 instances");
    world.change("UPDATE subscriptions SET instance = 'ins-9' WHERE id = 'sub_1'");
    world.finds("I5: instance ins-9 serves order ord_1; the seller made it for None");
}

#[test]
fn a_step_under_two_names_is_found() {
    let mut world = world("names");
    world.evidence.heard[1].payload = r#"{"orderId":"ord_1","orderLineId":"line-2"}"#.into();
    world.finds("I6: calls for order ord_1 carried 2 order lines");
}

#[test]
fn a_call_without_an_attempt_and_an_attempt_without_a_cause_are_found() {
    let mut world = world("attempts");
    world.change("UPDATE call_attempts SET finished_at = 5, outcome = 'created' WHERE id = 'att_1'");
    world.finds("I7: order N1: 2 attempts, of which only 0 were cut or came to nothing");
    world.change("DELETE FROM call_attempts WHERE id = 'att_1'");
    world.finds("I7: order N1: heard 2 times, 1 attempts");
    world.change("DELETE FROM call_attempts");
    world.finds("I7: the seller heard 2 calls for order ord_1 without any attempt");
}

#[test]
fn a_paid_order_that_stays_on_its_way_is_found_and_one_on_a_list_is_not() {
    let mut world = world("waiting");
    world.change("UPDATE orders SET state = 'processing', completed_at = NULL WHERE id = 'ord_1'");
    world.change("UPDATE subscriptions SET state = 'setting_up', active_since = NULL WHERE id = 'sub_1'");
    world.change("UPDATE seller_calls SET state = 'waiting', done_at = NULL, activity = 'newInstance', due_at = 9, failures = 1, strikes = 0 WHERE id = 'call_1'");
    world.finds("I8: order N1 is processing, its subscription setting_up, its call waiting");
    world.change("UPDATE seller_calls SET state = 'parked', due_at = NULL, failures = NULL, strikes = NULL, parked_at = 9, park_reason = 'held' WHERE id = 'call_1'");
    assert!(!world.findings().iter().any(|finding| finding.starts_with("I8")));
}

#[test]
fn a_broken_seal_a_changed_event_and_a_gap_are_found() {
    let mut world = world("seals");
    world.change("UPDATE events SET facts = '{\"n\":2}' WHERE id = 'evt_2'");
    world.finds("I10: seal 2 does not fit event evt_2");
    world
        .change("UPDATE events SET facts = '{\"n\":1}' WHERE id = 'evt_2'; DELETE FROM event_seals WHERE sequence = 3");
    world.finds("I10: seal 3 is missing");
}

#[test]
fn an_old_event_that_was_never_sealed_is_found() {
    let mut world = world("unsealed");
    world.change("UPDATE events SET at = 1000000 WHERE id = 'evt_6'; DELETE FROM event_seals WHERE sequence > 4");
    world.finds("I10: event evt_5, order_paid, was never sealed");
}

#[test]
fn an_illegal_step_and_a_missing_event_are_found() {
    let mut world = world("edges");
    world.change("UPDATE events SET kind = 'order_failed' WHERE id = 'evt_3'");
    world.finds("I10: order N1 is completed after failed, paid, placed");
}

#[test]
fn a_notice_told_twice_and_one_not_told_are_found() {
    let mut world = world("notices");
    world.change("INSERT INTO notices SELECT 'ntc_3', recipient, 'k3', kind, arguments, link, 9, NULL, NULL, NULL, NULL, NULL FROM notices WHERE id = 'ntc_2'");
    world.finds("I12: usr_b was told 2 times of order_failed");
    world.change("DELETE FROM notices WHERE id = 'ntc_1'");
    world.finds("I12: nobody was told that sub_1 is ready");
}

#[test]
fn a_secret_in_a_column_or_in_the_log_is_found() {
    let mut world = world("secrets");
    world.change("UPDATE orders SET support = 'call heron-password now' WHERE id = 'ord_1'");
    world.finds("I13: orders.support holds a secret in plain");
    world.evidence.logs.push_str("heron-password");
    world.finds("I13: a secret stands in the log");
}

#[test]
fn a_stranger_who_sees_something_a_lost_page_and_an_odd_answer_are_found() {
    let mut world = world("strangers");
    world.evidence.facts.push(Fact::Foreign { request: "GET /x".into(), status: 200 });
    world.evidence.facts.push(Fact::ReadAgain { request: "GET /y".into(), status: 404 });
    world.evidence.facts.push(Fact::Surprise { request: "GET /z".into(), status: 500, body: "oh".into() });
    world.finds("I14: a stranger asked GET /x and got 200");
    world.finds("I1: GET /y was acknowledged and answers 404");
    world.finds("API: GET /z answered 500: oh");
}

#[test]
fn kills_that_hit_nothing_make_the_run_void() {
    let mut world = world("void");
    world.evidence.kills[0].acknowledged = 0;
    world.evidence.facts.retain(|fact| !matches!(fact, Fact::Broken { .. }));
    world.finds("I15: kill 1 hit a life that had acknowledged nothing");
    world.finds("I15: 1 kills broke only 0 requests in flight");
}
