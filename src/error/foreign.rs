//! Messages of other libraries and of the system, in one line and without types of the programming language;
//! and what to do with a web address given instead of a file.

use std::io;
use std::path::Path;

/// What serde calls the types of a value, and what a reader of JSON calls them.
const TYPES: [(&[&str], &str); 4] = [
    (&["f32", "f64"], "a number"),
    (&["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"], "a whole number"),
    (&["sequence"], "list"),
    (&["map"], "object"),
];

/// The first line of another library's message, in plain words.
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

/// The word itself, or the plain word for a type.
fn plain(word: &str) -> String {
    let bare = word.trim_end_matches([',', ';', ':', '.']);
    let known = TYPES.iter().find(|(types, _)| types.contains(&bare));
    known.map_or_else(|| word.to_owned(), |(_, said)| format!("{said}{}", &word[bare.len()..]))
}

/// The system's message without its error number.
pub(crate) fn of_system(error: &io::Error) -> String {
    one_line(&error.to_string())
}

fn without_number(text: &str) -> &str {
    text.rsplit_once(" (os error ").map_or(text, |(said, _)| said)
}

/// Whether a path is an address, as in `https://example.org/a.jpg`.
pub(super) fn is_address(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let scheme = text.split_once(":/").map_or("", |(scheme, _)| scheme);
    // One letter is a drive.
    scheme.len() > 1
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// What to do with an address that was given instead of a file.
pub(super) fn address(path: &Path) -> String {
    let text = path.to_string_lossy();
    let (scheme, rest) = text.split_once(':').unwrap_or(("", &text));
    let advice = match scheme.to_ascii_lowercase().as_str() {
        "file" => format!("give the file's path instead, {}", local(rest)),
        "http" | "https" | "ftp" => format!(
            "verify downloads nothing; download it first, for example with `curl -s '{text}' | verify check -`"
        ),
        "s3" => format!("copy it here first, for example with `aws s3 cp {text} .`"),
        "gs" => format!("copy it here first, for example with `gsutil cp {text} .`"),
        _ => "this is an address, not a file; copy the file here first".to_owned(),
    };
    format!("{text}: {advice}")
}

/// The path after `file:`, such as `//localhost/a%20b.jpg`.
fn local(rest: &str) -> String {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.strip_prefix("localhost").unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let Some((&byte, after)) = left.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match code.filter(|_| byte == b'%') {
            Some(code) => {
                bytes.push(code);
                left = &after[2..];
            }
            None => {
                bytes.push(byte);
                left = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a folder without photos holds instead, as in ", only 12 videos".
pub(super) fn only(passed: &str) -> String {
    if passed.is_empty() { String::new() } else { format!(", only {passed}") }
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
    fn an_address_is_told_from_a_path_and_gets_advice() {
        for path in ["a.jpg", "C:/a.jpg", "C:\\a.jpg", "a/b:c.jpg", "photo: 1/2.jpg", "./http://x"]
        {
            assert!(!is_address(Path::new(path)), "{path}");
        }
        for (path, advice) in [
            ("https://e.org/a.jpg", "`curl -s 'https://e.org/a.jpg' | verify check -`"),
            ("HTTP://e.org/a.jpg", "verify downloads nothing"),
            ("file:///home/anna/a%20b.jpg", "path instead, /home/anna/a b.jpg"),
            ("file://localhost/a.jpg", "path instead, /a.jpg"),
            ("file:/a%zz.jpg", "path instead, /a%zz.jpg"),
            ("s3://bucket/a.jpg", "aws s3 cp s3://bucket/a.jpg ."),
            ("smb://nas/a.jpg", "not a file; copy the file here"),
        ] {
            assert!(is_address(Path::new(path)), "{path}");
            let said = address(Path::new(path));
            assert!(said.starts_with(path) && said.contains(advice), "{said}");
        }
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
