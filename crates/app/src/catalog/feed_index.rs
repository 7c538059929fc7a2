//! Feeding the search index of this process: everything at start, then what changed, every half second, and at once
//! after a change of our own.
//!
//! *What is promised.* What is committed is found by every node within two polls. Changes are read by their instant
//! with an overlap, so that a transaction that committed late, or on a node whose clock is a little behind, is not
//! missed; applying a change twice is calm.

use std::collections::HashMap;

use domain::catalog::{Product, Release};
use domain::ids::ProductId;
use domain::text::Localised;
use domain::time::{SignedDuration, Timestamp};
use ports::{IndexChange, ProductCard, ProductDocument};
use store::catalog::products::{self, Shown};

use super::description::plain_words;
use super::show_product::price_from;
use crate::{App, AppError};

/// How far each poll looks back beyond what it has seen.
const OVERLAP: SignedDuration = SignedDuration::from_secs(10);
/// Products read at once.
const BATCH: u32 = 200;

/// Where the feed of one process stands.
#[derive(Debug, Default)]
pub struct IndexFeed {
    seen_until: Option<Timestamp>,
    /// The change of each product that was applied last, inside the overlap: its instant, and whether it is shown.
    applied: HashMap<ProductId, (Timestamp, bool)>,
}

impl IndexFeed {
    /// A feed that has seen nothing: its first poll reads everything that was ever listed.
    pub fn new() -> IndexFeed {
        IndexFeed::default()
    }

    /// Applies what changed since the last poll; says how many products that were.
    pub async fn poll(&mut self, app: &App) -> Result<usize, AppError> {
        let since = match self.seen_until {
            Some(seen) => seen.checked_sub(OVERLAP).unwrap_or(Timestamp::UNIX_EPOCH),
            None => Timestamp::UNIX_EPOCH,
        };
        let (mut from, mut after, mut count) = (since, None, 0);
        loop {
            let batch = read(app, from, after).await?;
            let Some(last) = batch.last() else { break };
            (from, after) = (last.product.changed_at, Some(last.product.id));
            let whole = batch.len() == BATCH as usize;
            count += self.apply(app, batch).await?;
            if !whole {
                break;
            }
        }
        let oldest = self.seen_until.and_then(|seen| seen.checked_sub(OVERLAP + OVERLAP).ok());
        if let Some(oldest) = oldest {
            self.applied.retain(|_, (at, _)| *at >= oldest);
        }
        Ok(count)
    }

    async fn apply(&mut self, app: &App, batch: Vec<Shown>) -> Result<usize, AppError> {
        let mut changes = Vec::new();
        for shown in &batch {
            let (id, at) = (shown.product.id, shown.product.changed_at);
            let change = (at, shown.product.state.shown());
            self.seen_until = self.seen_until.max(Some(at));
            if self.applied.insert(id, change) != Some(change) {
                changes.push(change_of(shown));
            }
        }
        let count = changes.len();
        apply(app, changes).await?;
        Ok(count)
    }

    /// Polls until the process ends. A failed poll is logged and tried again.
    pub async fn run(mut self, app: App) {
        let every = std::time::Duration::from_millis(app.settings.catalog.index_every_ms.max(50));
        let mut beat = tokio::time::interval(every);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            if let Err(error) = self.poll(&app).await {
                tracing::warn!(%error, "The search index could not be fed; it is tried again");
            }
        }
    }
}

async fn read(app: &App, from: Timestamp, after: Option<ProductId>) -> Result<Vec<Shown>, AppError> {
    app.store
        .read::<_, _, AppError, _>((from, after), |tx, (from, after)| {
            Box::pin(async move { Ok(products::changed_since(tx, from, after, BATCH).await?) })
        })
        .await
}

async fn apply(app: &App, changes: Vec<IndexChange>) -> Result<(), AppError> {
    if changes.is_empty() {
        return Ok(());
    }
    let app = app.clone();
    let applied = tokio::task::spawn_blocking(move || app.search.apply(changes)).await;
    Ok(applied.map_err(|error| AppError::Internal(error.to_string()))??)
}

/// Applies the newest changes at once, so that who changed something finds it. A failure is left to the next poll.
pub(crate) async fn nudge(app: &App) {
    let from = app.now().checked_sub(SignedDuration::from_secs(2)).unwrap_or(Timestamp::UNIX_EPOCH);
    let fed = async {
        let batch = read(app, from, None).await?;
        apply(app, batch.iter().map(change_of).collect()).await
    };
    if let Err(error) = fed.await {
        tracing::warn!(%error, "The search index was not nudged; the next poll feeds it");
    }
}

fn change_of(shown: &Shown) -> IndexChange {
    match document_of(shown) {
        Some(document) => IndexChange::Put(Box::new(document)),
        None => IndexChange::Remove(shown.product.id),
    }
}

/// What is searched of a product; `None` when it is not to be found.
pub fn document_of(shown: &Shown) -> Option<ProductDocument> {
    let Product { id, slug, state, release, .. } = &shown.product;
    let (Some(release), Some(slug), true) = (release, slug, state.shown()) else { return None };
    let listed_at = match state {
        domain::catalog::ProductState::Listed { listed_at, .. } => *listed_at,
        _ => return None,
    };
    let card = ProductCard {
        id: *id,
        slug: slug.clone(),
        name: release.name.clone(),
        overview: release.overview.clone(),
        seller_name: shown.seller_name.clone(),
        category: release.category,
        delivery: release.delivery,
        billing: release.billing_modes(),
        price_from: price_from(release),
        trial_days: release.shown_specifications().filter_map(|one| one.trial).map(u32::from).max(),
        version: release.version.to_string(),
        logo_hash: shown.logo_hash.clone(),
        listed_at,
    };
    Some(ProductDocument { card, body: body_of(release) })
}

fn body_of(release: &Release) -> Vec<String> {
    let mut body: Vec<String> =
        [&release.highlights.en, &release.highlights.zh].into_iter().flatten().cloned().collect();
    let mut add = |text: &Localised, read: fn(&str) -> String| {
        body.extend([&text.en, &text.zh].into_iter().flatten().map(|text| read(text)));
    };
    add(&release.description, plain_words);
    for specification in release.shown_specifications() {
        add(&specification.name, str::to_owned);
        if let Some(summary) = &specification.summary {
            add(summary, str::to_owned);
        }
    }
    body
}
