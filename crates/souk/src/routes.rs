//! `souk routes`: every route of the marketplace as data: who may use it and what its path names.
//!
//! *What is not here.* The rules themselves: those are the authorisation table of http-kit, which this prints.

use std::io::{self, Write as _};

use http_kit::access::{Object, Row, Who};
use serde_json::{Value, json};

/// How the routes are shown.
#[derive(clap::Args)]
pub struct RoutesArguments {
    /// One JSON array for programs, instead of lines for people.
    #[arg(long)]
    json: bool,
}

/// Prints the routes that are served, in the order of the table.
pub fn run(arguments: &RoutesArguments) -> anyhow::Result<()> {
    let routes = crate::serve::routes();
    let mut out = io::stdout().lock();
    if arguments.json {
        let rows: Vec<Value> = routes.rows().iter().map(|row| as_json(row)).collect();
        writeln!(out, "{}", Value::Array(rows))?;
        return Ok(());
    }
    for row in routes.rows() {
        let (who, object) = (who(row.who), object(row.object));
        writeln!(
            out,
            "{:<7} {:<55} {who:<18} {}",
            row.method,
            row.path,
            object.map_or(String::new(), |(kind, name)| format!("{kind} {name}"))
        )?;
    }
    Ok(())
}

fn as_json(row: &Row) -> Value {
    let object = object(row.object).map(|(kind, name)| json!({ "kind": kind, "name": name }));
    json!({ "method": row.method, "path": row.path, "who": who(row.who), "object": object })
}

/// `anyone`, `signed`, or the permission that is asked for.
fn who(who: Who) -> String {
    match who {
        Who::Anyone => "anyone".to_owned(),
        Who::Signed => "signed".to_owned(),
        Who::May(permission) => format!("{permission:?}"),
    }
}

fn object(object: Object) -> Option<(&'static str, &'static str)> {
    match object {
        Object::Nothing => None,
        Object::Public => Some(("public", "")),
        Object::Own(name) => Some(("own", name)),
        Object::Any(name) => Some(("any", name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_shown_with_what_a_test_needs() {
        let row = http_kit::access::row("GET", "/my/apps/{id}", Who::Anyone, Object::Own("app"));
        assert_eq!(
            as_json(&row),
            json!({ "method": "GET", "path": "/my/apps/{id}", "who": "anyone", "object": { "kind": "own", "name": "app" } })
        );
    }
}
