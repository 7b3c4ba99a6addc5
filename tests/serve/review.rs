//! What a scan found, looked through over HTTP: the same as on the command line, and refused in the same way.

use serde_json::{Value, json};

use crate::client::{Server, astronaut, refused};
use crate::people::{ANN, CYD, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines};

/// Ann is enrolled from one photo; a library has her in two others, and somebody else.
fn library() -> Sandbox {
    let sandbox = Sandbox::new();
    let save = |name: &str, person, pose| {
        let path = sandbox.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        photo((320, 320), &[(person, pose)]).save(path).unwrap();
    };
    save("ann.png", &ANN, UPRIGHT);
    save("library/1.png", &ANN, Pose { turn: 8.0, ..UPRIGHT });
    save("library/2.png", &ANN, Pose { mirrored: true, light: 1.3, ..UPRIGHT });
    save("library/3.png", &CYD, UPRIGHT);
    sandbox.run(&["enroll", "ann.png", "--name", "Ann"]).success();
    sandbox.run(&["scan", "library"]).success();
    sandbox
}

fn of_command(sandbox: &Sandbox, args: &[&str]) -> Value {
    let run = sandbox.run(&[&["review", "--list", "--json"], args].concat());
    json_lines(&run).remove(0)
}

#[test]
fn the_server_and_the_command_look_through_the_same() {
    let sandbox = library();
    let server = Server::start(&sandbox, &[]);
    let route = "/api/people/ann/review";
    let found = server.get(route).json();
    assert_eq!(found["open"], 2, "{found}");
    let said = of_command(&sandbox, &[]);
    assert_eq!(found["faces"], said["faces"]);
    let face = |at: usize| found["faces"][at]["face"].as_str().unwrap().to_owned();
    let no = json!({"answers": [{"face": face(1), "answer": "no"}]});
    assert_eq!(server.send("POST", route, &no).json()["no"], 1);
    let after = of_command(&sandbox, &["--yes", &face(0)]);
    assert_eq!((&after["yes"], &after["no"], &after["open"]), (&json!(1), &json!(1), &json!(0)));
    // The server knows what another program changed meanwhile.
    let person = server.get("/api/people/ann").json();
    let counts = ["photos", "look_alikes"].map(|list| person[list].as_array().unwrap().len());
    assert_eq!(counts, [2, 1], "{person}");
    assert_eq!(server.call("POST", &format!("{route}/undo")).json()["open"], 1);
    let again = server.call("POST", &format!("{route}/undo?limit=1")).json();
    assert_eq!((&again["open"], again["faces"].as_array().unwrap().len()), (&json!(2), 1));
    assert_eq!(server.call("POST", &format!("{route}/undo")).json()["undone"], json!([]));
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let sandbox = library();
    let server = Server::start(&sandbox, &[]);
    let route = "/api/people/ann/review";
    let before = server.get(route).body;
    for (answers, status) in [
        (json!({"answers": []}), 400),
        (json!({"answers": [{"face": "gone-1", "answer": "yes"}]}), 422),
        (json!({"answers": [{"face": "gone-1", "answer": "perhaps"}]}), 400),
        (json!({}), 400),
    ] {
        refused(&server.send("POST", route, &answers), status, &answers.to_string());
    }
    refused(&server.get(&format!("{route}/face?face=../../etc/passwd")), 404, "no face");
    assert_eq!(server.get(route).body, before);
    // A photo that is another one now is not shown.
    sandbox.write("library/1.png", &astronaut());
    let faces = server.get(route).json();
    let first = faces["faces"].as_array().unwrap().iter();
    let first =
        first.clone().find(|face| face["photo"].as_str().unwrap().ends_with("1.png")).unwrap();
    let address = format!("{route}/face?face={}", first["face"].as_str().unwrap());
    refused(&server.get(&address), 404, "another photo");
    server.call("DELETE", "/api/people/ann");
    assert!(!sandbox.path("data/sameface/people/ann.json.review").exists());
}
