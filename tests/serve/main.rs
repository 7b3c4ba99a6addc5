//! `verify serve` as other programs meet it: the API, who may ask, and what hostile clients get.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod client;
mod described;
#[path = "../common/ending.rs"]
mod ending;
mod faces;
mod hostile;
mod identify;
mod index;
mod killed;
mod limits;
#[path = "../common/people.rs"]
mod people;
mod requests;
mod review;
#[path = "../cli/sandbox.rs"]
mod sandbox;
mod schema;
mod steps;
mod together;
mod ways;

use serde_json::{Value, json};

use client::{Server, astronaut, astronaut_file, strangers_like};
use sandbox::{Sandbox, json_lines, stderr};

#[test]
fn a_person_is_enrolled_changed_checked_exported_and_deleted() {
    let (sandbox, server) = (Sandbox::new(), &Server::alone(&[]));
    let photo = astronaut();
    assert_eq!(server.get("/api/people").json(), json!({"people": []}));
    let made = server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    assert_eq!(made.status, 201);
    let made = made.json();
    assert_eq!((&made["id"], &made["counts"]["kept"]), (&json!("eileen"), &json!(1)));
    let changed =
        server.send("PATCH", "/api/people/eileen", &json!({"far": 1e-5, "name": "E. Collins"}));
    assert_eq!(
        changed.json()["accepts"],
        "one stranger in 100,000 among people like those it was measured on"
    );
    let more = server.post("/api/people/eileen/photos", &[], &[("b.png", &photo)]).json();
    assert_eq!(more["photos"][1]["status"], "duplicate");
    let left = server.call("DELETE", "/api/people/eileen/photos?photo=b.png").json();
    assert_eq!(left["counts"]["photos"], 1);
    let dropped = server.send(
        "PATCH",
        "/api/people/eileen/photos",
        &json!({"photo": "a.png", "choice": "drop"}),
    );
    assert_eq!(dropped.status, 422, "somebody has to be left");
    // The exported profile is one for the command line.
    let profile = server.get("/api/people/eileen/export");
    let path = sandbox.write("profile.json", &profile.body);
    sandbox.write("x.png", &photo);
    let path = path.to_str().unwrap();
    sandbox.run(&["check", "x.png", "--profile", path]).success();
    assert_eq!(server.call("DELETE", "/api/people/eileen").json(), json!({"deleted": true}));
    for gone in ["/api/people/eileen", "/api/people/eileen/export", "/api/people/nobody/report"] {
        let answer = server.get(gone);
        assert_eq!(answer.status, 404);
        assert!(
            answer.json()["error"]
                .as_str()
                .unwrap()
                .contains("GET /api/people lists everybody enrolled")
        );
    }
}

#[test]
fn strangers_without_names_set_a_persons_threshold_and_are_forgotten() {
    let server = &Server::alone(&[]);
    let photo = astronaut();
    server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    let path = "/api/people/eileen/strangers";
    assert_eq!(server.post("/api/people/nobody/strangers", &[], &[("a.png", &photo)]).status, 404);
    let few = server.post(path, &[], &[("a.png", &photo)]);
    assert_eq!(few.status, 422);
    assert!(few.json()["error"].as_str().unwrap().contains("fewer than 20"), "{}", few.json());
    let embedded = server.post("/api/embed", &[], &[("a.png", &photo)]).json();
    let photos = strangers_like(&embedded["photos"][0]["faces"][0]);
    let learnt = server.send("POST", path, &json!({ "photos": photos }));
    let learnt = learnt.json();
    assert!(learnt["strangers"]["faces"].as_u64().unwrap() > 250, "{}", learnt["strangers"]);
    assert!(learnt["threshold"].as_f64().unwrap() > 4.2, "{}", learnt["threshold"]);
    assert_eq!(learnt["far"], 1e-4);
    assert!(learnt["accepts"].as_str().unwrap().ends_with("of strangers in your photos"));
    let listed = server.get("/api/people").json();
    assert_eq!(listed["people"][0]["threshold"], learnt["threshold"]);
    let exported = server.get("/api/people/eileen/export").json();
    assert_eq!(exported["photos"].as_array().unwrap().len(), 1, "no stranger's face is kept");
    let forgotten = server.call("DELETE", path).json();
    assert_eq!((&forgotten["threshold"], &forgotten["strangers"]), (&json!(4.0), &Value::Null));
}

