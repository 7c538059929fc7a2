//! Notices.

use app::AppError;
use app::notices::{Audience, Notice, list, notify};
use domain::audit::Doer;
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
        _ => None,
    }
}
