//! The index itself: a tantivy index in memory for words, a shelf for everything else.

use std::sync::{Mutex, PoisonError, RwLock};

use domain::text::{Language, Localised};
use ports::{
    IndexChange, Matching, ProductDocument, SearchAnswer, SearchFailure, SearchIndex, SearchRequest, Suggestion,
};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{
    DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Score, SegmentOrdinal, SegmentReader, TantivyDocument, Term,
};

use crate::query::{Fields, all_of, clauses, some_of};
use crate::shelf::{Hit, Shelf};
use crate::tokens::Words;

/// The least memory that tantivy's writer takes.
const WRITER_BYTES: usize = 15_000_000;
const TOKENIZER: &str = "souk";
const SLOT: &str = "slot";

/// Products in memory. Cheap to ask from many threads; changed by one at a time.
pub struct ProductIndex {
    id: Field,
    slot: Field,
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    shelf: RwLock<Shelf>,
}

fn failure(error: impl std::fmt::Display) -> SearchFailure {
    SearchFailure(error.to_string())
}

impl ProductIndex {
    /// An empty one.
    pub fn in_memory() -> Result<ProductIndex, SearchFailure> {
        let mut schema = Schema::builder();
        let indexing =
            TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqs);
        let text = TextOptions::default().set_indexing_options(indexing);
        let id = schema.add_text_field("id", STRING);
        let slot = schema.add_u64_field(SLOT, FAST | INDEXED);
        let fields = Fields {
            name: schema.add_text_field("name", text.clone()),
            brief: schema.add_text_field("brief", text.clone()),
            body: schema.add_text_field("body", text),
        };
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(TOKENIZER, Words);
        let writer = index.writer_with_num_threads(1, WRITER_BYTES).map_err(failure)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failure)?;
        Ok(ProductIndex { id, slot, fields, reader, writer: Mutex::new(writer), shelf: RwLock::default() })
    }

    fn document(&self, slot: u64, product: &ProductDocument) -> TantivyDocument {
        let ProductDocument { card, body } = product;
        let mut document = TantivyDocument::default();
        document.add_text(self.id, card.id.to_string());
        document.add_u64(self.slot, slot);
        let mut add = |field: Field, text: &Localised| {
            for text in [&text.en, &text.zh].into_iter().flatten() {
                document.add_text(field, text);
            }
        };
        add(self.fields.name, &card.name);
        add(self.fields.brief, &card.overview);
        for language in Language::ALL {
            document.add_text(self.fields.brief, card.category.name(language));
        }
        document.add_text(self.fields.brief, &card.seller_name);
        document.add_text(self.fields.body, &card.slug);
        for text in body {
            document.add_text(self.fields.body, text);
        }
        document
    }

    /// The products that have the words, and whether they have all of them.
    fn matches(&self, typed: &str) -> Result<(Vec<Hit>, Matching), SearchFailure> {
        let searcher = self.reader.searcher();
        let wanted = clauses(&searcher, self.fields, typed);
        if wanted.is_empty() {
            return Ok((Vec::new(), Matching::AllWords));
        }
        let several = wanted.len() > 1;
        let hits = searcher.search(&all_of(wanted), &Gather).map_err(failure)?;
        if !hits.is_empty() || !several {
            return Ok((hits, Matching::AllWords));
        }
        let wanted = clauses(&searcher, self.fields, typed);
        Ok((searcher.search(&some_of(wanted), &Gather).map_err(failure)?, Matching::SomeWords))
    }
}

impl SearchIndex for ProductIndex {
    fn apply(&self, changes: Vec<IndexChange>) -> Result<(), SearchFailure> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            let product = match &change {
                IndexChange::Put(document) => document.card.id,
                IndexChange::Remove(product) => *product,
            };
            writer.delete_term(Term::from_field_text(self.id, &product.to_string()));
            // The shelf first: a slot that is on the shelf and not yet in the index is only found without words.
            let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
            match change {
                IndexChange::Put(document) => {
                    let slot = shelf.put(document.card.clone());
                    writer.add_document(self.document(slot, &document)).map_err(failure)?;
                }
                IndexChange::Remove(product) => shelf.remove(product),
            }
        }
        writer.commit().map_err(failure)?;
        self.reader.reload().map_err(failure)
    }

    fn search(&self, request: &SearchRequest) -> Result<SearchAnswer, SearchFailure> {
        let words = !request.words.trim().is_empty();
        let matched = if words { Some(self.matches(&request.words)?) } else { None };
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let (hits, matching) = matched.unwrap_or_else(|| (shelf.everything(), Matching::AllWords));
        let found = shelf.find(request, &hits);
        Ok(SearchAnswer {
            cards: found.cards,
            found: found.found,
            indexed: shelf.len(),
            matching,
            counts: found.counts,
        })
    }

    fn suggest(&self, typed: &str, language: Language, most: usize) -> Vec<Suggestion> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).suggest(typed, language, most)
    }
}

/// Gathers every match with its score.
struct Gather;

struct GatherSegment {
    slots: Column<u64>,
    hits: Vec<Hit>,
}

impl Collector for Gather {
    type Fruit = Vec<Hit>;
    type Child = GatherSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<GatherSegment> {
        Ok(GatherSegment { slots: segment.fast_fields().u64(SLOT)?, hits: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Hit>>) -> tantivy::Result<Vec<Hit>> {
        Ok(segments.concat())
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Vec<Hit>;

    fn collect(&mut self, document: DocId, score: Score) {
        if let Some(slot) = self.slots.first(document) {
            self.hits.push(Hit { slot, score });
        }
    }

    fn harvest(self) -> Vec<Hit> {
        self.hits
    }
}
