//! Reads what the page shows out of an OpenAPI document. What the document does not say is left out, never guessed.

use std::collections::BTreeMap;

use serde_json::Value;

/// Operations on one subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The tag.
    pub name: String,
    /// The operations, by path.
    pub operations: Vec<Operation>,
}

impl Group {
    /// The anchor on the page.
    pub fn anchor(&self) -> String {
        self.name.replace(' ', "-")
    }
}

/// One method on one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// GET, POST …
    pub method: String,
    /// The path.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// Parameters in path, query and headers.
    pub parameters: Vec<Member>,
    /// The schema of the body.
    pub body: Option<String>,
    /// Status and schema of each answer.
    pub answers: Vec<(String, Option<String>)>,
}

impl Operation {
    /// The anchor on the page.
    pub fn anchor(&self) -> String {
        let path = self.path.replace(['/', '{', '}', '.'], "-");
        format!("{}{path}", self.method.to_ascii_lowercase())
    }
}

/// One thing that goes in or comes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its members.
    pub members: Vec<Member>,
    /// The words it may be, when it is one of several.
    pub one_of: Vec<String>,
}

/// One parameter or member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub kind: String,
    /// The schema it links to.
    pub link: Option<String>,
    /// Whether it must be there.
    pub required: bool,
    /// What it means.
    pub description: String,
}

/// Operations by tag.
pub fn groups(document: &Value) -> Vec<Group> {
    let mut groups: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for (path, methods) in members(&document["paths"]) {
        for (method, operation) in members(methods) {
            let tag = operation["tags"][0].as_str().unwrap_or("other").to_owned();
            groups.entry(tag).or_default().push(read_operation(path, method, operation));
        }
    }
    groups.into_iter().map(|(name, operations)| Group { name, operations }).collect()
}

/// Every schema, by name.
pub fn schemas(document: &Value) -> Vec<Schema> {
    members(&document["components"]["schemas"])
        .map(|(name, schema)| {
            let required = texts(&schema["required"]);
            Schema {
                name: name.clone(),
                description: text(schema, "description"),
                one_of: texts(&schema["enum"]),
                members: members(&schema["properties"])
                    .map(|(name, member)| {
                        let (kind, link) = kind(member);
                        Member {
                            kind,
                            link,
                            required: required.contains(name),
                            description: text(member, "description"),
                            name: name.clone(),
                        }
                    })
                    .collect(),
            }
        })
        .collect()
}

fn read_operation(path: &str, method: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| {
        let (kind, link) = kind(&parameter["schema"]);
        Member {
            name: text(parameter, "name"),
            kind: format!("{kind}, {}", text(parameter, "in")),
            link,
            required: parameter["required"].as_bool().unwrap_or(false),
            description: text(parameter, "description"),
        }
    });
    let answers = members(&operation["responses"]).map(|(status, answer)| (status.clone(), schema_of(answer)));
    let words = [text(operation, "summary"), text(operation, "description")];
    Operation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: words.into_iter().find(|words| !words.is_empty()).unwrap_or_default(),
        parameters: parameters.collect(),
        body: schema_of(&operation["requestBody"]),
        answers: answers.collect(),
    }
}

fn schema_of(holder: &Value) -> Option<String> {
    let (_, content) = members(&holder["content"]).next()?;
    kind(&content["schema"]).1
}

/// The type in words, and the schema it names.
fn kind(schema: &Value) -> (String, Option<String>) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return (name.to_owned(), Some(name.to_owned()));
    }
    if schema["type"] == "array" {
        let (inner, link) = kind(&schema["items"]);
        return (format!("{inner}[]"), link);
    }
    let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema[*key].as_array());
    if let Some(choice) = choices.and_then(|choices| choices.iter().find(|choice| choice["type"] != "null")) {
        return kind(choice);
    }
    let named: Vec<String> = match &schema["type"] {
        Value::String(one) => vec![one.clone()],
        several => texts(several).into_iter().filter(|name| name != "null").collect(),
    };
    (named.join(" | "), None)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}
