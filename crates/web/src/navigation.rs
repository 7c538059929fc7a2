//! The three consoles and their side navigation, as data. Not here: who may open what (http-kit's access table).

use domain::identity::OrganisationKind;
use language::Words;

use crate::frame::PageFrame;

/// A part of the site with its own side navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Console {
    /// The customer centre, “My Souk”.
    Customer,
    /// Where sellers release products and serve orders.
    Seller,
    /// Where the operator reviews and keeps order.
    Operator,
}

impl Console {
    /// The console of a path; pages that all consoles share stand in that of the person's own kind.
    pub fn of(place: &str, kind: Option<OrganisationKind>) -> Console {
        let first = place.split('/').nth(1).unwrap_or_default();
        match (first, kind) {
            // A customer's only page there is the application, which belongs to the customer centre until it is approved.
            ("seller", Some(OrganisationKind::Customer)) => Console::Customer,
            ("seller", _) => Console::Seller,
            ("operator", _) => Console::Operator,
            ("my", _) => Console::Customer,
            (_, Some(OrganisationKind::Seller)) => Console::Seller,
            (_, Some(OrganisationKind::Operator)) => Console::Operator,
            (_, Some(OrganisationKind::Customer) | None) => Console::Customer,
        }
    }

    /// What it is called.
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            Console::Customer => words.common_my_souk(),
            Console::Seller => words.common_seller_console(),
            Console::Operator => words.common_operator_console(),
        }
    }

    /// Its first page.
    pub fn start(self) -> &'static str {
        match self {
            Console::Customer => "/my/apps",
            Console::Seller => "/seller",
            Console::Operator => "/operator",
        }
    }

    /// Its icon in menus.
    pub fn icon(self) -> &'static str {
        match self {
            Console::Customer => "package",
            Console::Seller => "store",
            Console::Operator => "shield-check",
        }
    }
}

/// Entries that belong together. The first group of a console has no title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The heading above them.
    pub title: Option<&'static str>,
    /// The entries.
    pub items: Vec<Item>,
}

/// One entry of the side navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// A name of the sprite.
    pub icon: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// How many things wait there; 0 shows nothing.
    pub count: u32,
    /// Whether the page stands there or below.
    pub current: bool,
}

/// Title of the group, then icon, label, path of each entry.
type Plan = Vec<(Option<&'static str>, Vec<(&'static str, &'static str, &'static str)>)>;

/// The side navigation of a console, with the current place marked.
pub fn groups(console: Console, frame: &PageFrame) -> Vec<Group> {
    let words = frame.words;
    let plan = match console {
        Console::Customer => customer(words),
        Console::Seller => seller(words),
        Console::Operator => operator(words),
    };
    // Saved cases belong to the debugger, whatever their address is.
    let place = match frame.place() {
        "/seller/cases" => "/seller/debugger",
        place => place,
    };
    let all = plan.iter().flat_map(|(_, items)| items.iter().map(|(_, _, href)| *href));
    let current = all.filter(|href| stands_in(place, href)).max_by_key(|href| href.len());
    plan.into_iter()
        .map(|(title, items)| Group {
            title,
            items: items
                .into_iter()
                .map(|(icon, label, href)| Item {
                    icon,
                    label,
                    href,
                    count: count(frame, href),
                    current: current == Some(href),
                })
                .collect(),
        })
        .collect()
}

fn count(frame: &PageFrame, href: &str) -> u32 {
    if href == "/notices" {
        return frame.unseen_notices;
    }
    frame.counts.iter().find(|(path, _)| *path == href).map_or(0, |(_, count)| *count)
}

fn stands_in(place: &str, href: &str) -> bool {
    place.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn customer(words: &Words) -> Plan {
    vec![
        (
            None,
            vec![("package", words.common_my_apps(), "/my/apps"), ("credit-card", words.nav_orders(), "/my/orders")],
        ),
        (Some(words.nav_money()), vec![("wallet", words.nav_balance(), "/my/balance")]),
        account(words),
    ]
}

fn seller(words: &Words) -> Plan {
    vec![
        (
            None,
            vec![
                ("house", words.nav_overview(), "/seller"),
                ("package", words.nav_products(), "/seller/products"),
                ("scroll-text", words.nav_application(), "/seller/application"),
            ],
        ),
        (
            Some(words.nav_integration()),
            vec![
                ("plug", words.nav_addresses(), "/seller/addresses"),
                ("terminal", words.nav_debugger(), "/seller/debugger"),
            ],
        ),
        (
            Some(words.nav_selling()),
            vec![
                ("credit-card", words.nav_orders(), "/seller/orders"),
                ("scroll-text", words.nav_messages(), "/seller/messages"),
                ("list-checks", words.nav_usage(), "/seller/usage"),
            ],
        ),
        account(words),
    ]
}

fn operator(words: &Words) -> Plan {
    vec![
        (None, vec![("inbox", words.nav_work(), "/operator")]),
        (
            Some(words.nav_reviews()),
            vec![
                ("store", words.nav_seller_applications(), "/operator/applications"),
                ("scroll-text", words.nav_releases(), "/operator/releases"),
            ],
        ),
        (
            Some(words.nav_market()),
            vec![
                ("credit-card", words.nav_orders(), "/operator/orders"),
                ("wallet", words.nav_balances(), "/operator/balances"),
                ("triangle-alert", words.nav_parked(), "/operator/calls"),
                ("circle-pause", words.nav_jobs(), "/operator/jobs"),
                ("plug", words.nav_interfaces(), "/operator/interfaces"),
                ("list-checks", words.nav_ledger(), "/operator/ledger"),
            ],
        ),
        account(words),
    ]
}

fn account(words: &Words) -> (Option<&'static str>, Vec<(&'static str, &'static str, &'static str)>) {
    (
        Some(words.common_account()),
        vec![
            ("bell", words.common_notices(), "/notices"),
            ("users", words.nav_members(), "/account/members"),
            ("key-round", words.nav_keys(), "/account/keys"),
            ("settings", words.nav_security(), "/account"),
        ],
    )
}

#[cfg(test)]
mod tests {
    use domain::text::Language;

    use super::*;

    fn current(path: &str) -> Vec<&'static str> {
        let frame = PageFrame::new(Language::English, path);
        frame
            .navigation()
            .into_iter()
            .flat_map(|group| group.items)
            .filter(|item| item.current)
            .map(|item| item.href)
            .collect()
    }

    #[test]
    fn exactly_the_nearest_entry_is_current() {
        assert_eq!(current("/seller"), ["/seller"]);
        assert_eq!(current("/seller/products/prd_1?tab=texts"), ["/seller/products"]);
        assert_eq!(current("/account/keys"), ["/account/keys"]);
        assert_eq!(current("/my/appsfoo"), [""; 0]);
    }

    #[test]
    fn shared_pages_stand_in_the_console_of_the_person() {
        assert_eq!(Console::of("/notices", Some(OrganisationKind::Operator)), Console::Operator);
        assert_eq!(Console::of("/my/apps", Some(OrganisationKind::Seller)), Console::Customer);
    }
}
