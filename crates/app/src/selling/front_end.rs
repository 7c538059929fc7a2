//! Addresses that a seller's system wants a customer sent to, judged beyond their form: none of them may lead into a network
//! (reliability.md L-37).

use domain::selling::{OpenEndpoint, leads_inside};
use koogallery::v2::{Answer, Examined, InstanceInfo};
use koogallery::{Check, CheckCode};

/// Adds a failed check for each address of the answer that leads inside; the answer counts for nothing then.
pub(crate) fn refuse_inside(examined: &mut Examined, open: &[OpenEndpoint]) {
    let entries: Vec<(String, &InstanceInfo)> = match &examined.answer {
        Some(Answer::Described(entries)) => {
            entries.iter().enumerate().map(|(place, entry)| (format!("info[{place}]."), entry)).collect()
        }
        Some(Answer::Delivered(entry)) => vec![(String::new(), entry)],
        Some(Answer::Created(_) | Answer::Done) | None => return,
    };
    let mut refused = Vec::new();
    for (path, entry) in entries {
        let app = entry.app.iter();
        let shown =
            app.flat_map(|app| [("frontEndUrl", Some(&app.front_end_url)), ("adminUrl", app.admin_url.as_ref())]);
        for (name, address) in shown {
            if address.is_some_and(|address| leads_inside(address.as_str(), open)) {
                refused.push(format!("{path}appInfo.{name}"));
            }
        }
    }
    for member in refused {
        examined.add(Check::new(CheckCode::WebAddressRefused, [("member", member)]));
    }
}
