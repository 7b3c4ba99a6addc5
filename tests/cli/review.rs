//! `verify review` in the terminal: the faces a scan found, answers, and their effect on the profile.

use serde_json::Value;

use crate::people::{ANN, BOB, CYD, Person, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

fn save(sandbox: &Sandbox, name: &str, people: &[(&Person, Pose)]) {
    let path = sandbox.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    photo((600, 320), people).save(path).unwrap();
}

/// Ann is enrolled from one photo. A library has her alone, beside Bob, and Cyd.
fn library(enroll: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    let right = Pose { middle: (440.0, 160.0), ..UPRIGHT };
    save(&sandbox, "ann.png", &[(&ANN, UPRIGHT)]);
    save(&sandbox, "library/alone.png", &[(&ANN, Pose { turn: 8.0, ..UPRIGHT })]);
    save(
        &sandbox,
        "library/more/beside.png",
        &[(&BOB, UPRIGHT), (&ANN, Pose { light: 1.3, ..right })],
    );
    save(&sandbox, "library/other.png", &[(&CYD, UPRIGHT)]);
    sandbox.write("key", b"correct horse\n");
    sandbox.run(&[&["enroll", "ann.png", "--name", "Ann"], enroll].concat()).success();
    sandbox
}

fn listed(sandbox: &Sandbox, args: &[&str]) -> Value {
    json_lines(&sandbox.run(&[&["review", "--list", "--json"], args].concat())).remove(0)
}

/// The file names of the faces, sorted.
fn photos(list: &Value) -> Vec<String> {
    let names = list["faces"].as_array().unwrap().iter().map(|face| {
        let photo = std::path::Path::new(face["photo"].as_str().unwrap());
        photo.file_name().unwrap().to_str().unwrap().to_owned()
    });
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn what_a_scan_found_is_listed_answered_and_undone() {
    let sandbox = library(&[]);
    let nothing = sandbox.run(&["review", "--list"]).code(1);
    assert!(stdout(&nothing).contains("`verify scan DIR` finds some"), "{}", stdout(&nothing));
    sandbox.run(&["scan", "library"]).success();
    let list = listed(&sandbox, &[]);
    assert_eq!(photos(&list), ["alone.png", "beside.png"]);
    let faces = list["faces"].as_array().unwrap();
    let beside = faces.iter().find(|face| face["faces"] == 2).unwrap();
    assert_eq!(beside["number"], 2, "from the left");
    assert!(faces.iter().all(|face| face["nearest"][0]["photo"] == "ann.png"), "{list}");
    let text = stdout(&sandbox.run(&["review", "--list"]).success());
    assert!(
        text.contains("face 2 of 2 from the left") && text.contains("2 faces to review"),
        "{text}"
    );

    let id = beside["face"].as_str().unwrap();
    let said = stdout(&sandbox.run(&["review", "--yes", "alone.png", "--no", id]).success());
    assert!(said.contains("1 face enrolled as Ann") && said.contains("no faces left"), "{said}");
    let shown = json_lines(&sandbox.run(&["profile", "show", "--json"]).success()).remove(0);
    let kept = shown["kept"].as_array().unwrap();
    assert!(
        kept.len() == 2 && kept[1]["photo"].as_str().unwrap().ends_with("library/alone.png"),
        "{shown}"
    );
    assert_eq!(shown["look_alikes"][0]["name"], format!("beside.png ({id})"));
    // Both faces are answered; a scan does not ask again.
    sandbox.run(&["scan", "library"]);
    sandbox.run(&["review", "--list"]).code(1);
    let undone = listed(&sandbox, &["--undo"]);
    assert_eq!((undone["undone"].as_array().unwrap().len(), photos(&undone).len()), (2, 2));
    assert_eq!(undone["faces"], list["faces"]);
    sandbox.fails(&["review", "--undo"], &["there is no answer to undo"]);
    sandbox.fails(&["review", "--yes", "gone.png"], &["gone.png", "--list"]);
}

#[test]
fn nothing_is_kept_of_a_dry_run_or_if_it_is_not_wanted() {
    let sandbox = library(&[]);
    sandbox.run(&["scan", "library", "--no-review"]).success();
    sandbox.run(&["scan", "library", "--dry-run", "--copy-to", "found"]).success();
    sandbox.run(&["review", "--list"]).code(1);
    let kept = sandbox.path("data/sameface/people/ann.json.review");
    assert!(!kept.exists());
    sandbox.run(&["scan", "library"]).success();
    assert!(kept.exists());
    sandbox.run(&["people", "remove", "Ann", "--yes"]).success();
    assert!(!kept.exists(), "it goes with the person");
}

#[test]
fn everybody_has_findings_of_their_own() {
    let sandbox = library(&[]);
    save(&sandbox, "bob.png", &[(&BOB, Pose { turn: 5.0, ..UPRIGHT })]);
    sandbox.run(&["enroll", "bob.png", "--name", "Bob"]).success();
    sandbox.run(&["scan", "library", "--everyone"]).success();
    assert_eq!(photos(&listed(&sandbox, &["--person", "Ann"])), ["alone.png", "beside.png"]);
    // Cyd looks like him.
    let bob = listed(&sandbox, &["--person", "Bob"]);
    assert_eq!(photos(&bob), ["beside.png", "other.png"]);
    let beside = bob["faces"].as_array().unwrap().iter().find(|face| face["faces"] == 2).unwrap();
    assert_eq!(beside["number"], 1, "{bob}");
}

/// What is beside an encrypted profile shows no more than the profile does.
#[test]
fn findings_of_an_encrypted_profile_are_encrypted() {
    const KEY: [&str; 2] = ["--key-file", "key"];
    let sandbox = library(&[]);
    let kept = sandbox.path("data/sameface/people/ann.json.review");
    let is_encrypted = || std::fs::read(&kept).unwrap().starts_with(b"age-encryption.org/v1\n");
    sandbox.run(&["scan", "library"]).success();
    assert!(!is_encrypted());
    sandbox.run(&[&["profile", "encrypt"], &KEY[..]].concat()).success();
    assert!(is_encrypted(), "it follows the profile");
    assert_eq!(photos(&listed(&sandbox, &KEY)).len(), 2);
    sandbox.run(&[&["scan", "library"], &KEY[..]].concat()).success();
    sandbox.run(&[&["review", "--yes", "alone.png"], &KEY[..]].concat()).success();
    assert!(is_encrypted());
    sandbox.fails(&["review", "--list"], &["encrypted", "--key-file"]);
    sandbox.run(&[&["profile", "decrypt"], &KEY[..]].concat()).success();
    assert!(!is_encrypted() && photos(&listed(&sandbox, &[])) == ["beside.png"]);
    // If the findings cannot be read, the error says so, and the next scan replaces them.
    std::fs::write(&kept, b"{\"version\":1").unwrap();
    sandbox.fails(&["review", "--list"], &["findings cannot be used", "scan again"]);
    let run = sandbox.run(&["scan", "library"]).success();
    assert!(!stderr(&run).contains("findings"), "{}", stderr(&run));
    assert_eq!(listed(&sandbox, &[])["open"], 1);
}
