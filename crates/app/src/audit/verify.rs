//! Walks over the audit chain and says where it is broken.

use domain::time::SignedDuration;

use crate::{App, AppError};

/// What a walk over the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// How many seals were read.
    pub seals: i64,
    /// The last hash; compare it with one kept outside the tables to see a cut-off end.
    pub head: String,
    /// The first thing that is wrong.
    pub finding: Option<Finding>,
}

/// What is wrong with the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A number is missing before this one.
    Gap {
        /// The number that is there.
        sequence: i64,
    },
    /// The event of this number is not the one that was sealed.
    Changed {
        /// Its number.
        sequence: i64,
    },
    /// Events that should be sealed by now are not: the job does not run, or a node's clock is minutes behind.
    LeftOut {
        /// How many.
        events: i64,
    },
}

/// An event older than this is sealed unless something is wrong. The job may be behind for a while after a flood.
const SEALED_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// Reads the whole chain in pieces, and then looks for events that it leaves out.
pub async fn verify(app: &App) -> Result<Verified, AppError> {
    const PIECE: u32 = 1_000;
    let (mut seals, mut head) = (0_i64, String::new());
    loop {
        let piece = app
            .store
            .read(seals, |tx, after| {
                Box::pin(async move { Ok::<_, AppError>(store::events::sealed(tx, after, PIECE).await?) })
            })
            .await?;
        if piece.is_empty() {
            let finding = left_out(app).await?.map(|events| Finding::LeftOut { events });
            return Ok(Verified { seals, head, finding });
        }
        for (sequence, hash, event) in piece {
            let finding = if sequence != seals + 1 {
                Some(Finding::Gap { sequence })
            } else if domain::audit::seal(&head, &event) != hash {
                Some(Finding::Changed { sequence })
            } else {
                None
            };
            if finding.is_some() {
                return Ok(Verified { seals, head, finding });
            }
            (seals, head) = (sequence, hash);
        }
    }
}

async fn left_out(app: &App) -> Result<Option<i64>, AppError> {
    let count: i64 = app
        .store
        .read(app.now() - SEALED_AFTER, |tx, before| {
            Box::pin(async move { Ok::<_, AppError>(store::events::count_left_out(tx, before).await?) })
        })
        .await?;
    Ok((count > 0).then_some(count))
}
