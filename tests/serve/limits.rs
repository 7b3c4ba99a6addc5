//! Limits on what is sent: all that a limit allows is taken, and what is beyond it is refused in a
//! line.

use serde_json::{Value, json};

use crate::client::{PATIENCE, Server, astronaut, form, form_type, head, refused};
use crate::sandbox::{Sandbox, stderr};

/// The most bytes of one request with `--max-upload 1`.
const MOST_BYTES: usize = 1 << 20;

/// So many bytes that begin as a PNG does and are none.
fn broken_png(bytes: usize) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(bytes, 0);
    png
}

/// A name of so many letters.
fn letters(number: usize) -> String {
    "x".repeat(number)
}

/// A form whose body has so many bytes, with one photo that is none.
fn form_of(bytes: usize) -> Vec<u8> {
    let around = form(&[], &[("a.png", b"")]).len();
    form(&[], &[("a.png", &broken_png(bytes - around))])
}

/// `bytes` in one chunk, without a word on how many are to come.
fn chunked(path: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        bytes.len()
    );
    [head.as_bytes(), bytes, b"\r\n0\r\n\r\n"].concat()
}

#[test]
fn a_request_may_have_so_many_bytes() {
    let server = Server::alone(&["--max-upload", "1"]);
    let path = "/api/embed";
    let photo = |bytes: usize| server.body("POST", path, "image/png", &broken_png(bytes));
    assert_eq!(photo(MOST_BYTES).status, 200);
    refused(&photo(MOST_BYTES + 1), 413, "a photo");
    let unannounced = |bytes: usize| server.raw(&chunked(path, &broken_png(bytes)));
    assert_eq!(unannounced(MOST_BYTES).status, 200);
    refused(&unannounced(MOST_BYTES + 1), 413, "a photo in chunks");
    let form = |bytes: usize| server.body("POST", path, &form_type(), &form_of(bytes));
    assert_eq!(form(MOST_BYTES).status, 200);
    refused(&form(MOST_BYTES + 1), 413, "a form");
    // JSON may begin with any number of spaces. Nobody of that name is there to be changed.
    let json = |bytes: usize| {
        let body = [vec![b' '; bytes - 2], b"{}".to_vec()].concat();
        server.body("PATCH", "/api/people/nobody", "application/json", &body)
    };
    refused(&json(MOST_BYTES), 404, "JSON");
    refused(&json(MOST_BYTES + 1), 413, "JSON");
}

#[test]
fn a_request_may_have_a_thousand_photos() {
    let server = Server::alone(&[]);
    let send = |number: usize| {
        let names: Vec<String> = (0..number).map(|number| format!("{number}.png")).collect();
        let broken = broken_png(20);
        let photos: Vec<_> = names.iter().map(|name| (name.as_str(), &broken[..])).collect();
        server.post("/api/embed", &[], &photos)
    };
    let taken = send(1000);
    assert_eq!(taken.status, 200);
    assert_eq!(taken.json()["photos"].as_array().unwrap().len(), 1000);
    refused(&send(1001), 413, "1001 photos");
}

#[test]
fn names_of_photos_and_fields_may_be_so_long() {
    let server = Server::alone(&[]);
    let upload = |name: &str| server.post("/api/embed", &[], &[(name, &broken_png(20))]);
    let bare = |name: &str| {
        server.body("POST", &format!("/api/embed?photo={name}"), "image/png", &broken_png(20))
    };
    for taken in [upload(&letters(1024)), bare(&letters(1024))] {
        assert_eq!(taken.json()["photos"][0]["photo"], letters(1024));
    }
    refused(&upload(&letters(1025)), 400, "the name of a photo in a form");
    refused(&bare(&letters(1025)), 400, "the name of a photo");
    let field = |number: usize| {
        server.post(
            "/api/embed",
            &[("note", letters(number).as_bytes())],
            &[("a.png", &broken_png(20))],
        )
    };
    assert_eq!(field(4096).status, 200);
    refused(&field(4097), 400, "a field");
}

