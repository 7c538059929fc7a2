//! Tables, facts and paging.

use askama::Template;
use askama::filters::HtmlSafe;
use language::Words;

use super::Status;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    title: String,
    numeric: bool,
}

impl Column {
    /// A column of words.
    pub fn new(title: impl ToString) -> Column {
        Column { title: title.to_string(), numeric: false }
    }

    /// A column of numbers or amounts, right-aligned.
    pub fn numeric(title: impl ToString) -> Column {
        Column { title: title.to_string(), numeric: true }
    }
}

/// What stands in one place of a table or beside a fact.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/cell.html")]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number or amount, already written.
    Number(String),
    /// A link: label and address.
    Link(String, String),
    /// A state.
    Status(Status),
    /// A moment: for programs, for people.
    Time(String, String),
    /// A text to read letter by letter, with a label for the button that copies it.
    Exact(String, String),
    /// Words and a second line.
    Pair(String, String),
    /// A link and a second line: label, address, second line.
    LinkPair(String, String, String),
    /// A button that does something to the row: label, address, and what the row is about for those who hear the label alone.
    Button(String, String, String),
}

impl Cell {
    /// Words.
    pub fn text(text: impl ToString) -> Cell {
        Cell::Text(text.to_string())
    }

    /// A number or amount, already written.
    pub fn number(text: impl ToString) -> Cell {
        Cell::Number(text.to_string())
    }

    /// A link.
    pub fn link(label: impl ToString, href: impl ToString) -> Cell {
        Cell::Link(label.to_string(), href.to_string())
    }
}

/// A data table. The first cell of a row heads it.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "parts/table.html")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<(Vec<Cell>, bool)>,
    stepped: bool,
}

impl Table {
    /// `caption` says what the rows are, for screen readers.
    pub fn new(caption: impl ToString, columns: Vec<Column>) -> Table {
        Table { caption: caption.to_string(), columns, rows: Vec::new(), stepped: false }
    }

    /// Adds a row.
    pub fn row(mut self, cells: Vec<Cell>) -> Table {
        self.rows.push((cells, false));
        self
    }

    /// Adds the row that counts: the total, the chosen one.
    pub fn marked_row(mut self, cells: Vec<Cell>) -> Table {
        self.rows.push((cells, true));
        self
    }

    /// Lets j and k step through the links that head the rows, on a page with a list of keys ([`Keys`](super::Keys)).
    pub fn stepped(self) -> Table {
        Table { stepped: true, ..self }
    }

    /// Whether there is nothing to show; an [`Empty`](super::Empty) stands there instead.
    pub fn without_rows(&self) -> bool {
        self.rows.is_empty()
    }

    /// The title of a column, which stands beside each value where rows are cards.
    fn title(&self, index: &usize) -> &str {
        self.columns.get(*index).map_or("", |column| &column.title)
    }

    fn numeric(&self, index: &usize) -> bool {
        self.columns.get(*index).is_some_and(|column| column.numeric)
    }
}

/// Names and values of one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"<dl class="sk-dl{% if narrow %} narrow sk-small{% endif %}">{% for (name, value) in facts %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>"#
)]
pub struct Facts {
    facts: Vec<(String, Cell)>,
    narrow: bool,
}

impl Facts {
    /// Facts in the main column.
    pub fn new() -> Facts {
        Facts::default()
    }

    /// Facts in the side column: values at the right edge.
    pub fn narrow() -> Facts {
        Facts { facts: Vec::new(), narrow: true }
    }

    /// Adds one.
    pub fn fact(mut self, name: impl ToString, value: Cell) -> Facts {
        self.facts.push((name.to_string(), value));
        self
    }
}

/// Links to the page before and after, by cursor.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if newer.is_some() || older.is_some() %}<nav class="sk-paging" aria-label="{{ words.common_paging() }}">{% if let Some(href) = newer %}<a class="btn btn-secondary" rel="prev" href="{{ href }}">{{ super::icon("arrow-left") }}{{ words.common_page_newer() }}</a>{% endif %}{% if let Some(href) = older %}<a class="btn btn-secondary end" rel="next" href="{{ href }}">{{ words.common_page_older() }}{{ super::icon("arrow-right") }}</a>{% endif %}</nav>{% endif %}"#
)]
pub struct Paging {
    /// The words to say it in.
    pub words: &'static Words,
    /// The address of the page with newer things.
    pub newer: Option<String>,
    /// The address of the page with older things.
    pub older: Option<String>,
}

impl HtmlSafe for Cell {}
impl HtmlSafe for Table {}
impl HtmlSafe for Facts {}
impl HtmlSafe for Paging {}
