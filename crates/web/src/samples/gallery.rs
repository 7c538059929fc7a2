//! All components on one page, to look at and to check. It is not shipped.

use askama::Template;
use domain::outcome::{FieldProblem, Problems};

use crate::form::{Choice, Form};
use crate::frame::PageFrame;
use crate::parts::{self, *};
use crate::samples::Samples;

/// Every component once.
#[derive(Template)]
#[template(path = "parts/gallery.html")]
pub struct Gallery {
    pub page: PageFrame,
    form: Form,
    choices: Vec<Choice>,
    statuses: Vec<Status>,
    notices: Vec<Notice>,
    tasks: Tasks,
    checks: Checks,
    timeline: Timeline,
    table: Table,
    facts: Facts,
    paging: Paging,
    diff: Diff,
    code: Code,
    dialog: Dialog,
    tabs: Tabs,
    price: Price,
    sum: Sum,
    empty: Empty,
    filtered: Empty,
}

impl Samples for Gallery {
    fn samples(page: PageFrame) -> Vec<Self> {
        let mut problems = Problems::one(FieldProblem::new("email", "email"));
        problems.add(FieldProblem::new("days", "whole_number").with("least", 3).with("most", 180));
        problems.add(FieldProblem::new("agree", "required"));
        problems.add(FieldProblem::new("supervision", "required"));
        let typed = [
            ("email", "lin@"),
            ("days", "2"),
            ("about", "<script>alert(1)</script>"),
            ("plan", "team"),
            ("currency", "CNY"),
        ];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let form = Form::typed(page.words, typed).with_problems(&problems).with_reference("7KQ2-M4XA");
        let mut page = page.below("Applications", "/seller/products").titled("Components");
        page.path = "/seller/products/prd_1".to_owned();
        vec![gallery(page.clone().with_form(&form), form), gallery(page.clone(), Form::new(page.words))]
    }
}