#[test]
fn a_persons_name_may_have_200_letters() {
    // Each is of two bytes.
    let letters = |number| "\u{e9}".repeat(number);
    let server = Server::alone(&[]);
    let photo = astronaut();
    let by_form =
        |name: &str| server.post("/api/people", &[("name", name.as_bytes())], &[("a.png", &photo)]);
    let embedded = server.post("/api/embed", &[], &[("a.png", &photo)]).json();
    let by_json = |name: &str| {
        server.send("POST", "/api/people", &json!({"name": name, "photos": embedded["photos"]}))
    };
    let mut ids = Vec::new();
    for made in [by_form(&letters(200)), by_json(&letters(200)), by_json("x")] {
        assert_eq!(made.status, 201);
        ids.push(made.json()["id"].as_str().unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3, "long names that are the same are two people's: {ids:?}");
    let change = |id: &str, name: &str| {
        server.send("PATCH", &format!("/api/people/{id}"), &json!({ "name": name }))
    };
    for id in &ids {
        assert_eq!(change(id, &letters(200)).json()["name"], letters(200), "{id}");
        for name in [&letters(201), "", "  "] {
            refused(&change(id, name), 400, name);
        }
    }
    refused(&by_form(&letters(201)), 400, "by a form");
    for name in [&letters(201), "", "  "] {
        refused(&by_json(name), 400, name);
    }
    let listed = server.get("/api/people").json()["people"].as_array().unwrap().len();
    assert_eq!(listed, 3, "who is refused is not enrolled");
}

#[test]
fn rates_and_probabilities_are_shares() {
    let server = Server::alone(&[]);
    let photo = astronaut();
    server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    let change = |far: f64| server.send("PATCH", "/api/people/eileen", &json!({ "far": far }));
    let enrol = |far: &str| {
        let fields = [("name", &b"F"[..]), ("far", far.as_bytes())];
        server.post("/api/people", &fields, &[("a.png", &photo)])
    };
    let check = |query: &str| {
        server.body("POST", &format!("/api/check?{query}"), "image/png", &broken_png(20))
    };
    for far in [0.999, 1e-4, 1.1e-7] {
        assert_eq!(change(far).json()["far"], far);
        assert_eq!(check(&format!("far={far}")).status, 200, "{far}");
        assert_eq!(enrol(&far.to_string()).status, 201, "{far}");
    }
    for far in [1.0, 1e-7, 0.0, -1e-4, 2.0] {
        refused(&change(far), 400, &far.to_string());
        refused(&check(&format!("far={far}")), 400, &far.to_string());
        refused(&enrol(&far.to_string()), 400, &far.to_string());
    }
    for far in ["NaN", "inf", "often"] {
        refused(&check(&format!("far={far}")), 400, far);
        refused(&enrol(far), 400, far);
    }
    for prior in ["0.001", "0.999"] {
        assert_eq!(check(&format!("prior={prior}")).status, 200, "{prior}");
    }
    for prior in ["0", "1", "-0.5", "NaN", "often"] {
        refused(&check(&format!("prior={prior}")), 400, prior);
    }
}

/// An embedded photo whose value at `place` is another.
fn altered(photo: &Value, place: &str, value: Value) -> Value {
    let mut photo = photo.clone();
    *photo.pointer_mut(place).unwrap() = value;
    photo
}

/// The embedding of a photo's face made as long as `length`.
fn of_length(photo: &Value, length: f64) -> Value {
    let numbers = photo["faces"][0]["embedding"].as_array().unwrap();
    let numbers = numbers.iter().map(|number| length * number.as_f64().unwrap());
    altered(photo, "/faces/0/embedding", numbers.collect())
}

/// Whoever sends what was found in a photo may send what makes sense, and no more; what was taken can be
/// read by the next server too.
#[test]
fn what_was_found_in_a_photo_is_held_to_limits() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let photo = server.post("/api/embed", &[], &[("a.png", &astronaut())]).json();
    let photo = &photo["photos"][0];
    let enrol = |photo: &Value| server.send("POST", "/api/people", &json!({"photos": [photo]}));
    let faces = |number: usize| altered(photo, "/faces", json!(vec![&photo["faces"][0]; number]));
    let place = |value: f64| altered(photo, "/faces/0/landmarks/0/0", json!(value));
    let taken: [Value; 7] = [
        altered(photo, "/photo", json!(letters(1024))),
        altered(photo, "/sha256", json!("a".repeat(64))),
        // One of them is meant: it is larger.
        altered(&faces(1000), "/faces/0/box/3", json!(900.0)),
        of_length(photo, 0.996),
        of_length(photo, 1.004),
        place(999_999.0),
        place(-999_999.0),
    ];
    let answered: Vec<u16> = taken.iter().map(|photo| enrol(photo).status).collect();
    assert_eq!(answered, [201; 7]);
    let wrong = [
        ("no photo's name", altered(photo, "/photo", json!(""))),
        ("a photo's name", altered(photo, "/photo", json!(letters(1025)))),
        ("a sum", altered(photo, "/sha256", json!("a".repeat(65)))),
        ("no sum", altered(photo, "/sha256", json!("g".repeat(64)))),
        ("faces", faces(1001)),
        ("a short embedding", of_length(photo, 0.992)),
        ("a long embedding", of_length(photo, 1.008)),
        ("a place", place(1e6)),
        ("a place", place(-1e6)),
        ("a measure", altered(photo, "/faces/0/quality/sharpness", json!(1e39))),
        ("a confidence", altered(photo, "/faces/0/confidence", json!(1e39))),
    ];
    let let_in = wrong.iter().map(|(what, photo)| (what, enrol(photo).status));
    let let_in: Vec<_> = let_in.filter(|(_, status)| *status != 400).collect();
    assert!(let_in.is_empty(), "{let_in:?}");
    drop(server);
    let listed = Server::start(&sandbox, &[]).get("/api/people").json();
    let listed = listed["people"].as_array().unwrap();
    assert_eq!(listed.len(), taken.len());
    assert!(listed.iter().all(|person| person["usable"] == true), "{listed:?}");
}

