//! The one numbered list of migrations: portable DDL, run on both engines alike.

use db::Migration;

macro_rules! migrations {
    ($($number:literal $name:literal;)*) => {
        /// Every migration, in order.
        pub const MIGRATIONS: &[Migration] = &[$(Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        }),*];
    };
}

migrations! {
    1 "0001_events";
    2 "0002_jobs";
    3 "0003_notices";
    4 "0004_idempotency";
    10 "0010_identity";
    20 "0020_selling";
    30 "0030_catalog";
    40 "0040_ledger";
    41 "0041_orders";
    42 "0042_seller_calls";
    50 "0050_signed_calls";
    51 "0051_usage_records";
    52 "0052_licences";
    55 "0055_dial_tests";
    56 "0056_failed_orders";
    57 "0057_domain_proofs";
    58 "0058_live_keys";
    60 "0060_debug_reports";
    61 "0061_more_debug_activities";
    65 "0065_fewer_indexes";
    66 "0066_seal_progress";
    70 "0070_version_one";
    75 "0075_product_addresses";
    76 "0076_order_notices";
    80 "0080_usage_bounds";
    81 "0081_facts_that_belong_together";
    85 "0085_product_removals";
    90 "0090_wire_forms";
    93 "0093_every_activity";
    99 "0099_product_approvals";
    104 "0104_application_papers";
}
