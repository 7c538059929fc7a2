//! Cards and facets in memory, by slot; counting, narrowing and sorting in one pass over what matched.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::catalog::{Category, DeliveryMethod};
use domain::ids::ProductId;
use domain::money::Currency;
use domain::pricing::BillingMode;
use domain::text::Language;
use domain::time::to_millisecond;
use ports::{FacetCounts, PriceBand, ProductCard, SearchRequest, Sort, Suggestion, TrialFilter};

/// One shown product.
pub(crate) struct Entry {
    pub(crate) card: ProductCard,
    price: Option<(Currency, i64)>,
    listed_at_ms: i64,
    names: [String; 2],
}

/// A match: the slot, and how well it matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit {
    pub(crate) slot: u64,
    pub(crate) score: f32,
}

/// Every shown product. A changed product gets a new slot, so that an older view of the index finds nothing wrong.
#[derive(Default)]
pub(crate) struct Shelf {
    entries: HashMap<u64, Arc<Entry>>,
    slots: HashMap<ProductId, u64>,
    next: u64,
}

/// The wanted part of the results, with counts.
pub(crate) struct Found {
    pub(crate) cards: Vec<ProductCard>,
    pub(crate) found: u64,
    pub(crate) counts: FacetCounts,
}

impl Shelf {
    /// Puts a card up in place of its older self; answers its slot.
    pub(crate) fn put(&mut self, card: ProductCard) -> u64 {
        self.remove(card.id);
        let slot = self.next;
        self.next += 1;
        self.slots.insert(card.id, slot);
        let price = card.price_from.as_ref().map(|price| (price.amount.currency(), price.comparable_minor()));
        let names = Language::ALL.map(|language| card.name.say(language).to_lowercase());
        let listed_at_ms = to_millisecond(card.listed_at);
        self.entries.insert(slot, Arc::new(Entry { card, price, listed_at_ms, names }));
        slot
    }

    /// Takes a card down.
    pub(crate) fn remove(&mut self, product: ProductId) {
        if let Some(slot) = self.slots.remove(&product) {
            self.entries.remove(&slot);
        }
    }

    pub(crate) fn len(&self) -> u64 {
        self.entries.len() as u64
    }

    /// Every product as a match of nothing.
    pub(crate) fn everything(&self) -> Vec<Hit> {
        self.entries.keys().map(|slot| Hit { slot: *slot, score: 0.0 }).collect()
    }

    /// Narrows, counts and sorts.
    pub(crate) fn find(&self, request: &SearchRequest, hits: &[Hit]) -> Found {
        let mut counting = Counting::default();
        let mut kept: Vec<(Hit, &Arc<Entry>)> = Vec::with_capacity(hits.len());
        for hit in hits {
            let Some(entry) = self.entries.get(&hit.slot) else { continue };
            if counting.count(request, entry) {
                kept.push((*hit, entry));
            }
        }
        let found = kept.len() as u64;
        let end = request.offset.saturating_add(request.most).min(kept.len());
        let by_words = !request.words.trim().is_empty();
        let order = |one: &(Hit, &Arc<Entry>), other: &(Hit, &Arc<Entry>)| compare(request, by_words, one, other);
        if end > 0 && end < kept.len() {
            kept.select_nth_unstable_by(end - 1, order);
            kept.truncate(end);
        }
        kept.sort_unstable_by(order);
        let cards = kept.iter().skip(request.offset).take(request.most).map(|(_, entry)| entry.card.clone()).collect();
        Found { cards, found, counts: counting.answer() }
    }

    /// Names with a word that begins as typed.
    pub(crate) fn suggest(&self, typed: &str, language: Language, most: usize) -> Vec<Suggestion> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return Vec::new();
        }
        let begins = |name: &String| {
            let starts = name.match_indices(&typed).map(|(start, _)| name[..start].chars().next_back());
            starts.into_iter().any(|before| before.is_none_or(|c| !c.is_ascii_alphanumeric()))
        };
        let mut found: Vec<_> =
            self.entries.values().filter(|entry| entry.names.iter().any(begins)).map(|entry| &entry.card).collect();
        found.sort_by(|one, other| one.name.say(language).cmp(other.name.say(language)).then(one.id.cmp(&other.id)));
        let suggestion =
            |card: &ProductCard| Suggestion { name: card.name.say(language).to_owned(), slug: card.slug.clone() };
        found.into_iter().take(most).map(suggestion).collect()
    }
}

