//! The parts of a form: whether a part is a photo or a field, and a photo's name. Programs send file names in many ways:
//! as `filename` in UTF-8 or Latin-1, as `filename*`, or not at all.

use axum::http::{HeaderMap, header};

use crate::photo::Format;

/// Names of parts that are always photos.
const PHOTOS: [&str; 7] = ["photo", "photos", "file", "files", "image", "images", "upload"];

/// The name of the photo in a part, possibly empty; `None` if the part is a field.
pub fn photo_name(name: &str, headers: &HeaderMap, bytes: &[u8]) -> Option<String> {
    let disposition = headers.get(header::CONTENT_DISPOSITION).map(|value| value.as_bytes());
    if let Some(file) = disposition.and_then(file_name) {
        return Some(file);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let is_file = kind.starts_with("image/") || kind.starts_with("application/octet-stream");
    (is_file || PHOTOS.contains(&name) || Format::of(bytes).is_some()).then(String::new)
}

/// The file name in a `Content-Disposition`; `filename*` takes precedence over `filename`.
fn file_name(disposition: &[u8]) -> Option<String> {
    let mut plain = None;
    for (key, value) in parameters(disposition) {
        match key.as_str() {
            "filename*" => {
                if let Some(name) = extended(&value) {
                    return Some(name);
                }
            }
            "filename" => plain = Some(text(&value)),
            _ => {}
        }
    }
    plain
}

/// The parameters of a header, their keys in lower case, their values without quotes.
fn parameters(header: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut part, mut quoted, mut escaped) = (Vec::new(), Vec::new(), false, false);
    let mut end = |part: &mut Vec<u8>| {
        let part = std::mem::take(part);
        if let Some(at) = part.iter().position(|byte| *byte == b'=') {
            let key = String::from_utf8_lossy(part[..at].trim_ascii()).to_ascii_lowercase();
            found.push((key, part[at + 1..].trim_ascii().to_vec()));
        }
    };
    for &byte in header {
        match byte {
            b'"' if !escaped => quoted = !quoted,
            b';' if !quoted => end(&mut part),
            // A backslash escapes only a quote, because Windows paths contain others.
            b'"' => {
                part.pop();
                part.push(byte);
            }
            _ => part.push(byte),
        }
        escaped = quoted && byte == b'\\' && !escaped;
    }
    end(&mut part);
    found
}

/// Decode UTF-8, or Latin-1 as old programs send it.
fn text(bytes: &[u8]) -> String {
    let latin = || bytes.iter().map(|&byte| char::from(byte)).collect();
    std::str::from_utf8(bytes).map_or_else(|_| latin(), str::to_owned)
}

/// The text of an extended value such as `UTF-8'en'a%20b.jpg`.
fn extended(value: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(value).ok()?;
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut left = encoded.as_bytes();
    while let Some((&byte, after)) = left.split_first() {
        if byte == b'%' {
            let code = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            left = &after[2..];
        } else {
            bytes.push(byte);
            left = after;
        }
    }
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_is_read_however_it_is_written() {
        for (header, name) in [
            (&b"form-data; name=\"photo\"; filename=\"a b.jpg\""[..], Some("a b.jpg")),
            (b"form-data; name=photo; filename=a.jpg", Some("a.jpg")),
            (b"form-data; name=\"photo\"; FileName=\"a.jpg\"", Some("a.jpg")),
            (b"form-data; name=\"photo\"; filename=\"M\xFCller.jpg\"", Some("M\u{fc}ller.jpg")),
            ("form-data; filename=\"Müller.jpg\"".as_bytes(), Some("M\u{fc}ller.jpg")),
            (b"form-data; filename*=UTF-8''M%C3%BCller%20a.jpg", Some("M\u{fc}ller a.jpg")),
            (b"form-data; filename*=iso-8859-1'de'M%FCller.jpg", Some("M\u{fc}ller.jpg")),
            (b"form-data; filename=\"x.jpg\"; filename*=UTF-8''y.jpg", Some("y.jpg")),
            (b"form-data; filename=\"x.jpg\"; filename*=UTF-8''%zz", Some("x.jpg")),
            (b"form-data; filename=\"a;b\\\"c.jpg\"", Some("a;b\"c.jpg")),
            (b"form-data; filename=\"C:\\photos\\a.jpg\"", Some("C:\\photos\\a.jpg")),
            (b"form-data; filename=\"\"", Some("")),
            (b"form-data; name=\"filename\"", None),
        ] {
            assert_eq!(file_name(header).as_deref(), name, "{}", header.escape_ascii());
        }
    }

    #[test]
    fn a_part_without_a_files_name_is_a_photo_if_anything_says_so() {
        let of = |name: &str, kind: Option<&str>, bytes: &[u8]| {
            let mut headers = HeaderMap::new();
            kind.map(|kind| headers.insert(header::CONTENT_TYPE, kind.parse().unwrap()));
            photo_name(name, &headers, bytes)
        };
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
        assert_eq!(of("photo", None, b"?"), Some(String::new()));
        assert_eq!(of("x", Some("Image/JPEG"), b"?"), Some(String::new()));
        assert_eq!(of("x", None, jpeg), Some(String::new()));
        assert_eq!(of("name", Some("text/plain"), b"Anna"), None);
    }
}