/// A picture of a face may have 64 KiB; with a larger one the person is enrolled without it.
#[test]
fn a_kept_picture_may_have_so_many_bytes() {
    use base64::prelude::{BASE64_STANDARD, Engine};
    let server = Server::alone(&[]);
    let photo = server.post("/api/embed?crops=true", &[], &[("a.png", &astronaut())]).json();
    for (bytes, kept) in [(64 << 10, true), ((64 << 10) + 1, false)] {
        let mut jpeg = vec![0u8; bytes];
        jpeg[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
        let crop = format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&jpeg));
        let photo = altered(&photo["photos"][0], "/faces/0/crop", json!(crop));
        let made =
            server.send("POST", "/api/people", &json!({"photos": [photo], "keep_faces": true}));
        assert_eq!(made.status, 201);
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let face = server.get(&format!("/api/people/{id}/face?photo=a.png"));
        assert_eq!((face.status == 200, face.body == jpeg), (kept, kept), "{bytes} bytes");
    }
}

#[test]
fn a_token_has_eight_letters_at_the_least() {
    let sandbox = Sandbox::new();
    let mut short = sandbox.command(&["serve", "--no-open", "--token", "1234567"]);
    let short = short.timeout(PATIENCE).assert().code(2);
    assert!(stderr(&short).contains("at least 8 letters"));
    let server = Server::start(&sandbox, &["--token", "12345678"]);
    let asked = head("GET", "/api/people", &[("Authorization", "Bearer 12345678")], 0);
    assert_eq!(server.raw(&asked).status, 200);
}
