//! What other libraries and the system say, in words for whoever uses this program: one line, and
//! nothing of the language that it is written in.

use std::io;

/// What serde calls the types of a value, and what a reader of JSON calls them.
const TYPES: [(&[&str], &str); 4] = [
    (&["f32", "f64"], "a number"),
    (&["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"], "a whole number"),
    (&["sequence"], "list"),
    (&["map"], "object"),
];

/// The first line of a message of another library, without what follows it.
pub(crate) fn one_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim();
    let mut words = Vec::new();
    let mut rest = line.split(' ').peekable();
    while let Some(word) = rest.next() {
        // "expected struct Change": an object, whatever it is called in the code.
        if word == "struct" && rest.next().is_some() {
            words.push("an object".to_owned());
            continue;
        }
        words.push(plain(word));
    }
    without_number(&words.join(" ")).to_owned()
}

/// A word, or what it stands for.
fn plain(word: &str) -> String {
    let bare = word.trim_end_matches([',', ';', ':', '.']);
    let known = TYPES.iter().find(|(types, _)| types.contains(&bare));
    known.map_or_else(|| word.to_owned(), |(_, said)| format!("{said}{}", &word[bare.len()..]))
}

/// What the system says, without the number that it has for it.
pub(crate) fn of_system(error: &io::Error) -> String {
    one_line(&error.to_string())
}

fn without_number(text: &str) -> &str {
    text.rsplit_once(" (os error ").map_or(text, |(said, _)| said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_comes_without_its_number() {
        let error = std::fs::read("/no/such/file").unwrap_err();
        assert!(error.to_string().contains("os error"), "otherwise this tests nothing");
        assert_eq!(of_system(&error), "No such file or directory");
        assert_eq!(of_system(&io::Error::other("full")), "full");
    }

    #[test]
    fn no_type_of_the_language_is_named() {
        #[derive(Debug, serde::Deserialize)]
        #[expect(dead_code, reason = "it is only read into")]
        struct Change {
            far: f64,
            face: u32,
        }
        let said = |json: &str| {
            let error = serde_json::from_str::<Change>(json).unwrap_err();
            one_line(&error.to_string())
        };
        let string = said(r#"{"far": "small", "face": 1}"#);
        assert!(
            string.starts_with(r#"invalid type: string "small", expected a number at"#),
            "{string}"
        );
        let negative = said(r#"{"far": 1, "face": -1}"#);
        assert!(negative.contains("expected a whole number"), "{negative}");
        let list = said("3");
        assert!(list.contains("expected an object at line 1"), "{list}");
        assert_eq!(one_line("first\nsecond"), "first");
    }
}
