//! Whether a value is as a schema of the description says, as far as the description uses JSON Schema:
//! a keyword that is not known here fails the test. No crate is at hand that knows them all and leaves
//! the program's own reading of JSON as it is.

use std::collections::BTreeSet;

use serde_json::Value;

/// The description in which references are looked up.
pub struct Schemas<'a>(pub &'a Value);

impl Schemas<'_> {
    /// What is not as `schema` says in `value`, which is found at `at`. An object may have no fields but
    /// those that are named.
    pub fn problems(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let mut found = self.problems_of_part(schema, value, at);
        let known = self.fields(schema);
        let others = value.as_object().into_iter().flat_map(|fields| fields.keys());
        let others = others.filter(|name| !known.is_empty() && !known.contains(name.as_str()));
        found.extend(others.map(|name| format!("{at}/{name} is not described")));
        found
    }

    /// What a reference stands for.
    pub fn resolve(&self, reference: &Value) -> &Value {
        let place = reference.as_str().unwrap().strip_prefix('#').unwrap();
        self.0.pointer(place).unwrap_or_else(|| panic!("there is nothing at {place}"))
    }

    /// The names of all fields, also of those parts that are put together.
    fn fields<'a>(&'a self, schema: &'a Value) -> BTreeSet<&'a str> {
        let own = schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys());
        let parts = schema["allOf"].as_array().into_iter().flatten();
        let parts = parts.flat_map(|part| self.fields(part));
        let meant = schema.get("$ref").map(|reference| self.fields(self.resolve(reference)));
        own.map(String::as_str).chain(parts).chain(meant.into_iter().flatten()).collect()
    }

    /// The same of a schema that may be one of several that are put together.
    fn problems_of_part(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let rules = schema.as_object().unwrap();
        rules.iter().flat_map(|(keyword, rule)| self.rule(keyword, rule, value, at)).collect()
    }

    fn rule(&self, keyword: &str, rule: &Value, value: &Value, at: &str) -> Vec<String> {
        let array = || rule.as_array().unwrap().iter();
        let holds = match keyword {
            "description" | "format" => true,
            "$ref" => return self.problems_of_part(self.resolve(rule), value, at),
            "allOf" => return array().flat_map(|s| self.problems_of_part(s, value, at)).collect(),
            "oneOf" => array().filter(|s| self.problems(s, value, at).is_empty()).count() == 1,
            "type" if rule.is_array() => array().any(|kind| is_of(kind, value)),
            "type" => is_of(rule, value),
            "enum" => array().any(|one| one == value),
            "required" => {
                let missing = |name: &&Value| value.get(name.as_str().unwrap()).is_none();
                !value.is_object() || array().find(missing).is_none()
            }
            "properties" => {
                let fields = rule.as_object().unwrap().iter();
                let given = fields.filter_map(|(name, s)| Some((name, s, value.get(name)?)));
                return given
                    .flat_map(|(name, s, field)| self.problems(s, field, &format!("{at}/{name}")))
                    .collect();
            }
            // No object may have others than those that are named.
            "additionalProperties" => rule == false,
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                return items
                    .flat_map(|(i, item)| self.problems(rule, item, &format!("{at}/{i}")))
                    .collect();
            }
            "pattern" => is_like(rule.as_str().unwrap(), value),
            _ => is_within(keyword, rule.as_f64().unwrap(), value),
        };
        if holds { Vec::new() } else { vec![format!("{at}: {keyword} {rule}, but is {value}")] }
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("there is no kind {other}"),
    }
}

/// The one pattern that there is.
fn is_like(pattern: &str, value: &Value) -> bool {
    assert_eq!(pattern, "^[0-9a-fA-F]{0,64}$", "this pattern is not known here");
    let is_hash = |text: &str| text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    value.as_str().is_none_or(is_hash)
}

/// Whether a value keeps to a limit, if it is of the kind that the limit is for.
fn is_within(keyword: &str, limit: f64, value: &Value) -> bool {
    let number = value.as_f64();
    let letters = value.as_str().map(|text| text.chars().count() as f64);
    let items = value.as_array().map(|items| items.len() as f64);
    match keyword {
        "minimum" => number.is_none_or(|v| v >= limit),
        "maximum" => number.is_none_or(|v| v <= limit),
        "exclusiveMinimum" => number.is_none_or(|v| v > limit),
        "exclusiveMaximum" => number.is_none_or(|v| v < limit),
        "minLength" => letters.is_none_or(|v| v >= limit),
        "maxLength" => letters.is_none_or(|v| v <= limit),
        "minItems" => items.is_none_or(|v| v >= limit),
        "maxItems" => items.is_none_or(|v| v <= limit),
        other => panic!("the keyword {other} is not known here"),
    }
}

#[test]
fn what_is_not_as_it_is_described_is_found() {
    let document: Value = serde_json::from_str(
        r##"{"part": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "maximum": 3}}},
        "whole": {"allOf": [{"$ref": "#/part"}, {"type": "object", "required": ["b"], "properties": {
            "b": {"oneOf": [{"type": "null"}, {"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 1}]}}}]}}"##,
    )
    .unwrap();
    let problems = |text: &str| {
        let value = serde_json::from_str(text).unwrap();
        Schemas(&document).problems(&document["whole"], &value, "").len()
    };
    for good in [r#"{"a": 3, "b": null}"#, r#"{"a": -1, "b": ["x", "y"]}"#] {
        assert_eq!(problems(good), 0, "{good}");
    }
    for bad in [
        r#"{"a": 3}"#,
        r#"{"b": null}"#,
        r#"{"a": 4, "b": null}"#,
        r#"{"a": 1.5, "b": null}"#,
        r#"{"a": 3, "b": []}"#,
        r#"{"a": 3, "b": ["z"]}"#,
        r#"{"a": 3, "b": null, "c": 1}"#,
    ] {
        assert_eq!(problems(bad), 1, "{bad}");
    }
}
