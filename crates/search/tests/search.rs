//! The index seen through the port: words in two languages, slips, facets, order, changes.

use domain::catalog::{Category, DeliveryMethod};
use domain::ids::{Id as _, ProductId};
use domain::money::{Currency, Money};
use domain::pricing::BillingMode;
use domain::quantity::Period;
use domain::text::{Language, Localised};
use domain::time::Timestamp;
use ports::{
    IndexChange, Matching, PriceBand, PriceFrom, ProductCard, ProductDocument, SearchIndex, SearchRequest, Sort,
    TrialFilter,
};
use search::ProductIndex;

struct Stall {
    id: u128,
    en: &'static str,
    zh: &'static str,
    overview: &'static str,
    category: Category,
    delivery: DeliveryMethod,
    price: Option<(i64, Period)>,
    trial: Option<u32>,
}

const STALLS: [Stall; 5] = [
    Stall {
        id: 1,
        en: "Granary Backup",
        zh: "谷仓备份",
        overview: "Hourly database backups of PostgreSQL.",
        category: Category::Backup,
        delivery: DeliveryMethod::Saas,
        price: Some((900, Period::Month)),
        trial: Some(14),
    },
    Stall {
        id: 2,
        en: "Bedrock",
        zh: "磐石数据库备份",
        overview: "Log shipping to a second region.",
        category: Category::Backup,
        delivery: DeliveryMethod::Saas,
        price: Some((14_000, Period::Year)),
        trial: None,
    },
    Stall {
        id: 3,
        en: "Hardened PostgreSQL",
        zh: "数据库加固镜像",
        overview: "An image with settings of level 1.",
        category: Category::Databases,
        delivery: DeliveryMethod::Image,
        price: Some((1_800, Period::Month)),
        trial: None,
    },
    Stall {
        id: 4,
        en: "Restore drill",
        zh: "恢复演练",
        overview: "Engineers restore your database backups.",
        category: Category::Advice,
        delivery: DeliveryMethod::ProfessionalService,
        price: Some((240_000, Period::Once)),
        trial: None,
    },
    Stall {
        id: 5,
        en: "Architecture talk",
        zh: "架构咨询",
        overview: "A conversation first.",
        category: Category::Advice,
        delivery: DeliveryMethod::Consulting,
        price: None,
        trial: None,
    },
];

fn document(stall: &Stall) -> ProductDocument {
    let both = |en: &str, zh: &str| Localised { en: Some(en.to_owned()), zh: Some(zh.to_owned()) };
    let billing = stall.price.map(|(_, period)| BillingMode::of(period)).into_iter().collect();
    let card = ProductCard {
        id: ProductId::from_u128(stall.id),
        slug: format!("stall-{}", stall.id),
        name: both(stall.en, stall.zh),
        overview: both(stall.overview, "概述"),
        seller_name: "Brightwell Systems".to_owned(),
        category: stall.category,
        delivery: stall.delivery,
        billing,
        price_from: stall.price.map(|(minor, period)| PriceFrom {
            amount: Money::new(minor, Currency::USD),
            period,
            unit: None,
        }),
        trial_days: stall.trial,
        version: "V1.0".to_owned(),
        logo_hash: None,
        listed_at: Timestamp::from_second(i64::try_from(stall.id).expect("small")).expect("small"),
    };
    ProductDocument { card, body: vec!["It keeps encrypted copies in Frankfurt.".to_owned()] }
}

fn market() -> ProductIndex {
    let index = search::index().expect("an index in memory");
    index.apply(STALLS.iter().map(|stall| IndexChange::Put(Box::new(document(stall)))).collect()).expect("they fit");
    index
}

fn ask(words: &str) -> SearchRequest {
    SearchRequest { words: words.to_owned(), most: 10, ..SearchRequest::default() }
}

