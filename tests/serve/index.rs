//! The index behind the server: it answers for photos that it knows, and what is sent is not put into
//! it unless that is asked for.

use std::io::Write;

use serde_json::Value;

use crate::client::{Server, astronaut, astronaut_file, form, form_type, head, wait_for};
use crate::sandbox::{Sandbox, json_lines};

/// A photo of the astronaut whose file no other one equals.
fn another() -> Vec<u8> {
    [astronaut(), b"another".to_vec()].concat()
}

/// What `/api/embed` says of a photo, to the byte.
fn embedded(server: &Server, photo: &[u8]) -> Vec<u8> {
    let answer = server.post("/api/embed", &[], &[("a.png", photo)]);
    assert_eq!(answer.status, 200);
    answer.body
}

/// A number of the server's metrics.
fn metric(server: &Server, name: &str) -> u64 {
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("verify_{name} ")));
    line.unwrap().parse().unwrap()
}

/// The photos that the server's index knew.
fn remembered(server: &Server) -> u64 {
    metric(server, "remembered_photos_total")
}

fn counts(sandbox: &Sandbox, index: &[&str]) -> [u64; 3] {
    let args = [&["index", "info", "--json"], index].concat();
    let info: Value = json_lines(&sandbox.run(&args).success()).remove(0);
    ["photos", "faces", "files"].map(|count| info[count].as_u64().unwrap())
}

/// A sandbox whose index knows the astronaut's file.
fn scanned(index: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut_file(), "a.png");
    let embed = ["embed", "a.png", "--out", "a.npy"];
    sandbox.run(&[&embed[..], index].concat()).success();
    assert_eq!(counts(&sandbox, index), [1, 1, 1]);
    sandbox
}

#[test]
fn a_server_answers_from_the_index_and_does_not_add_to_it() {
    let sandbox = scanned(&[]);
    let without = Server::start(&sandbox, &["--no-index"]);
    let server = Server::start(&sandbox, &[]);
    assert_eq!(embedded(&server, &astronaut()), embedded(&without, &astronaut()));
    assert_eq!((remembered(&server), remembered(&without)), (1, 0));
    for _ in 0..2 {
        assert_eq!(embedded(&server, &another()), embedded(&without, &another()));
    }
    assert_eq!(remembered(&server), 1, "what was sent is forgotten");
    drop(server);
    assert_eq!(counts(&sandbox, &[]), [1, 1, 1]);
}

#[test]
fn a_server_that_is_told_to_remember_does_not_analyse_a_photo_twice() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &["--remember"]);
    let first = embedded(&server, &another());
    assert_eq!(remembered(&server), 0);
    wait_for("the photo in the index", || (counts(&sandbox, &[]) == [1, 1, 0]).then_some(()));
    assert_eq!(embedded(&server, &another()), first);
    assert_eq!(remembered(&server), 1);
    // The command line knows what the server found. No file holds it, so it goes with those whose
    // files are gone.
    sandbox.write("b.png", &another());
    sandbox.run(&["embed", "b.png", "--out", "b.npy"]).success();
    assert_eq!(counts(&sandbox, &[]), [1, 1, 1]);
    std::fs::remove_file(sandbox.path("b.png")).unwrap();
    sandbox.run(&["index", "prune"]).success();
    assert_eq!(counts(&sandbox, &[]), [0, 0, 0]);
}

#[test]
fn beside_encrypted_profiles_only_an_index_that_is_named_is_used() {
    let sandbox = scanned(&[]);
    sandbox.write("key", b"a passphrase of the tests");
    let server = Server::start(&sandbox, &["--key-file", "key"]);
    embedded(&server, &astronaut());
    assert_eq!(remembered(&server), 0);
    drop(server);
    for none in [["--key-file", "key"], ["--no-index", "--no-open"]] {
        let args = [&["serve", "--port", "0", "--remember"], &none[..]].concat();
        sandbox.fails(&args, &["--remember", "needs an index", "--index FILE"]);
    }
    let sandbox = scanned(&["--index", "named.sqlite"]);
    sandbox.write("key", b"a passphrase of the tests");
    let server = Server::start(&sandbox, &["--key-file", "key", "--index", "named.sqlite"]);
    embedded(&server, &astronaut());
    assert_eq!(remembered(&server), 1);
}

/// The server's metrics tell how many photos it has analysed.
#[test]
fn photos_of_a_client_that_has_gone_are_not_looked_at() {
    const PHOTOS: usize = 60;
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &["--remember", "--threads", "1"]);
    let photos: Vec<(String, Vec<u8>)> = (0..PHOTOS)
        .map(|number| (number.to_string(), [astronaut(), vec![number as u8]].concat()))
        .collect();
    let photos: Vec<_> = photos.iter().map(|(name, photo)| (&**name, &**photo)).collect();
    let body = form(&[], &photos);
    let head = head("POST", "/api/embed", &[("Content-Type", &form_type())], body.len());
    let mut client = server.connect();
    client.write_all(&[head, body].concat()).unwrap();
    wait_for("the photos in the queue", || (metric(&server, "waiting_photos") > 0).then_some(()));
    drop(client);
    wait_for("an empty queue", || (metric(&server, "waiting_photos") == 0).then_some(()));
    drop(server);
    let [looked_at, ..] = counts(&sandbox, &[]);
    assert!((1..PHOTOS as u64 / 2).contains(&looked_at), "{looked_at}");
}
