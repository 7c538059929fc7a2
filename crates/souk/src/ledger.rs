//! `souk ledger-verify`: computes the whole ledger anew and says whether it balances.

use anyhow::bail;

use crate::config::Config;
use crate::wiring;

/// Prints what the accounts hold, or fails naming everything that does not fit.
pub async fn verify(config: &Config) -> anyhow::Result<()> {
    let app = wiring::open(config).await?;
    let report = app::ledger::check(&app).await;
    app.store.close().await;
    let report = report?;
    for total in &report.totals {
        println!("{:<10} {:>6} accounts  {}", total.kind, total.accounts, total.amount);
    }
    if report.findings.is_empty() {
        println!("{} transfers, {} postings: everything balances", report.transfers, report.postings);
        return Ok(());
    }
    for finding in &report.findings {
        println!("{finding:?}");
    }
    bail!("{} things do not fit", report.findings.len())
}