fn ids(index: &ProductIndex, request: &SearchRequest) -> Vec<u128> {
    let answer = index.search(request).expect("the index answers");
    let id = |card: &ProductCard| (1..=9).find(|id| ProductId::from_u128(*id) == card.id).expect("one of the stalls");
    answer.cards.iter().map(id).collect()
}

fn sorted(mut ids: Vec<u128>) -> Vec<u128> {
    ids.sort_unstable();
    ids
}

#[test]
fn words_are_found_in_both_languages_whatever_case_number_or_script() {
    let index = market();
    for (typed, found) in [
        ("granary", vec![1]),
        ("GRANARY backups", vec![1]),
        ("backup", vec![1, 2, 4]), // by category, name or summary
        ("备份", vec![1, 2]),
        ("数据库备份", vec![2]),
        ("数据库", vec![2, 3]),
        ("谷", vec![1]),
        ("PostgreSQL镜像", vec![3]),
        ("brightwell", vec![1, 2, 3, 4, 5]),
        ("frankfurt drill", vec![4]),
        ("postgres", vec![1, 3]),
    ] {
        let found_ids = sorted(ids(&index, &ask(typed)));
        assert_eq!(found_ids, found, "{typed}");
    }
}

#[test]
fn one_slip_in_a_long_word_is_forgiven_and_the_last_word_may_be_unfinished() {
    let index = market();
    for (typed, found) in [
        ("granery", vec![1]),
        ("grnaary", vec![1]),
        ("gran", vec![1]),
        ("hardened postgr", vec![3]),
        ("drlil", vec![4]),
    ] {
        assert_eq!(sorted(ids(&index, &ask(typed))), found, "{typed}");
    }
    assert_eq!(ids(&index, &ask("gra ")), [0_u128; 0], "a finished short word forgives nothing");
    assert_eq!(ids(&index, &ask("zzzzzz")), [0_u128; 0]);
}

#[test]
fn a_match_in_the_name_comes_before_one_in_the_text() {
    let index = market();
    assert_eq!(ids(&index, &ask("restore")).first(), Some(&4));
    assert_eq!(ids(&index, &ask("postgresql")).first(), Some(&3));
}

#[test]
fn when_nothing_has_every_word_some_words_are_enough_and_the_answer_says_so() {
    let index = market();
    let answer = index.search(&ask("granary unicorn")).expect("answers");
    assert_eq!((answer.matching, answer.found), (Matching::SomeWords, 1));
    assert_eq!(index.search(&ask("granary")).expect("answers").matching, Matching::AllWords);
}

#[test]
fn values_of_one_facet_add_and_facets_narrow_each_other() {
    let index = market();
    let mut request = ask("");
    request.deliveries = vec![DeliveryMethod::Saas, DeliveryMethod::Image];
    assert_eq!(sorted(ids(&index, &request)), [1, 2, 3]);
    request.categories = vec![Category::Backup];
    assert_eq!(sorted(ids(&index, &request)), [1, 2]);
    request.trial = TrialFilter::Offered;
    assert_eq!(ids(&index, &request), [1]);
    request.billing = vec![BillingMode::Once];
    assert_eq!(ids(&index, &request), [0_u128; 0]);
}

#[test]
fn counts_leave_the_own_facet_aside_and_name_every_value() {
    let index = market();
    let mut request = ask("");
    request.categories = vec![Category::Backup];
    request.deliveries = vec![DeliveryMethod::Saas];
    let counts = index.search(&request).expect("answers").counts;
    let category = |wanted| counts.categories.iter().find(|(one, _)| *one == wanted).map(|(_, count)| *count);
    let delivery = |wanted| counts.deliveries.iter().find(|(one, _)| *one == wanted).map(|(_, count)| *count);
    assert_eq!((category(Category::Backup), category(Category::Databases)), (Some(2), Some(0)));
    assert_eq!((delivery(DeliveryMethod::Saas), delivery(DeliveryMethod::Image)), (Some(2), Some(0)));
    assert_eq!(counts.categories.len(), Category::ALL.len());
    assert_eq!((counts.trial, counts.prices.as_slice()), (1, [(Currency::USD, 900, 1_167)].as_slice()));
    request.deliveries.clear();
    let counts =
        index.search(&SearchRequest { categories: vec![Category::Advice], ..request }).expect("answers").counts;
    let of = |wanted| counts.deliveries.iter().find(|(one, _)| *one == wanted).map(|(_, count)| *count);
    assert_eq!((of(DeliveryMethod::Consulting), of(DeliveryMethod::ProfessionalService)), (Some(1), Some(1)));
}

