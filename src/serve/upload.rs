//! Reading photos from requests, with limits for bytes, time, and the memory of all requests together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::form::photo_name;
use super::problem::{Answer, Problem};
use crate::photo::{Format, Source, not_a_photo};

/// How many of the largest requests may be in memory at the same time.
const TOGETHER: u64 = 2;
/// The bytes per permit.
const UNIT: u64 = 1 << 10;
/// The timeout for the next bytes of a body.
const PAUSE: Duration = Duration::from_secs(15);
/// The timeout for a whole body.
const WHOLE: Duration = Duration::from_secs(300);
/// The longest name of a photo, in bytes.
pub const LONGEST_NAME: usize = 1024;
/// The most photos of one request.
const MOST_PHOTOS: usize = 1000;
/// The longest field that is not a photo, in bytes.
const LONGEST_FIELD: usize = 4096;
/// The advice on sending photos.
const EXPECTED: &str = "send files as multipart/form-data, or one photo's bytes";

/// The memory budget of uploads.
pub struct Budget {
    room: Arc<Semaphore>,
    /// The most bytes of one request.
    pub most: u64,
}

/// The content of a request: photos, and fields with their text.
#[derive(Default)]
pub struct Upload {
    pub photos: Vec<Source>,
    pub fields: Vec<(String, String)>,
    held: Held,
}

/// The memory that a request holds, released when dropped.
#[derive(Default)]
pub struct Held {
    permits: Vec<OwnedSemaphorePermit>,
    bytes: u64,
}

impl Budget {
    /// A budget for requests of at most `most` bytes.
    pub fn new(most: u64) -> Self {
        let units = usize::try_from(TOGETHER * most.div_ceil(UNIT)).unwrap_or(usize::MAX);
        Self { room: Arc::new(Semaphore::new(units.min(Semaphore::MAX_PERMITS))), most }
    }

