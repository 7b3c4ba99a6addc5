//! What programs send in all the ways in which they send photos, and what is said of what is none.

use serde_json::json;

use crate::client::{Answer, Server, astronaut, form, form_type, head, refused};

/// A part of a form, with its headers as they are sent.
fn part(headers: &[u8], content: &[u8]) -> Vec<u8> {
    let boundary = form_type().split_once('=').unwrap().1.to_owned();
    let begin = format!("--{boundary}\r\n");
    let end = format!("\r\n--{boundary}--\r\n");
    [begin.as_bytes(), headers, b"\r\n\r\n", content, end.as_bytes()].concat()
}

fn said(answer: &Answer) -> String {
    answer.json()["error"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_photo_in_a_form_is_known_however_it_is_named() {
    let server = Server::alone(&[]);
    for (headers, name) in [
        (&b"Content-Disposition: form-data; name=\"photo\""[..], "photo"),
        (b"Content-Disposition: form-data; name=\"anything\"", "photo"),
        (b"Content-Disposition: form-data; name=\"x\"\r\nContent-Type: image/png", "photo"),
        (
            b"Content-Disposition: form-data; name=\"photo\"; filename=\"M\xFCller.png\"",
            "M\u{fc}ller.png",
        ),
        (
            b"Content-Disposition: form-data; name=\"photo\"; filename*=UTF-8''M%C3%BCller.png",
            "M\u{fc}ller.png",
        ),
        (b"content-disposition: form-data; name=photo; filename=a.png", "a.png"),
    ] {
        let sent = server.body("POST", "/api/embed", &form_type(), &part(headers, &astronaut()));
        assert_eq!(
            sent.status,
            200,
            "{}: {}",
            headers.escape_ascii(),
            String::from_utf8_lossy(&sent.body)
        );
        let photo = &sent.json()["photos"][0];
        assert_eq!((&photo["photo"], photo["faces"].as_array().unwrap().len()), (&json!(name), 1));
    }
    let body = form(&[], &[("a.png", &astronaut())]);
    let capitals =
        form_type().replace("multipart/form-data; boundary", "Multipart/Form-Data; Boundary");
    assert_eq!(server.body("POST", "/api/embed", &capitals, &body).status, 200);
    // What `curl --data-binary` says, which knows nothing of the body.
    let curl = "application/x-www-form-urlencoded";
    assert_eq!(server.body("POST", "/api/embed", curl, &astronaut()).status, 200);
}

#[test]
fn what_is_no_photo_is_refused_with_what_it_is() {
    let server = Server::alone(&[]);
    let photo = astronaut();
    let enrolled = server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    assert_eq!(enrolled.status, 201);
    let base64 = {
        use base64::prelude::{BASE64_STANDARD, Engine};
        BASE64_STANDARD.encode(&photo).into_bytes()
    };
    let json = [b"{\"image\": \"", &base64[..], b"\"}"].concat();
    for route in ["/api/check", "/api/embed", "/api/identify"] {
        for (kind, body, words) in [
            ("image/jpeg", &b"PK\x03\x04\x14\0\0\0"[..], "an archive; unpack the photos in it"),
            ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0", "a video"),
            ("application/pdf", b"%PDF-1.4", "a PDF"),
            ("text/plain", b"hello", "not a photo; give a JPEG"),
            ("text/plain", &base64, "a photo as base64 text; send its bytes"),
            ("application/json", &json, "JSON holds no photo; send files as multipart/form-data"),
            ("Application/JSON; charset=utf-8", b"{}", "JSON holds no photo"),
            ("application/gzip", b"\x1f\x8b\x08\0\0\0\0\0", "an archive"),
        ] {
            let answer = server.body("POST", route, kind, body);
            refused(&answer, 415, kind);
            assert!(said(&answer).contains(words), "{route} {kind}: {}", said(&answer));
        }
        let zips = server.post(route, &[], &[("a.zip", b"PK\x03\x04"), ("b.zip", b"PK\x03\x04")]);
        refused(&zips, 415, route);
        assert!(
            said(&zips).contains("none of these files is a photo; the first: a.zip: an archive")
        );
        // A photo is analysed, whatever comes with it.
        let both = server.post(route, &[], &[("a.zip", b"PK\x03\x04"), ("b.png", &photo)]);
        assert_eq!(both.status, 200);
        let compressed = [("Content-Encoding", "gzip"), ("Content-Type", "image/png")];
        let compressed = [head("POST", route, &compressed, photo.len()), photo.clone()].concat();
        let answer = server.raw(&compressed);
        refused(&answer, 415, route);
        assert!(said(&answer).contains("the body is encoded (gzip)"), "{}", said(&answer));
    }
}

#[test]
fn this_machine_is_known_in_any_case() {
    let server = Server::alone(&[]);
    for (host, status) in [
        ("LocalHost", 200),
        ("localhost.", 200),
        ("LOCALHOST.:7878", 200),
        ("localhost.evil.example", 403),
        ("localhost..", 403),
    ] {
        assert_eq!(server.with("GET", "/api/people", &[("Host", host)]).status, status, "{host}");
    }
}