#[test]
fn a_price_band_compares_years_by_their_month_and_leaves_other_currencies_out() {
    let index = market();
    let band =
        |least, most| SearchRequest { price: Some(PriceBand { currency: Currency::USD, least, most }), ..ask("") };
    assert_eq!(sorted(ids(&index, &band(Some(1_000), Some(2_000)))), [2, 3]);
    assert_eq!(sorted(ids(&index, &band(None, Some(900)))), [1]);
    let cny = PriceBand { currency: Currency::CNY, least: None, most: None };
    assert_eq!(ids(&index, &SearchRequest { price: Some(cny), ..ask("") }), [0_u128; 0]);
}

#[test]
fn orders_are_stable_and_pages_follow_each_other_without_gap_or_repeat() {
    let index = market();
    assert_eq!(ids(&index, &SearchRequest { sort: Sort::Price, ..ask("") }), [1, 2, 3, 4, 5]);
    assert_eq!(ids(&index, &SearchRequest { sort: Sort::Newest, ..ask("") }), [5, 4, 3, 2, 1]);
    let page = |offset| ids(&index, &SearchRequest { sort: Sort::Price, offset, most: 2, ..ask("") });
    assert_eq!([page(0), page(2), page(4), page(6)], [vec![1, 2], vec![3, 4], vec![5], vec![]]);
}

#[test]
fn a_change_replaces_a_removal_hides_and_both_may_be_repeated() {
    let index = market();
    let renamed = Stall { en: "Silo", zh: "筒仓", ..STALLS[0] };
    for _ in 0..2 {
        index.apply(vec![IndexChange::Put(Box::new(document(&renamed)))]).expect("it fits");
        assert_eq!(ids(&index, &ask("silo")), [1]);
        assert_eq!(ids(&index, &ask("granary")), [0_u128; 0]);
    }
    for _ in 0..2 {
        index.apply(vec![IndexChange::Remove(ProductId::from_u128(1))]).expect("it goes");
        assert_eq!(ids(&index, &ask("silo")), [0_u128; 0]);
        assert_eq!(index.search(&ask("")).expect("answers").indexed, 4);
    }
}

#[test]
fn suggestions_go_on_from_what_was_typed_in_the_readers_language() {
    let index = market();
    let names = |typed, language| -> Vec<String> {
        index.suggest(typed, language, 5).into_iter().map(|one| one.name).collect()
    };
    assert_eq!(names("res", Language::English), ["Restore drill"]);
    assert_eq!(names("post", Language::English), ["Hardened PostgreSQL"]);
    assert_eq!(names("数据", Language::Chinese), ["数据库加固镜像", "磐石数据库备份"]);
    assert_eq!(names("estore", Language::English), [""; 0]);
    assert_eq!(names(" ", Language::English), [""; 0]);
}

#[test]
fn hostile_queries_are_answered_like_any_other() {
    let index = market();
    for typed in [
        "\" OR 1=1 --",
        "name:* AND (",
        "\u{0}\u{202e}",
        &"备".repeat(5_000),
        &"word ".repeat(5_000),
        "a~99",
        "[* TO *]",
    ] {
        assert!(index.search(&ask(typed)).is_ok(), "{}", typed.chars().take(20).collect::<String>());
    }
}