#[expect(clippy::too_many_lines, reason = "one of every component: data, not steps")]
fn gallery(page: PageFrame, form: Form) -> Gallery {
    let words = page.words;
    let task = |title: &str, fact: &str, status| TaskRow {
        title: title.to_owned(),
        href: "/seller/products/prd_1/texts".to_owned(),
        fact: fact.to_owned(),
        status,
    };
    let entry = |icon, verdict, text: &str, when: &str| Entry {
        icon,
        verdict,
        text: text.to_owned(),
        detail: None,
        link: None,
        at: "2026-05-14T13:28:00Z".to_owned(),
        when: when.to_owned(),
    };
    let tab = |label: &str, current, count| Tab {
        label: label.to_owned(),
        href: "/seller/debugger".to_owned(),
        current,
        count,
    };
    Gallery {
        form,
        choices: vec![
            Choice::new("solo", "Solo, 3 databases").with_note("USD 9.00 per month"),
            Choice::new("team", "Team, 8 databases").with_note("USD 19.00 per month"),
            Choice::new("CNY", "Renminbi, CNY"),
        ],
        statuses: vec![
            Status::plain(words.common_status_not_started()),
            Status::info(words.common_status_in_progress()),
            Status::good(words.common_status_active()),
            Status::warn(words.common_status_waiting()),
            Status::bad(words.common_status_failed()),
            Status::new(Tone::New, "14 days free"),
            Status::plain(words.common_status_draft()).with_icon("pencil"),
        ],
        notices: vec![
            Notice::new(Tone::Plain, "Prices are shown without tax until you choose a country."),
            Notice::new(Tone::Info, "We show the stored copy.").detail("The seller did not answer at 16:20; next try 16:30."),
            Notice::new(Tone::Good, "Paid. Your space is being set up.").detail("Usually 2 minutes.").link("See the order", "/my/orders"),
            Notice::new(Tone::Warn, "The price changed").detail("from USD 19.00 to USD 21.00 since you opened this page."),
            Notice::new(Tone::Bad, "The order was refunded.").detail("The seller’s system refused it: <script>."),
            Notice::new(Tone::New, "These two answers are fixed once the product is released."),
        ],
        tasks: Tasks {
            rows: vec![
                task("Basic information", "Name, version, logo, category", Status::good(words.common_status_done())),
                task("Product details", "Description has 312 of at least 400 characters", Status::info(words.common_status_in_progress())),
                task("Proof of ownership", "The certificate names “Brightwell <script>”", Status::bad(words.common_status_has_error())),
                task("Text for search engines", words.common_optional(), Status::plain(words.common_status_not_started())),
            ],
        },
        checks: Checks::new(words, vec![
            Check::new(Verdict::Pass, "logo is 120 × 120 px PNG, 6 KB"),
            Check::new(Verdict::Fail, "description needs 88 more characters.").remedy("Write what a buyer gets.").link("Description", "/seller/products"),
            Check::new(Verdict::Warn, "the logo has a white background."),
            Check::new(Verdict::Pass, "each specification has a price"),
            Check::new(Verdict::Pass, "English and Chinese name"),
            Check::new(Verdict::Pass, "verified address"),
        ]),
        timeline: Timeline {
            entries: vec![
                entry("eye", None, "Lin Yao revealed the first password", "2 hours ago"),
                entry("circle-check", Some(Verdict::Pass), "Ready to use. E-mail sent to lin.yao@kestrel.example", "14 May 2026, 13:32 UTC"),
                entry("circle-x", Some(Verdict::Fail), "The seller’s system did not answer: <script>", "14 May 2026, 13:29 UTC"),
                entry("credit-card", None, "Paid USD 140.28", "14 May 2026, 13:28 UTC"),
            ],
        },
        table: Table::new("Orders", vec![Column::new("Order"), Column::new("Product"), Column::new("State"), Column::numeric("USD")])
            .row(vec![
                Cell::link("CS2605141328QWERT", "/my/orders/ord_1"),
                Cell::Pair("Granary Backup".to_owned(), "Team, 8 databases".to_owned()),
                Cell::Status(Status::good(words.common_status_active())),
                Cell::number(words.amount(14_028, 2)),
            ])
            .row(vec![
                Cell::link("CS2605141330ASDFG", "/my/orders/ord_2"),
                Cell::Pair("Harbour SSO <script>".to_owned(), "40 people".to_owned()),
                Cell::Status(Status::info(words.common_status_in_progress())),
                Cell::number(words.amount(1_059_774, 2)),
            ])
            .marked_row(vec![Cell::text("Total"), Cell::text(""), Cell::text(""), Cell::number(words.amount(1_073_802, 2))]),
        facts: Facts::new()
            .fact("Address", Cell::Exact("https://kestrel.granary.example/".to_owned(), "Copy address".to_owned()))
            .fact("User name", Cell::Exact("lin.yao@kestrel.example".to_owned(), "Copy user name".to_owned()))
            .fact("Started", Cell::Time("2026-05-14".to_owned(), "14 May 2026".to_owned()))
            .fact("Seller", Cell::link("Brightwell Systems", "/sellers/org_1")),
        paging: Paging { words, newer: Some("/my/orders?before=x".to_owned()), older: Some("/my/orders?after=y".to_owned()) },
        diff: Diff::new(words, "Backups every day, kept for 30 days. <script>", "Backups every hour, kept for 30 days, encrypted."),
        code: Code::new("The request", "POST /produceAPI/v2?signature=3f… HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"activity\":\"newInstance\",\"orderId\":\"CS2605141328QWERT\",\"note\":\"<script>\"}", "Copy the request").note("212 bytes"),
        dialog: Dialog {
            id: "unsubscribe".to_owned(),
            title: "Unsubscribe Granary Backup?".to_owned(),
            text: "USD 140.28 goes back to your balance today. The app stops at once.".to_owned(),
            action: "/my/apps/sub_1/unsubscribe".to_owned(),
            confirm: "Unsubscribe".to_owned(),
            keep: "Keep it".to_owned(),
            values: vec![("version".to_owned(), "3".to_owned())],
        },
        tabs: Tabs { label: "Activities".to_owned(), tabs: vec![tab("newInstance", true, 2), tab("queryInstance", false, 0), tab("refreshInstance", false, 1)] },
        price: Price::new("USD", words.amount(1900, 2), words.common_per_month()).from(words.common_from()),
        sum: Sum {
            caption: "What you pay".to_owned(),
            lines: vec![Line::new("8 databases × USD 19.00", "USD 152.00"), Line::new("Yearly discount", "−USD 23.30")],
            total: Some(Line::new(words.common_total_today(), "USD 140.28")),
            next: vec![Line::new(words.common_next_charge(), "14 June 2026")],
        },
        empty: Empty::new("No apps yet", "What you buy stands here, with its address, first password and renewal date.").action("Look around the market", "/"),
        filtered: Empty::filtered("Nothing matches “<script>” with 2 filters", "Without “Hardware” there are 12 products.").action("Drop the filter “Hardware”", "/search"),
        page,
    }
}

impl Gallery {
    /// The button beside an address.
    fn copy(&self) -> parts::Copy {
        parts::Copy::new("https://kestrel.granary.example/", "Copy address")
    }
}
