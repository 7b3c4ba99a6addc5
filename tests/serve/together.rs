//! The command line and the server at the same profile at the same time.

use serde_json::json;

use crate::client::{Server, astronaut, astronaut_file, refused};
use crate::sandbox::Sandbox;

/// The command line takes a while over its photos. What the server saves in the meantime stays, and so
/// does what the command line saves while the server works.
#[test]
fn photos_that_both_add_at_the_same_time_are_all_kept() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut_file(), "Eileen/a.png");
    sandbox.run(&["enroll", "Eileen"]).success();
    let server = Server::start(&sandbox, &[]);
    let embedded = server.post("/api/embed", &[], &[("a.png", &astronaut())]).json();
    let mut added = Vec::new();
    for round in 0..4 {
        let file = format!("line-{round}.png");
        sandbox.copy(&astronaut_file(), &file);
        let mut line = sandbox.process(&["enroll", "--add", &file]);
        let mut line = line.stdout(std::process::Stdio::null()).spawn().unwrap();
        added.push(file);
        let finished = loop {
            let name = format!("server-{}.png", added.len());
            let mut photo = embedded["photos"][0].clone();
            photo["photo"] = json!(name);
            let answer =
                server.send("POST", "/api/people/eileen/photos", &json!({ "photos": [photo] }));
            assert_eq!(answer.status, 200);
            added.push(name);
            if let Some(status) = line.try_wait().unwrap() {
                break status;
            }
        };
        assert!(finished.success());
    }
    let photos = server.get("/api/people/eileen").json()["photos"].clone();
    let is_there = |name: &String| {
        photos.as_array().unwrap().iter().any(|photo| photo["photo"] == json!(name))
    };
    let lost: Vec<_> = added.iter().filter(|name| !is_there(name)).collect();
    assert!(lost.is_empty(), "{} of {} are lost: {lost:?}", lost.len(), added.len());
}

/// Who deletes a profile wants it gone, whatever a request does with it at that moment; and the request
/// is told that nobody is there.
#[test]
fn a_profile_that_is_deleted_while_the_server_changes_it_stays_deleted() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut_file(), "Eileen/a.png");
    sandbox.run(&["enroll", "Eileen"]).success();
    let server = &Server::start(&sandbox, &[]);
    let profile = std::fs::read(sandbox.profile()).unwrap();
    for _ in 0..20 {
        sandbox.write("data/sameface/people/eileen.json", &profile);
        std::thread::scope(|scope| {
            let changes = scope.spawn(|| {
                loop {
                    let change = json!({"far": 1e-3});
                    let answer = server.send("PATCH", "/api/people/eileen", &change);
                    if answer.status != 200 {
                        return answer;
                    }
                }
            });
            sandbox.run(&["profile", "delete", "--yes"]).success();
            refused(&changes.join().unwrap(), 404, "a change");
        });
        assert!(!sandbox.profile().exists());
    }
}
