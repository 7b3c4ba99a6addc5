//! Several people: where profiles are kept, which person a command uses, who is in a photo.

use serde_json::Value;

use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::scores::photos;

/// Ann and Bob, a profile each; Bob, who looks like Cyd, was enrolled last.
fn two() -> Sandbox {
    let sandbox = photos();
    sandbox.run(&["enroll", "ann", "--name", "Ann"]).success();
    let bob = ["enroll", "ann/bob.png", "--name", "Bob", "--not-this-person", "others"];
    sandbox.run(&bob).success();
    sandbox
}

fn people(sandbox: &Sandbox) -> Vec<(String, bool)> {
    let listed = json_lines(&sandbox.run(&["people", "--json"]).success()).remove(0);
    let person = |person: &Value| {
        (person["name"].as_str().unwrap().to_owned(), person["last"].as_bool().unwrap())
    };
    listed["people"].as_array().unwrap().iter().map(person).collect()
}

fn is(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, last)| ((*name).to_owned(), *last)).collect()
}

#[test]
fn each_name_has_one_profile_and_the_last_is_meant_unless_another_is_named() {
    let sandbox = two();
    assert_eq!(people(&sandbox), is(&[("Ann", false), ("Bob", true)]));
    let verdict = |args: &[&str]| {
        let run = sandbox.run(&[&["check", "--json", "new/bob.png"], args].concat());
        json_lines(&run)[0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&[]), "match");
    assert_ne!(verdict(&["--person", "ann"]), "match");
    sandbox.run(&["people", "use", "ann"]).success().stdout("commands now mean ann\n");
    assert_ne!(verdict(&[]), "match");
    // Enrolled again under the same name: the same profile.
    let run = sandbox.run(&["enroll", "ann/bob.png", "--name", "bob", "--far", "1e-3"]).success();
    assert!(stdout(&run).contains("replaced the profile of Bob"), "{}", stdout(&run));
    assert_eq!(people(&sandbox), is(&[("Ann", false), ("bob", true)]));
    // A change of somebody who is named makes them the last, a change of their rate alone too.
    sandbox.run(&["enroll", "--person", "Ann", "--far", "1e-3"]).success();
    assert_eq!(people(&sandbox), is(&[("Ann", true), ("bob", false)]));
    sandbox.fails(
        &["check", "new/bob.png", "--person", "Eve"],
        &["nobody called \"Eve\"", "verify people"],
    );
    sandbox.run(&["check", "x", "--person", "Ann", "--profile", "y"]).code(2).stdout("");
}

#[test]
fn people_are_renamed_and_removed_by_name() {
    let sandbox = two();
    sandbox.run(&["people", "rename", "Ann", "Anna"]).success().stdout("renamed Ann to Anna\n");
    sandbox.fails(&["people", "rename", "Anna", "BOB"], &["\"BOB\"", "another name"]);
    sandbox.fails(&["enroll", "--person", "Anna", "--name", "Bob"], &["\"Bob\"", "another name"]);
    assert_eq!(people(&sandbox), is(&[("Anna", false), ("Bob", true)]));
    let text = stdout(&sandbox.run(&["people"]).success());
    assert!(text.starts_with("  Anna      4 photos  threshold 4.00  yunet-sface"), "{text}");
    assert!(text.contains("\n* Bob"), "{text}");
    let asked = stderr(&sandbox.run(&["people", "remove", "Bob"]).code(2).stdout(""));
    assert!(asked.contains("nobody was removed; answer y, or give --yes"), "{asked}");
    let run = sandbox.run(&["people", "remove", "bob", "--yes"]).success();
    assert_eq!(stdout(&run), "removed bob\n");
    assert!(stderr(&run).contains("verify index clear"), "{}", stderr(&run));
    // The only one left is meant.
    assert_eq!(people(&sandbox), is(&[("Anna", true)]));
    sandbox.run(&["people", "remove", "Anna", "--yes", "--json"]).success();
    let run = sandbox.run(&["people"]).success().stdout("");
    assert!(stderr(&run).contains("nobody is enrolled"), "{}", stderr(&run));
    sandbox.fails(&["check", "new/bob.png"], &["no profile found", "verify enroll DIR"]);
    sandbox.fails(&["identify", "new/bob.png"], &["no profile found", "verify enroll DIR"]);
}