#[test]
fn somebody_named_is_kept_apart_and_others_are_learnt_from() {
    let server = Server::alone(&[]);
    let photo = astronaut();
    server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    let verdict = || {
        let checked = server.post("/api/check", &[], &[("b.png", &photo)]).json();
        checked["results"][0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(), "match");
    let path = "/api/people/eileen/look-alikes";
    let nameless = server.post(path, &[], &[("twin.png", &photo)]);
    assert_eq!(nameless.status, 400);
    assert!(nameless.json()["error"].as_str().unwrap().starts_with("name: give the look-alike"));
    // The same photo is of either as likely as of the other.
    for _ in 0..2 {
        let apart = server.post(path, &[("name", b"Twin & co")], &[("twin.png", &photo)]);
        assert_eq!(apart.json()["look_alikes"], json!([{"name": "Twin & co", "photos": 1}]));
    }
    let checked = server.post("/api/check", &[], &[("b.png", &photo)]).json();
    let score = checked["results"][0]["score"].as_f64().unwrap();
    assert!((score - 4.0).abs() < 1e-6, "no more than the threshold: {score}");
    let nobody = server.call("DELETE", &format!("{path}?name=Twin"));
    assert_eq!(nobody.status, 422);
    assert!(nobody.json()["error"].as_str().unwrap().contains("only Twin & co"));
    let forgotten = server.call("DELETE", &format!("{path}?name=Twin%20%26%20co")).json();
    assert_eq!((&forgotten["look_alikes"], verdict()), (&json!([]), "match".to_owned()));

    let others = "/api/people/eileen/negatives";
    for _ in 0..2 {
        let known = server.post(others, &[], &[("other.png", &photo)]).json();
        assert_eq!(known["negatives"], 1, "a face is known once");
    }
    let by = server.send("PATCH", "/api/people/eileen", &json!({"method": "supervised"}));
    assert_eq!(by.json()["method"], "supervised");
}

#[test]
fn a_server_with_another_pack_says_so_and_does_the_whole_job() {
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/models/mtcnn-dlib");
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &["--pack", pack]);
    let identity = server.get("/api/info").json()["pack"].clone();
    assert!(identity.as_str().unwrap().starts_with("mtcnn-dlib-"), "{identity}");
    let photo = astronaut();
    server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    let exported = server.get("/api/people/eileen/export").json();
    assert_eq!(exported["models"], identity);
    let checked = server.post("/api/check", &[], &[("b.png", &photo)]).json();
    assert_eq!(checked["results"][0]["verdict"], "match");
    drop(server);
    // A server with the default pack leaves that person out, and says why if asked.
    let server = Server::start(&sandbox, &[]);
    let refused = server.get("/api/people/eileen");
    assert!(refused.status >= 400 && refused.json()["error"].to_string().contains("mtcnn-dlib-"));
}

#[test]
fn with_a_key_file_profiles_are_encrypted_and_no_picture_is_kept() {
    let sandbox = Sandbox::new();
    sandbox.write("key", b"correct horse");
    let server = Server::start(&sandbox, &["--key-file", "key"]);
    assert_eq!(server.get("/api/info").json()["encrypted"], true);
    let (photo, name) = (astronaut(), ("name", &b"Eileen"[..]));
    let kept = server.post("/api/people", &[name, ("keep_faces", b"true")], &[("a.png", &photo)]);
    assert_eq!(kept.status, 422);
    assert_eq!(server.get("/api/people").json(), json!({"people": []}));
    assert_eq!(server.post("/api/people", &[name], &[("a.png", &photo)]).status, 201);
    let file = std::fs::read(sandbox.profile()).unwrap();
    assert!(file.starts_with(b"age-encryption.org/v1\n"));
    drop(server);
    let listed = |args: &[&str]| {
        let listed = Server::start(&sandbox, args).get("/api/people").json();
        listed["people"][0].clone()
    };
    let locked = listed(&[]);
    assert_eq!(locked["usable"], false);
    assert!(locked["error"].as_str().unwrap().contains("encrypted"), "{locked}");
    assert_eq!(listed(&["--key-file", "key"])["usable"], true);
}