fn compare(
    request: &SearchRequest,
    by_words: bool,
    (hit, entry): &(Hit, &Arc<Entry>),
    (other_hit, other): &(Hit, &Arc<Entry>),
) -> std::cmp::Ordering {
    let newest = || Reverse(entry.listed_at_ms).cmp(&Reverse(other.listed_at_ms));
    let by_score = || if by_words { other_hit.score.total_cmp(&hit.score) } else { std::cmp::Ordering::Equal };
    let first = match request.sort {
        Sort::Match => by_score().then_with(newest),
        Sort::Newest => newest().then_with(by_score),
        Sort::Price => {
            let key =
                |entry: &Entry| entry.price.map_or((true, 0, ""), |(currency, minor)| (false, minor, currency.code()));
            let (one, two) = (key(entry), key(other));
            // Amounts of two currencies do not compare: first by currency, then by amount.
            (one.0, one.2, one.1).cmp(&(two.0, two.2, two.1)).then_with(by_score).then_with(newest)
        }
    };
    first.then_with(|| entry.card.id.cmp(&other.card.id))
}

fn in_band(band: &PriceBand, price: Option<(Currency, i64)>) -> bool {
    price.is_some_and(|(currency, minor)| {
        currency == band.currency
            && band.least.is_none_or(|least| minor >= least)
            && band.most.is_none_or(|most| minor <= most)
    })
}

#[derive(Default)]
struct Counting {
    categories: HashMap<Category, u64>,
    deliveries: HashMap<DeliveryMethod, u64>,
    billing: HashMap<BillingMode, u64>,
    trial: u64,
    prices: BTreeMap<Currency, (i64, i64)>,
}

impl Counting {
    /// Counts one match for each facet whose other facets hold; answers whether all hold.
    fn count(&mut self, request: &SearchRequest, entry: &Entry) -> bool {
        let card = &entry.card;
        let category = request.categories.is_empty() || request.categories.contains(&card.category);
        let delivery = request.deliveries.is_empty() || request.deliveries.contains(&card.delivery);
        let billing = request.billing.is_empty() || card.billing.iter().any(|mode| request.billing.contains(mode));
        let trial = request.trial == TrialFilter::Any || card.trial_days.is_some();
        let price = request.price.as_ref().is_none_or(|band| in_band(band, entry.price));
        if delivery && billing && trial && price {
            *self.categories.entry(card.category).or_default() += 1;
        }
        if category && billing && trial && price {
            *self.deliveries.entry(card.delivery).or_default() += 1;
        }
        if category && delivery && trial && price {
            for mode in &card.billing {
                *self.billing.entry(*mode).or_default() += 1;
            }
        }
        if category && delivery && billing && price && card.trial_days.is_some() {
            self.trial += 1;
        }
        if let (true, Some((currency, minor))) = (category && delivery && billing && trial, entry.price) {
            let range = self.prices.entry(currency).or_insert((minor, minor));
            *range = (range.0.min(minor), range.1.max(minor));
        }
        category && delivery && billing && trial && price
    }

    fn answer(self) -> FacetCounts {
        let of = |count: Option<&u64>| count.copied().unwrap_or(0);
        FacetCounts {
            categories: Category::ALL.iter().map(|one| (*one, of(self.categories.get(one)))).collect(),
            deliveries: DeliveryMethod::ALL.iter().map(|one| (*one, of(self.deliveries.get(one)))).collect(),
            billing: BillingMode::ALL.iter().map(|one| (*one, of(self.billing.get(one)))).collect(),
            trial: self.trial,
            prices: self.prices.into_iter().map(|(currency, (least, most))| (currency, least, most)).collect(),
        }
    }
}
