//! The description and the authorisation table know the same operations, and every operation says what it may refuse.

use std::collections::BTreeSet;

use http_kit::access::{Object, Who, rows};
use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn description() -> Value {
    serde_json::to_value(api::describe()).expect("the description is JSON")
}

/// Every operation: method, path, and what the document says of it.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let item: &Value = item;
            Some((method.to_uppercase(), String::clone(path), item.get(method)?))
        })
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn the_description_and_the_table_know_the_same_operations() {
    let document = description();
    let described: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let table: BTreeSet<(String, String)> = rows()
        .filter(|row| row.path.starts_with("/api/v1/"))
        .map(|row| (row.method.to_owned(), row.path.to_owned()))
        .collect();
    assert!(table.len() > 20, "the table is there");
    let missing: Vec<_> = table.difference(&described).collect();
    assert!(missing.is_empty(), "rows without a description: {missing:?}");
    let unknown: Vec<_> = described.difference(&table).collect();
    assert!(unknown.is_empty(), "described, but no row: {unknown:?}");
}

#[test]
fn every_operation_says_what_it_answers_and_what_it_may_refuse() {
    let document = description();
    let mut faults = Vec::new();
    for (method, path, operation) in operations(&document) {
        let mut fault = |what: &str| faults.push(format!("{method} {path}: {what}"));
        let responses = operation["responses"].as_object().expect("responses");
        if !responses.keys().any(|status| status.starts_with('2')) {
            fault("no answer that went well");
        }
        if operation["summary"].as_str().is_none_or(str::is_empty) {
            fault("no summary");
        }
        let refusals: Vec<_> = responses.iter().filter(|(status, _)| status.starts_with('4')).collect();
        if refusals.is_empty() {
            fault("no refusal");
        }
        for (status, response) in refusals {
            let schema = response["content"]["application/problem+json"]["schema"]["$ref"].as_str();
            if schema != Some("#/components/schemas/Problem") {
                fault(&format!("{status} does not answer a Problem"));
            }
            if response["description"].as_str().is_none_or(str::is_empty) {
                fault(&format!("{status} has no words"));
            }
        }
        let row = rows().find(|row| row.method == method && row.path == path);
        let Some(row) = row else { continue };
        let needs = |status: &str| responses.contains_key(status);
        match row.who {
            Who::May(_) if !needs("401") || !needs("403") => fault("who may not is not told"),
            Who::May(_)
                if operation["security"]
                    .as_array()
                    .is_some_and(|all| all.contains(&Value::Object(serde_json::Map::new()))) =>
            {
                fault("described as open to everybody");
            }
            Who::Anyone
                if !operation["security"].as_array().is_some_and(|all| {
                    all.iter().any(|one| one.as_object().is_some_and(serde_json::Map::is_empty))
                }) =>
            {
                fault("open to everybody, but described as closed");
            }
            Who::May(_) | Who::Anyone | Who::Signed => {}
        }
        if row.object != Object::Nothing && row.path.contains('{') && !needs("404") {
            fault("a missing thing is not told");
        }
        let described: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .map(|all| all.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect())
            .unwrap_or_default();
        let named: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        if described != named {
            fault(&format!("path parameters {described:?}, in the path {named:?}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_reference_of_the_description_leads_somewhere() {
    let document = description();
    let mut pending = vec![&document];
    let mut looked = 0;
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = reference.strip_prefix('#').expect("references stay in the document");
                    assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
                    looked += 1;
                }
                pending.extend(members.values());
            }
            Value::Array(items) => pending.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    assert!(looked > 50, "only {looked} references");
}