/// The verdicts are those of the command line to the last digit, and what it saved is there at once.
#[test]
fn a_check_says_what_the_command_line_says() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let photo = astronaut();
    sandbox.write("Eileen/a.png", &photo);
    sandbox.copy(&astronaut_file(), "x.png");
    sandbox.write("y.jpg", b"no photo");
    sandbox.run(&["enroll", "Eileen"]).success();
    let said = sandbox.run(&["check", "x.png", "y.jpg", "--json"]);
    let checked = server.post("/api/check", &[], &[("x.png", &photo), ("y.jpg", b"no photo")]);
    let checked = checked.json();
    let results: Vec<Value> = checked["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            assert_eq!((&result["person"], &result["name"]), (&json!("eileen"), &json!("Eileen")));
            let mut result = result.clone();
            result.as_object_mut().unwrap().retain(|key, _| key != "person" && key != "name");
            result
        })
        .collect();
    assert_eq!(results, json_lines(&said));
    let raw =
        server.body("POST", "/api/check?photo=x.png&person=eileen&far=1e-6", "image/png", &photo);
    let raw = raw.json();
    let raw = &raw["results"][0];
    assert_eq!((&raw["threshold"], &raw["photo"]), (&json!(6.0), &json!("x.png")));
    sandbox.run(&["profile", "delete", "--yes"]).success();
    assert!(!sandbox.profile().exists());
    assert_eq!(
        server.post("/api/check", &[], &[("x.png", &photo)]).status,
        404,
        "it is gone at once"
    );
}

/// What `/api/embed` gives is taken back to enrol, pictures and all; numbers that make no sense are not.
#[test]
fn a_person_is_enrolled_from_embeddings() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let photo = astronaut();
    let embedded = server.post("/api/embed?crops=true", &[], &[("a.png", &photo), ("b.txt", b"?")]);
    let photos = embedded.json()["photos"].clone();
    assert_eq!(photos[0]["faces"][0]["embedding"].as_array().unwrap().len(), 128);
    assert!(photos[1]["error"].as_str().unwrap().contains("b.txt"));
    let ask = |photos: &Value| {
        server.send(
            "POST",
            "/api/people",
            &json!({"name": "E", "photos": photos, "keep_faces": true}),
        )
    };
    let made = ask(&photos);
    assert_eq!(made.status, 201);
    assert_eq!(
        made.json()["counts"],
        json!({"photos": 2, "kept": 1, "duplicates": 0, "set_aside": 1})
    );
    let face = server.get("/api/people/e/face?photo=a.png");
    assert!(face.status == 200 && face.body.starts_with(&[0xff, 0xd8]));
    for page in ["report", "plot", "plot?format=svg&view=score", "plot?format=png"] {
        assert_eq!(server.get(&format!("/api/people/e/{page}")).status, 200, "{page}");
    }
    for (place, value) in [
        ("/0/faces/0/embedding/3", json!(9.0)),
        ("/0/faces/0/embedding", json!([1.0])),
        ("/0/faces/0/landmarks/0/0", json!(1e30)),
        ("/0/sha256", json!("../../x")),
        ("/0/photo", json!("")),
    ] {
        let mut wrong = photos.clone();
        *wrong.pointer_mut(place).unwrap() = value;
        assert_eq!(ask(&wrong).status, 400, "{place}");
    }
    // A name that happens to be a file's here is not looked up.
    let mut named = photos.clone();
    named[0]["photo"] = json!(astronaut_file());
    let named = server.send("POST", "/api/people", &json!({"name": "N", "photos": named})).json();
    assert_eq!(
        (&named["photos"][0]["face"], &named["photos"][0]["picture"]),
        (&json!(true), &json!(false))
    );
    let face = format!("/api/people/n/face?photo={}", astronaut_file().display());
    assert_eq!(server.get(&face).status, 404);
    server.call("DELETE", "/api/people/n");
    let people = sandbox.path("data/sameface/people");
    assert!(people.join("e.faces").is_dir());
    server.call("DELETE", "/api/people/e");
    assert_eq!(std::fs::read_dir(people).unwrap().count(), 0, "no picture is left");
}

#[test]
fn every_route_of_the_description_is_there_and_counted() {
    let server = Server::alone(&[]);
    let described = server.get("/openapi.json").json();
    let code = include_str!("../../src/serve/api/mod.rs");
    for route in code.split(".route(\"").skip(1).filter_map(|code| code.split('"').next()) {
        let of_the_page = ["/", "/{asset}"].contains(&route);
        assert!(of_the_page || described["paths"].get(route).is_some(), "{route} is not described");
    }
    let mut routes = 0;
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let answer = server.call(&method.to_uppercase(), &path.replace("{id}", "nobody"));
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            assert!(
                answer.status != 405 && !text.contains("no such path"),
                "{method} {path}: {text}"
            );
            routes += 1;
        }
    }
    assert!(routes >= 21, "{routes}");
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    let counted =
        "verify_requests_total{method=\"DELETE\",route=\"/api/people/{id}\",status=\"404\"} 1";
    assert!(metrics.contains(counted), "{metrics}");
    assert_eq!(server.get("/nowhere/else").status, 404);
    // Whoever makes up methods does not make the table grow.
    server.call("BREW", "/");
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    assert!(metrics.contains("method=\"other\"") && !metrics.contains("BREW"), "{metrics}");
}

