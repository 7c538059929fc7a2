//! `souk audit-verify`: walks over the audit chain.

use anyhow::bail;
use app::audit::Finding;

use crate::config::Config;
use crate::wiring;

/// Prints how many seals hold, or fails naming the first that does not.
pub async fn verify(config: &Config) -> anyhow::Result<()> {
    let app = wiring::open(config).await?;
    let verified = app::audit::verify(&app).await?;
    app.store.close().await;
    match verified.finding {
        None => {
            println!("{} sealed events, all unchanged. Last hash {}", verified.seals, verified.head);
            Ok(())
        }
        Some(Finding::Gap { sequence }) => bail!("a seal is missing before number {sequence}"),
        Some(Finding::Changed { sequence }) => bail!("the event of seal {sequence} was changed after it was sealed"),
        Some(Finding::LeftOut { events }) => bail!(
            "{} seals hold, but {events} events older than an hour are not sealed: the server does not run, or the \
             clock of one of its nodes is more than two minutes behind the others",
            verified.seals
        ),
    }
}