    /// Reserve `bytes` more for one request.
    fn hold(&self, held: &mut Held, bytes: usize) -> Answer<()> {
        held.bytes += bytes as u64;
        if held.bytes > self.most {
            let limit = format!(
                "a request may have at most {} MB; send fewer photos at once",
                self.most >> 20
            );
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, limit));
        }
        let units = u32::try_from((bytes as u64).div_ceil(UNIT)).unwrap_or(u32::MAX);
        let permit =
            self.room.clone().try_acquire_many_owned(units).map_err(|_| Problem::busy())?;
        match held.permits.first_mut() {
            Some(first) => first.merge(permit),
            None => held.permits.push(permit),
        }
        Ok(())
    }

    /// The photos of a request: a form's files, or the body as one photo, called `name`.
    pub async fn photos(&self, request: Request, name: Option<&str>) -> Answer<Upload> {
        self.refuse_announced(&request)?;
        refuse_encoded(&request)?;
        if is_json(&request) {
            return Err(not_photos(format!("JSON holds no photo; {EXPECTED}")));
        }
        let read = async {
            if is_of_type(&request, "multipart/form-data") {
                let form = Multipart::from_request(request, &()).await;
                let form = form.map_err(|e| Problem::new(e.status(), e.body_text()))?;
                return self.form(form).await;
            }
            let mut upload = Upload::default();
            let bytes = self.body(request.into_body(), &mut upload.held).await?;
            if !bytes.is_empty() {
                upload.add(name.unwrap_or_default(), bytes)?;
            }
            Ok(upload)
        };
        let upload: Upload = in_time(WHOLE, read).await??;
        if upload.photos.is_empty() {
            return Err(Problem::wrong(format!("no photo in the request; {EXPECTED}")));
        }
        upload.refuse_other_files()?;
        Ok(upload)
    }

    /// The JSON of a request.
    pub async fn json<T: DeserializeOwned>(&self, request: Request) -> Answer<T> {
        self.refuse_announced(&request)?;
        refuse_encoded(&request)?;
        let mut held = Held::default();
        let bytes = in_time(WHOLE, self.body(request.into_body(), &mut held)).await??;
        serde_json::from_slice(&bytes)
            .map_err(|e| Problem::wrong(format!("the JSON is not valid here: {e}")))
    }

    /// Refuse a request at once if its length is too large.
    fn refuse_announced(&self, request: &Request) -> Answer<()> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
        self.hold(&mut Held { bytes: length, ..Held::default() }, 0)
    }

    async fn form(&self, mut form: Multipart) -> Answer<Upload> {
        let mut upload = Upload::default();
        while let Some(field) = in_time(PAUSE, form.next_field()).await?.map_err(form_problem)? {
            let name = field.name().unwrap_or_default().to_owned();
            let headers = field.headers().clone();
            let bytes = self.field(field, &mut upload.held).await?;
            match photo_name(&name, &headers, &bytes) {
                Some(file) => upload.add(&file, bytes)?,
                None if bytes.len() <= LONGEST_FIELD => {
                    upload.fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
                }
                None => return Err(Problem::wrong(format!("the field {name:?} is too long"))),
            }
        }
        Ok(upload)
    }

    async fn field(&self, mut field: Field<'_>, held: &mut Held) -> Answer<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = in_time(PAUSE, field.chunk()).await?.map_err(form_problem)? {
            self.hold(held, chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    async fn body(&self, mut body: Body, held: &mut Held) -> Answer<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(frame) = in_time(PAUSE, body.frame()).await? {
            let frame = frame.map_err(|e| Problem::wrong(format!("the body ended early: {e}")))?;
            let chunk: Bytes = frame.into_data().unwrap_or_default();
            self.hold(held, chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

impl Upload {
    /// The text of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// Refuse a request without any photo. A single file that is not a photo gets an error among the
    /// results.
    fn refuse_other_files(&self) -> Answer<()> {
        let other = |photo: &Source| match photo {
            Source::Bytes { name, bytes } => other_than_photo(name, bytes),
            _ => None,
        };
        let others: Option<Vec<String>> = self.photos.iter().map(other).collect();
        match others.as_deref() {
            Some([only]) => Err(not_photos(only.clone())),
            Some([first, ..]) => {
                Err(not_photos(format!("none of these files is a photo; the first: {first}")))
            }
            _ => Ok(()),
        }
    }

    /// Add a photo. If its name is taken, it gets a number.
    fn add(&mut self, name: &str, bytes: Vec<u8>) -> Answer<()> {
        if self.photos.len() == MOST_PHOTOS {
            return Err(Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!(
                    "a request may have at most {MOST_PHOTOS} photos; send the others separately"
                ),
            ));
        }
        if name.len() > LONGEST_NAME {
            return Err(Problem::wrong(format!(
                "a photo's name may have at most {LONGEST_NAME} bytes"
            )));
        }
        let name = if name.is_empty() { "photo" } else { name };
        let taken = |name: &str| self.photos.iter().any(|photo| photo.name().as_os_str() == name);
        let mut own = name.to_owned();
        let mut number = 2;
        while taken(&own) {
            own = format!("{name} ({number})");
            number += 1;
        }
        self.photos.push(Source::Bytes { name: PathBuf::from(own), bytes });
        Ok(())
    }
}

/// Whether a request's body is JSON.
pub fn is_json(request: &Request) -> bool {
    is_of_type(request, "application/json")
}

/// Whether a request's body is of this type, ignoring case.
fn is_of_type(request: &Request, kind: &str) -> bool {
    let value = text(request, header::CONTENT_TYPE);
    value.get(..kind.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(kind))
}

fn text(request: &Request, name: header::HeaderName) -> &str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Refuse a body that is compressed as a whole.
fn refuse_encoded(request: &Request) -> Answer<()> {
    let encoding = text(request, header::CONTENT_ENCODING);
    if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") {
        return Ok(());
    }
    let encoding = encoding.to_ascii_lowercase();
    Err(not_photos(format!("the body is encoded ({encoding}); send it without Content-Encoding")))
}

/// What a file is that is not a photo, in one line; `None` if it is a photo.
fn other_than_photo(name: &Path, bytes: &[u8]) -> Option<String> {
    let said = not_a_photo(name, bytes)?.to_string();
    if is_base64(bytes) {
        let name = name.display();
        return Some(format!("{name}: a photo as base64 text; send its bytes themselves"));
    }
    Some(said)
}

/// Whether bytes are the text of a photo's bytes in base64, as in a `data:` address.
fn is_base64(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_start();
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    let data = text.starts_with(b"data:").then(|| text.iter().position(|byte| *byte == b','));
    let text = data.flatten().map_or(text, |comma| &text[comma + 1..]);
    // Three bytes are four letters.
    let head: Vec<u8> =
        text.iter().copied().filter(|b| !b.is_ascii_whitespace()).take(64).collect();
    let whole = head.len() - head.len() % 4;
    BASE64_STANDARD.decode(&head[..whole]).is_ok_and(|bytes| Format::of(&bytes).is_some())
}

fn not_photos(message: String) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
}

/// Wait for `work`, but not longer than `limit`.
async fn in_time<T>(limit: Duration, work: impl Future<Output = T>) -> Answer<T> {
    timeout(limit, work).await.map_err(|_| {
        Problem::new(StatusCode::REQUEST_TIMEOUT, "the request came too slowly; send it again")
    })
}

fn form_problem(error: MultipartError) -> Problem {
    // A body that ends early is the client's error, whatever the reader calls it.
    let status = error.status();
    let status = if status.is_server_error() { StatusCode::BAD_REQUEST } else { status };
    Problem::new(status, format!("the form cannot be read: {}", error.body_text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_held_until_the_request_is_done_with() {
        let budget = Budget::new(10 * UNIT);
        let (mut one, mut two, mut three) = (Held::default(), Held::default(), Held::default());
        budget.hold(&mut one, 9 << 10).ok().unwrap();
        budget.hold(&mut two, 9 << 10).ok().unwrap();
        assert!(budget.hold(&mut three, 9 << 10).is_err(), "busy");
        assert!(budget.hold(&mut one, 2 << 10).is_err(), "too large");
        drop(one);
        budget.hold(&mut Held::default(), 9 << 10).ok().unwrap();
    }

    #[test]
    fn a_photo_in_base64_is_known() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01";
        let text = BASE64_STANDARD.encode(jpeg);
        for body in [text.clone(), format!(" data:image/jpeg;base64,{text}"), format!("\"{text}\"")]
        {
            assert!(is_base64(body.as_bytes()), "{body}");
        }
        for body in [&b""[..], b"just a text", b"aGVsbG8gd29ybGQgaGVsbG8=", b"data:", jpeg] {
            assert!(!is_base64(body), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn photos_of_one_name_are_told_apart() {
        let mut upload = Upload::default();
        for name in ["a.jpg", "a.jpg", "", "a.jpg"] {
            upload.add(name, Vec::new()).ok().unwrap();
        }
        let names: Vec<_> = upload.photos.iter().map(|p| p.name().to_str().unwrap()).collect();
        assert_eq!(names, ["a.jpg", "a.jpg (2)", "photo", "a.jpg (3)"]);
        assert!(upload.add(&"x".repeat(LONGEST_NAME + 1), Vec::new()).is_err());
    }
}