/// A page of another site that gives its name this machine's address gets nothing from any route.
#[test]
fn no_route_answers_under_another_name() {
    let server = Server::alone(&[]);
    let described = server.get("/openapi.json").json();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "nobody");
        for method in methods.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            for host in ["evil.example", "localhost.evil.example", ""] {
                let answer = server.with(&method.to_uppercase(), &path, &[("Host", host)]);
                assert_eq!(answer.status, 403, "{method} {path} as {host:?}");
            }
        }
    }
}

#[test]
fn changes_at_the_same_time_are_all_kept() {
    const CHANGES: usize = 24;
    let server = &Server::alone(&[]);
    let photo = astronaut();
    server.post("/api/people", &[("name", b"Eileen")], &[("a.png", &photo)]);
    let embedded = server.post("/api/embed", &[], &[("a.png", &photo)]).json();
    let added = |number: usize| {
        let mut photo = embedded["photos"][0].clone();
        photo["photo"] = json!(format!("{number}.png"));
        let answer =
            server.send("POST", "/api/people/eileen/photos", &json!({ "photos": [photo] }));
        assert_eq!(answer.status, 200);
    };
    std::thread::scope(|scope| {
        for first in 0..4 {
            scope.spawn(move || (first..CHANGES).step_by(4).for_each(added));
        }
    });
    let photos = server.get("/api/people/eileen").json()["photos"].clone();
    let mut names: Vec<&str> =
        photos.as_array().unwrap().iter().map(|photo| photo["photo"].as_str().unwrap()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1 + CHANGES, "{names:?}");
}

/// The command line changes its profile while the server runs.
#[test]
fn a_profile_that_changes_on_disk_is_read_again() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    sandbox.copy(&astronaut_file(), "Eileen/a.png");
    sandbox.run(&["enroll", "Eileen"]).success();
    for far in ["1e-3", "1e-5", "1e-2"] {
        sandbox.run(&["enroll", "--far", far]).success();
        let rate: f64 = far.parse().unwrap();
        assert_eq!(server.get("/api/people/eileen").json()["far"], rate);
        let photo = astronaut();
        let checked = server.post("/api/check", &[], &[("b.png", &photo)]).json();
        let threshold = checked["results"][0]["threshold"].as_f64().unwrap();
        assert!((threshold + rate.log10()).abs() < 1e-9, "{checked}");
    }
}

#[test]
fn another_address_needs_a_token_and_the_token_opens_everything() {
    let sandbox = Sandbox::new();
    sandbox.fails(&["serve", "--host", "0.0.0.0", "--no-open"], &["--host", "--token"]);
    let short = sandbox.run(&["serve", "--token", "short", "--no-open"]).code(2);
    assert!(stderr(&short).contains("at least 8 letters"));
    let server = Server::start(&sandbox, &["--host", "0.0.0.0", "--token", "0123456789abcdef"]);
    assert_eq!(server.get("/health").status, 200);
    for path in ["/api/people", "/", "/metrics", "/?token=wrong-token-0000"] {
        assert_eq!(server.get(path).status, 401, "{path}");
    }
    let with = |name: &str, value: &str| server.with("GET", "/api/people", &[(name, value)]).status;
    assert_eq!(with("Authorization", "Bearer 0123456789abcdef"), 200);
    assert_eq!(with("Authorization", "Bearer 0123456789abcdee"), 401);
    assert_eq!(with("Cookie", "a=b; verify-token=0123456789abcdef"), 200);
    let welcome = server.get("/?token=0123456789abcdef");
    assert_eq!(welcome.status, 303);
    assert!(welcome.head.to_lowercase().contains("samesite=strict"), "{}", welcome.head);
}

#[test]
fn a_port_that_is_taken_is_said() {
    let (sandbox, server) = (Sandbox::new(), Server::alone(&[]));
    let port = server.port().to_string();
    sandbox.fails(&["serve", "--no-open", "--port", &port], &["--port", &port, "in use"]);
}
