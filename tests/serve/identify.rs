//! Several people over HTTP: the answers are those of the command line.

use serde_json::{Value, json};

use crate::client::{Server, astronaut, refused};
use crate::people::{ANN, BOB, Person, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines};

/// A photo of some made-up people, as a file's bytes.
fn picture(people: &[(&Person, Pose)]) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    photo((600, 360), people).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn at(x: f64) -> Pose {
    Pose { middle: (x, 180.0), scale: 0.8, ..UPRIGHT }
}

/// Ann and Bob, enrolled over HTTP from a photo each.
fn two(sandbox: &Sandbox) -> Server {
    let server = Server::start(sandbox, &[]);
    for (name, person) in [("Ann", &ANN), ("Bob", &BOB)] {
        let own = picture(&[(person, at(300.0))]);
        let made = server.post("/api/people", &[("name", name.as_bytes())], &[("own.png", &own)]);
        assert_eq!(made.status, 201);
    }
    server
}

#[test]
fn who_is_in_a_photo_is_what_the_command_line_says() {
    let sandbox = Sandbox::new();
    let server = two(&sandbox);
    let both = picture(&[(&BOB, at(150.0)), (&ANN, at(440.0))]);
    sandbox.write("both.png", &both);
    let photos = [("both.png", &both[..]), ("broken.png", b"no photo")];
    let said = server.post("/api/identify", &[], &photos).json();
    let line = json_lines(&sandbox.run(&["identify", "--json", "both.png"]).code(0)).remove(0);
    assert_eq!(said["photos"][0], line);
    let names: Vec<&Value> =
        line["faces"].as_array().unwrap().iter().map(|face| &face["name"]).collect();
    assert!(names.contains(&&json!("Ann")) && names.contains(&&json!("Bob")), "{names:?}");
    assert!(said["photos"][1]["error"].as_str().unwrap().starts_with("broken.png: not a photo"));
    let asked =
        |query: &str| server.body("POST", &format!("/api/identify?{query}"), "image/png", &both);
    let strict = asked("far=1.1e-7&strict=true&photo=x.png").json();
    let threshold = strict["photos"][0]["faces"][0]["threshold"].as_f64().unwrap();
    assert!(threshold > 6.0 && strict["photos"][0]["photo"] == "x.png", "{strict}");
    assert_eq!(strict["photos"][0].get("xmp"), None, "it was not asked for");
    let with = asked("xmp=true&photo=both.png").json();
    sandbox.run(&["identify", "--xmp", "both.png"]).success();
    let sidecar = std::fs::read_to_string(sandbox.path("both.png.xmp")).unwrap();
    assert_eq!(with["photos"][0]["xmp"], sidecar, "what the command writes");
    for wrong in ["far=0", "prior=1", "strict=maybe", "nonsense=1"] {
        refused(&asked(wrong), 400, wrong);
    }
    for id in ["ann", "bob"] {
        assert_eq!(server.call("DELETE", &format!("/api/people/{id}")).status, 200);
    }
    refused(&asked(""), 404, "nobody is there");
}

#[test]
fn two_people_are_told_apart_and_nobody_from_themselves() {
    let sandbox = Sandbox::new();
    let server = two(&sandbox);
    let apart = |id: &str, other: &str| {
        server.send("POST", &format!("/api/people/{id}/apart"), &json!({"other": other}))
    };
    let told = apart("ann", "bob");
    assert_eq!(told.status, 200);
    assert_eq!(told.json()["look_alikes"][0]["name"], "Bob");
    let other = server.get("/api/people/bob").json();
    assert_eq!(other["look_alikes"][0]["name"], "Ann");
    refused(&apart("ann", "ann"), 422, "one person");
    refused(&apart("ann", "nobody"), 404, "nobody");
    refused(&apart("nobody", "ann"), 404, "nobody");
    refused(&server.send("POST", "/api/people/ann/apart", &json!({})), 400, "no other");
}

/// The person enrolled over HTTP is one of the command line's people, and the other way round.
#[test]
fn the_command_line_and_the_server_share_the_people() {
    let sandbox = Sandbox::new();
    let server = two(&sandbox);
    let listed = json_lines(&sandbox.run(&["people", "--json"]).success()).remove(0);
    let names: Vec<&Value> =
        listed["people"].as_array().unwrap().iter().map(|person| &person["name"]).collect();
    assert_eq!(names, ["Ann", "Bob"]);
    assert_eq!(
        server.get("/api/people").json()["people"][1]["command_line"],
        true,
        "Bob is the last"
    );
    sandbox.run(&["people", "use", "Ann"]).success();
    assert_eq!(server.get("/api/people").json()["people"][0]["command_line"], true);
    sandbox.write("eileen/1.png", &astronaut());
    sandbox.run(&["enroll", "eileen"]).success();
    assert_eq!(server.get("/api/people").json()["people"][2]["id"], "eileen");
    // What was sent is looked up on no disk, whatever lies there under its name.
    let own = picture(&[(&ANN, at(300.0))]);
    sandbox.write("own.png", &own);
    assert_eq!(server.get("/api/people/ann").json()["photos"][0]["picture"], false);
    assert_eq!(server.get("/api/people/ann/face?photo=own.png").status, 404);
    assert_eq!(server.get("/api/people/eileen").json()["photos"][0]["picture"], true);
}

#[test]
fn of_several_faces_of_like_size_the_client_says_which() {
    let server = Server::start(&Sandbox::new(), &[]);
    let both = picture(&[(&BOB, at(150.0)), (&ANN, at(440.0))]);
    let made = server.post("/api/people", &[], &[("both.png", &both)]);
    refused(&made, 422, "which face");
    assert!(made.json()["error"].as_str().unwrap().contains("\"face\""), "{}", made.json());
    let mut found =
        server.post("/api/embed", &[], &[("both.png", &both)]).json()["photos"][0].clone();
    found["face"] = json!(2);
    let made = server.send("POST", "/api/people", &json!({"name": "Ann", "photos": [found]}));
    assert_eq!(made.status, 201);
    let photo = &made.json()["photos"][0];
    assert_eq!((&photo["number"], &photo["bystanders"]), (&json!(2), &json!(1)));
    let ann = picture(&[(&ANN, at(300.0))]);
    let checked = server.post("/api/check", &[], &[("ann.png", &ann)]).json();
    assert_eq!(checked["results"][0]["verdict"], "match");
    found["face"] = json!(3);
    refused(&server.send("POST", "/api/people", &json!({"photos": [found]})), 422, "no such face");
}