#[test]
fn people_of_a_folder_of_ones_own_are_apart_from_the_others() {
    let sandbox = two();
    let own = ["--people", "family"];
    sandbox.run(&[&["enroll", "ann", "--name", "Ann"][..], &own].concat()).success();
    assert!(sandbox.path("family/ann.json").is_file());
    let listed = json_lines(&sandbox.run(&[&["people", "--json"][..], &own].concat()).success());
    assert_eq!(listed[0]["people"].as_array().unwrap().len(), 1);
    assert_eq!(people(&sandbox), is(&[("Ann", false), ("Bob", true)]));
    let run = sandbox.run(&[&["identify", "--json", "new/bob.png"][..], &own].concat()).code(1);
    assert_eq!(json_lines(&run)[0]["faces"][0]["name"], "unknown");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(sandbox.path("family")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[test]
fn each_face_gets_its_name_and_a_photo_of_nobody_none() {
    let sandbox = two();
    let run =
        sandbox.run(&["identify", "--json", "new/ann-high.png", "new/bob.png", "new/cyd.png"]);
    let lines = json_lines(&run.code(1));
    let names: Vec<_> = lines.iter().map(|line| line["faces"][0]["name"].clone()).collect();
    assert_eq!(names, ["Ann", "Bob", "unknown"]);
    let face = &lines[0]["faces"][0];
    assert_eq!((&face["person"], &face["verdict"]), (&"ann".into(), &"match".into()));
    let threshold = face["threshold"].as_f64().unwrap();
    assert!((threshold - (4.0 + 2f64.log10())).abs() < 1e-9, "{threshold}");
    let ranking: Vec<_> =
        face["ranking"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(
        (ranking, face["box"].as_array().unwrap().len()),
        (vec!["Ann".into(), "Bob".into()], 4)
    );
    assert!(face["probability"].as_f64().unwrap() > 0.9);
    assert_eq!(lines[2]["faces"][0]["person"], Value::Null);
    sandbox.run(&["identify", "new/ann-high.png", "new/bob.png"]).code(0);
    let run = sandbox.run(&["identify", "new/ann-high.png", "gone.jpg"]).code(2);
    assert!(stdout(&run).contains("new/ann-high.png: Ann "), "{}", stdout(&run));
    assert!(stdout(&run).contains("gone.jpg: cannot be read"), "{}", stdout(&run));
    let said = stderr(&sandbox.run(&["identify", "new"]));
    assert!(
        said.contains("Ann in 3, Bob in 3, nobody enrolled in 1")
            && said.contains("with 2 people enrolled, one stranger in 10,000"),
        "{said}"
    );
}

#[test]
fn whoever_cannot_be_used_is_named_and_the_others_are_known() {
    let sandbox = two();
    sandbox.write("data/sameface/people/eve.json", b"{\"version\":1,");
    let run = sandbox.run(&["identify", "new/ann-high.png"]).code(0);
    assert!(
        stderr(&run).contains("eve.json: damaged profile") && stderr(&run).contains("left out")
    );
    let text = stdout(&sandbox.run(&["people"]).success());
    assert!(text.contains("eve") && text.contains("damaged profile"), "{text}");
    sandbox.write("key", b"a passphrase");
    sandbox.run(&["profile", "encrypt", "--person", "Bob", "--key-file", "key"]).success();
    let run = sandbox.run(&["identify", "new/bob.png"]).code(1);
    assert!(stderr(&run).contains("bob.json: encrypted") && stderr(&run).contains("left out"));
    sandbox.run(&["identify", "new/bob.png", "--key-file", "key"]).code(0);
    let text = stdout(&sandbox.run(&["people"]).success());
    assert!(text.contains("bob") && text.contains("encrypted; name a file"), "{text}");
    sandbox.run(&["people", "remove", "bob", "--yes"]).success();
}

#[test]
fn a_library_is_sorted_by_who_is_in_it() {
    let sandbox = two();
    let args = ["scan", "new", "--everyone", "--copy-to", "found", "--link-to", "links"];
    let run = sandbox.run(&args).code(0);
    let lines = stdout(&run);
    assert_eq!(lines.lines().count(), 5, "{lines}");
    for name in [
        "found/Ann/ann-high.png",
        "found/Bob/bob.png",
        "links/Ann/ann-beside-bob.png",
        "links/Bob/bob-beside-cyd.png",
    ] {
        assert!(sandbox.path(name).is_file(), "{name}");
    }
    assert_eq!(std::fs::read_dir(sandbox.path("found")).unwrap().count(), 2);
    // Once more: what is there stays once.
    sandbox.run(&args).code(0);
    assert_eq!(std::fs::read_dir(sandbox.path("found/Ann")).unwrap().count(), 3);
    let all = sandbox.run(&["scan", "new", "--everyone", "--all", "--json"]).code(0);
    let photos = std::fs::read_dir(sandbox.path("new")).unwrap().count();
    assert_eq!(json_lines(&all).len(), photos);
    let one = sandbox.run(&["scan", "new", "--everyone", "--limit", "1"]).code(0);
    assert_eq!(stdout(&one).lines().count(), 1);
    sandbox.run(&["people", "remove", "Ann", "--yes"]).success();
    sandbox.run(&["scan", "new/ann-high.png", "--everyone"]).code(1).stdout("");
}

/// Two halves of one person's photos, as twins: the warning names the look-alike, and keeping apart settles it.
#[test]
fn people_who_look_alike_are_noticed_and_told_apart() {
    let sandbox = photos();
    for (name, photos) in
        [("Ann", ["ann/0.png", "ann/1.png"]), ("Twin", ["ann/2.png", "ann/3.png"])]
    {
        sandbox.run(&["enroll", photos[0], photos[1], "--name", name, "--far", "1e-2"]).success();
    }
    let enrolled = sandbox.run(&["enroll", "--person", "Ann", "--far", "1e-2"]).success();
    let advice = "`verify people apart \"Ann\" \"Twin\"`";
    assert!(stdout(&enrolled).contains("Twin (a photo of one scores"), "{}", stdout(&enrolled));
    assert!(stdout(&enrolled).contains(advice), "{}", stdout(&enrolled));
    let shown = json_lines(&sandbox.run(&["profile", "show", "--json"]).success());
    assert_eq!(shown[0]["alike"][0]["person"], "twin");
    let checked = sandbox.run(&["check", "new/ann-high.png"]).code(0);
    assert!(stderr(&checked).contains(advice), "{}", stderr(&checked));
    let named = sandbox.run(&["identify", "new/ann-high.png"]).code(0);
    assert!(stdout(&named).contains(" or "), "{}", stdout(&named));
    assert!(stderr(&named).contains("Ann and Twin look alike"), "{}", stderr(&named));
    sandbox.fails(&["people", "apart", "Ann", "ann"], &["both names mean the same person"]);
    let apart = sandbox.run(&["people", "apart", "Ann", "Twin"]).success();
    assert_eq!(stdout(&apart), "Ann and Twin are now kept apart\n");
    let kept = json_lines(&sandbox.run(&["people", "--json"]).success()).remove(0);
    assert_eq!(kept["people"][0]["look_alikes"], serde_json::json!(["Twin"]));
    assert_eq!(kept["people"][1]["look_alikes"], serde_json::json!(["Ann"]));
    let named = sandbox.run(&["identify", "new/ann-high.png"]);
    assert!(!stdout(&named).contains(" or "), "no face is both: {}", stdout(&named));
}

/// Names without a Latin letter share the beginning of their files' names. While one is learnt another
/// may take the file that was free when it began.
#[test]
fn people_who_are_enrolled_at_the_same_time_each_have_a_profile() {
    let sandbox = photos();
    let names = ["安娜", "李", "王", "Ольга"];
    let running: Vec<_> = names
        .iter()
        .map(|name| sandbox.process(&["enroll", "ann", "--name", name]).spawn().unwrap())
        .collect();
    for mut enrolling in running {
        assert!(enrolling.wait().unwrap().success());
    }
    let mut enrolled: Vec<_> = people(&sandbox).into_iter().map(|(name, _)| name).collect();
    enrolled.sort();
    let mut expected = names.map(str::to_owned);
    expected.sort();
    assert_eq!(enrolled, expected);
}
