//! What the terminal says when a demo is ready: where to go, who can sign in, what to try.

use super::folder::{DemoFolder, Part, Person};
use super::local;

/// The whole text.
pub fn welcome(folder: &DemoFolder) -> String {
    let ports = folder.state.ports;
    let site = format!("http://{}", local(ports.web));
    let mut lines = vec![
        String::new(),
        format!("  Marketplace      {site}"),
        format!("  API              {site}/api"),
        format!("  Every mail       http://{}", local(ports.mail)),
        format!("  Sellers' system  http://{}", local(ports.seller)),
        String::new(),
    ];
    lines.extend(logins(&folder.state.people));
    let behaviour = folder.behaviour_file();
    lines.extend([
        format!("  More sellers and every password: {}", folder.path.join("demo.toml").display()),
        String::new(),
        "  Try this:".to_owned(),
        "   1  As a customer: search for “backup”, buy something, open it with the password from “My apps”.".to_owned(),
        "   2  As the operator: decide on the seller that applied and on the product that waits.".to_owned(),
        "   3  As a seller: debug the interface address, release a product, watch an order's calls.".to_owned(),
        format!("   4  echo 'newInstance:status-503*2' > {}", behaviour.display()),
        "      and buy again: the order waits, the calls are repeated, it completes.".to_owned(),
        "   5  Change the language at the foot of each page: everything is there in Chinese, too.".to_owned(),
        String::new(),
        "  Stop with Ctrl-C. Starting again finds everything as you left it; --fresh begins anew.".to_owned(),
        String::new(),
    ]);
    lines.join("\n")
}

fn logins(people: &[Person]) -> Vec<String> {
    let named = |part: Part| people.iter().filter(move |person| person.part == part && !person.note.is_empty());
    let shown: Vec<&Person> =
        [Part::Operator, Part::Seller, Part::Customer, Part::Applicant].into_iter().flat_map(named).collect();
    let width = |of: fn(&Person) -> &str| shown.iter().map(|person| of(person).chars().count()).max().unwrap_or(0);
    let (email, password) = (width(|person| &person.email), width(|person| &person.password));
    let mut lines = vec![format!("  {:<9}  {:<email$}  {:<password$}  {}", "Sign in", "e-mail", "password", "sees")];
    lines.push(format!("  {}", "─".repeat(13 + email + password + 40)));
    for person in shown {
        let part = match person.part {
            Part::Operator => "Operator",
            Part::Seller => "Seller",
            Part::Applicant => "Applicant",
            Part::Customer => "Customer",
        };
        let Person { email: name, password: word, note, .. } = person;
        lines.push(format!("  {part:<9}  {name:<email$}  {word:<password$}  {note}"));
    }
    lines.push(String::new());
    lines
}
