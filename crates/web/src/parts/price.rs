//! Prices: the number is the hero, its unit under it, the next charge never missing.

use askama::Template;
use askama::filters::HtmlSafe;

/// One price: code before the amount, unit under it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<div class="sk-price{% if start %} start{% endif %}">{% if let Some(from) = from %}<span class="from">{{ from }}</span>{% endif %}<span class="amt"><span class="cur">{{ currency }}</span>{{ amount }}</span><span class="unit">{{ unit }}</span></div>"#
)]
pub struct Price {
    currency: String,
    amount: String,
    unit: String,
    from: Option<String>,
    start: bool,
}

impl Price {
    /// `currency` as its code, `amount` already written (`words.amount`), `unit` such as “per month”.
    pub fn new(currency: impl ToString, amount: impl ToString, unit: impl ToString) -> Price {
        Price {
            currency: currency.to_string(),
            amount: amount.to_string(),
            unit: unit.to_string(),
            from: None,
            start: false,
        }
    }

    /// A word above it: the cheapest of several prices.
    pub fn from(mut self, word: impl ToString) -> Price {
        self.from = Some(word.to_string());
        self
    }

    /// Stands at the start of its line instead of the end.
    pub fn at_start(mut self) -> Price {
        self.start = true;
        self
    }
}

/// One line of a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is for.
    pub label: String,
    /// How much, already written.
    pub amount: String,
}

impl Line {
    /// A line.
    pub fn new(label: impl ToString, amount: impl ToString) -> Line {
        Line { label: label.to_string(), amount: amount.to_string() }
    }
}

/// How a total comes about: its lines, the total, what comes next.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<table class="sk-sum"><caption class="visually-hidden">{{ caption }}</caption><tbody>{% for line in lines %}<tr><th scope="row">{{ line.label }}</th><td>{{ line.amount }}</td></tr>{% endfor %}{% if let Some(total) = total %}<tr class="total"><th scope="row">{{ total.label }}</th><td>{{ total.amount }}</td></tr>{% endif %}{% for line in next %}<tr class="next"><th scope="row">{{ line.label }}</th><td>{{ line.amount }}</td></tr>{% endfor %}</tbody></table>"#
)]
pub struct Sum {
    /// What is summed, for screen readers.
    pub caption: String,
    /// Unit times number, discount, tax.
    pub lines: Vec<Line>,
    /// What is paid today.
    pub total: Option<Line>,
    /// The next charge and the like.
    pub next: Vec<Line>,
}

impl HtmlSafe for Price {}
impl HtmlSafe for Sum {}
