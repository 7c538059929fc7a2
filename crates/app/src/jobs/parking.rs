//! Setting a job aside for a person: what is set aside with it, and telling operators. Not here: how a person sends it back
//! to work (`app::operations`).

use std::sync::Arc;

use domain::audit::Doer;
use domain::mention::Mention;
use domain::text::{Language, Localised};
use language::Words;
use serde_json::json;
use store::Tx;
use store::jobs::JobRow;
use tracing::warn;

use super::{Aside, Handler, Leased};
use crate::events::Moment;
use crate::notices::{Audience, Notice, notify, notify_without_mail};
use crate::{App, AppError};

/// So much of an error stands in a notice; the whole of it stands in the list.
const ERROR_SHOWN: usize = 300;

/// Sets the job aside, with what its handler sets aside too. Where that fails, or no handler knows the job, the job alone.
pub(super) async fn set_aside(
    app: &App,
    leased: &Leased,
    reason: &str,
    handler: Option<&Arc<dyn Handler>>,
) -> Result<(), AppError> {
    match park(app, leased, reason, handler.cloned()).await {
        Err(error) if error.code() == "lease_lost" => Ok(()),
        // The same row that the job fails at may be one that setting it aside fails at.
        Err(error) if handler.is_some() && error.code() != "try_again" => {
            warn!(job.kind = leased.0.kind, job.key = leased.0.key, %error, "A job is parked alone");
            park(app, leased, reason, None).await
        }
        other => other,
    }
}

async fn park(app: &App, job: &Leased, reason: &str, handler: Option<Arc<dyn Handler>>) -> Result<(), AppError> {
    let input = (app.clone(), job.clone(), reason.to_owned(), handler, app.moment(Doer::System));
    app.store
        .write(input, |tx, (app, job, reason, handler, moment)| {
            Box::pin(async move {
                job.check(tx).await?;
                let aside = match handler {
                    Some(handler) => handler.set_aside(&app, tx, &moment, &job).await?,
                    None => Aside::Parked,
                };
                let row = &job.0;
                match aside {
                    Aside::Over => store::jobs::finish(tx, row).await?,
                    Aside::Until(due_at) => store::jobs::put_back(tx, row, due_at, 0, Some(&reason)).await?,
                    Aside::ParkedAndTold => store::jobs::park(tx, row, moment.now, &reason).await?,
                    Aside::Parked => {
                        moment.record(tx, "job_parked", None, row.id, json!({ "kind": row.kind })).await?;
                        tell(tx, &moment, row, &reason).await?;
                        store::jobs::park(tx, row, moment.now, &reason).await?
                    }
                };
                Ok::<(), AppError>(())
            })
        })
        .await
}

/// What a kind of job is called, in both languages; the kind itself where a newer node made it.
fn name_of(kind: &str) -> Mention {
    let say = |language| Words::of(language).by_code("job-kind", kind, &[]).unwrap_or_else(|| kind.to_owned());
    Localised { en: Some(say(Language::English)), zh: Some(say(Language::Chinese)) }.into()
}

/// Tells operators, each time that a job is parked: once, and again when it was restarted and comes to nothing again. Of
/// letters they are told once a day and without a letter, which would be parked as well.
async fn tell(tx: &mut Tx, moment: &Moment, job: &JobRow, reason: &str) -> Result<(), AppError> {
    let letter = job.kind == crate::notices::MAIL_JOB;
    let about = if letter {
        format!("{}/{}", job.kind, moment.now.strftime("%Y-%m-%d"))
    } else {
        format!("{}/{}", job.id, job.lease)
    };
    let error: String = reason.chars().take(ERROR_SHOWN).collect();
    let notice = Notice {
        to: Audience::Operators,
        kind: "job_parked",
        about,
        arguments: vec![("job", name_of(&job.kind)), ("error", error.into())],
        link: "/operator/jobs".to_owned(),
    };
    if letter {
        notify_without_mail(tx, moment, notice).await?
    } else {
        notify(tx, moment, notice).await?
    }
    Ok(())
}
