//! Notices, and jobs that wait for a person.

use app::AppError;
use app::jobs::{NewJob, enqueue};
use app::notices::{Audience, Notice, list, notify};
use domain::audit::Doer;
use domain::ids::JobId;
use domain::text::Language;
use testkit::{Person, World};

use super::Thing;

pub async fn make(world: &World, sort: &str, owner: &Person) -> Option<Thing> {
    match sort {
        "notice" => {
            let input = (owner.actor.user, world.app.moment(Doer::System));
            world
                .app
                .store
                .write::<_, _, AppError, _>(input, |tx, (user, moment)| {
                    Box::pin(async move {
                        let notice = Notice {
                            to: Audience::User(user),
                            kind: "password_changed",
                            about: moment.id::<domain::ids::EventId>("matrix").to_string(),
                            arguments: Vec::new(),
                            link: "/account".to_owned(),
                        };
                        notify(tx, &moment, notice).await?;
                        Ok(())
                    })
                })
                .await
                .expect("a notice can be written");
            let all = list(&world.app, &owner.actor, Language::English, None, 1).await.expect("readable");
            Some(Thing::named(all.first().expect("one was written").id))
        }
        "parked_job" => Some(Thing::named(parked_job(world).await)),
        _ => None,
    }
}

/// A job that no node knows: it is parked at its first attempt.
async fn parked_job(world: &World) -> JobId {
    let moment = world.app.moment(Doer::System);
    let key = moment.id::<JobId>("key").to_string();
    // As `enqueue` makes it.
    let id = moment.id::<JobId>(&format!("of_a_newer_node/{key}"));
    let job = NewJob::now("of_a_newer_node", &key, "matrix", &moment);
    world
        .app
        .store
        .write::<_, _, AppError, _>((moment, job), |tx, (moment, job)| {
            Box::pin(async move { Ok(enqueue(tx, &moment, job).await?) })
        })
        .await
        .expect("a job can be enqueued");
    world.settle().await;
    id
}
