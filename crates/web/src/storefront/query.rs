//! What a search page was asked for, as it stands in the address: words, facets, order, page. The address is all there
//! is, so that back, share and reload work (ux.md U-01).

use app::{PriceBand, SearchRequest, Sort, TrialFilter};
use domain::catalog::{Category, DeliveryMethod};
use domain::money::{Currency, Money};
use domain::pricing::BillingMode;
use url::form_urlencoded;

/// Results on one page.
pub(super) const PAGE: usize = 20;

/// The parts of the address. Unknown names and values are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) words: String,
    pub(super) categories: Vec<Category>,
    pub(super) deliveries: Vec<DeliveryMethod>,
    pub(super) billing: Vec<BillingMode>,
    pub(super) trial: TrialFilter,
    pub(super) least: String,
    pub(super) most: String,
    pub(super) sort: Sort,
    pub(super) page: usize,
}

fn add<T: std::str::FromStr + PartialEq>(list: &mut Vec<T>, value: &str) {
    if let Ok(value) = value.parse::<T>()
        && !list.contains(&value)
    {
        list.push(value);
    }
}

impl Query {
    pub(super) fn parse(query: &str) -> Query {
        let mut parsed = Query { page: 1, ..Query::default() };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "q" => parsed.words = value.trim().chars().take(200).collect(),
                "category" => add(&mut parsed.categories, &value),
                "delivery" => add(&mut parsed.deliveries, &value),
                "billing" => add(&mut parsed.billing, &value),
                "trial" if value == "offered" => parsed.trial = TrialFilter::Offered,
                "min" => parsed.least = value.trim().chars().take(20).collect(),
                "max" => parsed.most = value.trim().chars().take(20).collect(),
                "sort" => parsed.sort = sort(&value),
                "page" => parsed.page = value.parse().unwrap_or(1).clamp(1, 5_000),
                _ => {}
            }
        }
        parsed
    }

    /// The same place in the market, written in one order.
    pub(super) fn href(&self) -> String {
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                pairs.append_pair(name, value);
            }
        };
        put("q", &self.words);
        self.categories.iter().for_each(|one| put("category", one.code()));
        self.deliveries.iter().for_each(|one| put("delivery", one.code()));
        self.billing.iter().for_each(|one| put("billing", one.code()));
        put("trial", if self.trial == TrialFilter::Offered { "offered" } else { "" });
        put("min", &self.least);
        put("max", &self.most);
        put("sort", if self.sort == Sort::Match { "" } else { sort_code(self.sort) });
        let page = self.page.to_string();
        put("page", if self.page > 1 { &page } else { "" });
        let query = pairs.finish();
        if query.is_empty() { "/search".to_owned() } else { format!("/search?{query}") }
    }

    pub(super) fn on_page(&self, page: usize) -> Query {
        Query { page, ..self.clone() }
    }

    /// Both ends of the price band, or what cannot be read is left out and said.
    pub(super) fn band(&self, currency: Currency) -> (Option<PriceBand>, bool) {
        let read = |text: &str| Money::parse(text, currency).map(Money::minor).ok().filter(|minor| *minor >= 0);
        let (least, most) = (read(&self.least), read(&self.most));
        let wrong = (least.is_none() && !self.least.is_empty()) || (most.is_none() && !self.most.is_empty());
        let band = (least.is_some() || most.is_some()).then_some(PriceBand { currency, least, most });
        (band, wrong)
    }

    pub(super) fn request(&self, currency: Currency) -> SearchRequest {
        SearchRequest {
            words: self.words.clone(),
            categories: self.categories.clone(),
            deliveries: self.deliveries.clone(),
            billing: self.billing.clone(),
            trial: self.trial,
            price: self.band(currency).0,
            sort: self.sort,
            offset: (self.page - 1) * PAGE,
            most: PAGE,
        }
    }
}

fn sort(code: &str) -> Sort {
    match code {
        "price" => Sort::Price,
        "newest" => Sort::Newest,
        _ => Sort::Match,
    }
}

pub(super) fn sort_code(sort: Sort) -> &'static str {
    match sort {
        Sort::Match => "match",
        Sort::Price => "price",
        Sort::Newest => "newest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_it_was_written_and_nonsense_is_left_out() {
        let text =
            "q=%E5%A4%87%E4%BB%BD+a&category=backup&delivery=saas&delivery=image&trial=offered&min=5&sort=price&page=3";
        let query = Query::parse(text);
        assert_eq!(query.href(), format!("/search?{text}"));
        assert_eq!((query.words.as_str(), query.page), ("备份 a", 3));
        let odd = Query::parse("delivery=fax&delivery=saas&delivery=saas&page=-1&sort=evil&x=<script>&trial=maybe");
        assert_eq!(odd.href(), "/search?delivery=saas");
    }

    #[test]
    fn a_band_that_cannot_be_read_is_said_and_not_applied() {
        assert_eq!(Query::parse("min=9.99").band(Currency::USD).0.and_then(|band| band.least), Some(999));
        assert_eq!(Query::parse("min=nine").band(Currency::USD), (None, true));
        assert_eq!(Query::parse("").band(Currency::USD), (None, false));
    }
}
