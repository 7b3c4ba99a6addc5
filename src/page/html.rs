//! Markup, and what makes text from outside harmless in it.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Markup: made of our own templates and of text that was escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Html(String);

impl Html {
    /// Markup that is written in this program, or was made by it, such as an SVG.
    pub fn ours(markup: impl Into<String>) -> Self {
        Self(markup.into())
    }

    /// The markup, handed over.
    pub fn into_string(self) -> String {
        self.0
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<I: IntoIterator<Item = Html>>(parts: I) -> Self {
        Self(parts.into_iter().map(|part| part.0).collect())
    }
}

/// Text, from wherever it comes, as markup that says just that.
pub fn text(text: impl AsRef<str>) -> Html {
    let mut escaped = String::with_capacity(text.as_ref().len());
    for c in text.as_ref().chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    Html(escaped)
}

/// `template` with `{{name}}` replaced by the value of that name. What a value holds is not looked
/// at again.
pub fn fill(template: &str, values: &[(&str, &Html)]) -> Html {
    let mut filled = String::with_capacity(template.len());
    let mut parts = template.split("{{");
    filled.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            filled.push_str(value.as_str());
        }
        filled.push_str(rest);
    }
    Html(filled)
}

/// `value` as JSON that can stand in a script element: nothing in it ends the element or begins
/// another.
///
/// # Errors
/// What the encoder says.
pub fn json(value: &impl Serialize) -> Result<Html, String> {
    let plain = serde_json::to_string(value).map_err(|e| e.to_string())?;
    let mut safe = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => safe.push(c),
        }
    }
    Ok(Html(safe))
}

/// The policy of a page with this style and, where there is one, this script: photos from the page
/// itself, nothing else from anywhere.
pub fn policy(style: &str, script: Option<&str>) -> Html {
    let hash = |content: &str| BASE64_STANDARD.encode(Sha256::digest(content));
    let script = script.map_or("'none'".to_owned(), |script| format!("'sha256-{}'", hash(script)));
    Html(format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; \
         style-src 'sha256-{}'; script-src {script}",
        hash(style)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        let nasty = "<script>alert(1)</script>\" onerror='x' &amp;";
        let safe = text(nasty);
        assert!(!safe.as_str().contains(['<', '>', '"', '\'']), "{safe:?}");
        assert!(safe.as_str().ends_with("&amp;amp;"));
    }

    #[test]
    fn values_are_filled_in_once() {
        let tricky = text("{{b}} }} {{");
        let filled = fill("<p>{{a}}</p>{{b}}{{unknown}}!", &[("a", &tricky), ("b", &text("B"))]);
        assert_eq!(filled.as_str(), "<p>{{b}} }} {{</p>B!");
    }

    #[test]
    fn json_ends_no_element_and_stays_json() {
        let nasty = "</script><!--<script>\u{2028}&";
        let safe = json(&nasty).unwrap();
        assert!(!safe.as_str().contains(['<', '>', '&', '\u{2028}']), "{safe:?}");
        assert_eq!(serde_json::from_str::<String>(safe.as_str()).unwrap(), nasty);
    }
}
