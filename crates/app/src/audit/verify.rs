//! Walks over the audit chain and says where it is broken.

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
}

/// Reads the whole chain in pieces.
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
            return Ok(Verified { seals, head, finding: None });
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
