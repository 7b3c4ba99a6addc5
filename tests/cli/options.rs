//! What each option is for, seen to happen: those that no other test gives for their own sake.

use serde_json::Value;

use crate::people::{BOB, CYD, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::scores::{photos, save};

/// The one object that a run printed.
fn json(sandbox: &Sandbox, args: &[&str]) -> Value {
    json_lines(&sandbox.run(&[args, &["--json"]].concat()).success()).remove(0)
}

/// The names of the photos in a list of an enrolment's report.
fn names(list: &Value) -> Vec<&str> {
    let photos = list.as_array().unwrap().iter().map(|photo| photo["photo"].as_str().unwrap());
    photos.map(|photo| photo.rsplit_once('/').unwrap().1).collect()
}

/// The verdict on a photo, and its score.
fn verdict(sandbox: &Sandbox, photo: &str, more: &[&str]) -> (String, f64) {
    let run = sandbox.run(&[&["check", photo, "--json"], more].concat());
    let line = json_lines(&run).remove(0);
    (line["verdict"].as_str().unwrap().to_owned(), line["score"].as_f64().unwrap())
}

#[test]
fn a_photo_that_a_human_keeps_or_drops_is_kept_or_dropped_for_good() {
    let sandbox = photos();
    let enrolled = json(&sandbox, &["enroll", "ann"]);
    assert_eq!(names(&enrolled["set_aside"]), ["bob.png"]);
    assert_eq!(verdict(&sandbox, "new/bob.png", &[]).0, "no-match");

    let kept = json(&sandbox, &["enroll", "--keep", "bob.png", "--drop", "ann/3.png"]);
    assert_eq!(names(&kept["kept"]), ["0.png", "1.png", "2.png", "bob.png"]);
    assert_eq!(names(&kept["set_aside"]), ["3.png"]);
    assert_eq!(kept["set_aside"][0]["reason"], "dropped");
    assert_eq!(verdict(&sandbox, "new/bob.png", &["--threshold", "3"]).0, "match");

    let added = json(&sandbox, &["enroll", "--add", "new/ann-wide.png"]);
    assert_eq!(names(&added["kept"]), ["0.png", "1.png", "2.png", "bob.png", "ann-wide.png"]);
    let removed = json(&sandbox, &["enroll", "--remove", "bob.png", "--remove", "3.png"]);
    assert_eq!(names(&removed["kept"]), ["0.png", "1.png", "2.png", "ann-wide.png"]);
    assert_eq!(names(&removed["set_aside"]), [""; 0]);
    for (option, photo) in [("--keep", "gone.png"), ("--drop", "bob.png"), ("--remove", "x/0.png")]
    {
        let message = stderr(&sandbox.run(&["enroll", option, photo]).code(2));
        assert!(message.contains(photo) && message.lines().count() == 1, "{message}");
    }
    assert_eq!(json(&sandbox, &["profile", "show"])["counts"]["kept"], 4, "nothing was changed");
}

#[test]
fn whoever_is_named_is_kept_apart_once_and_the_person_stays() {
    let sandbox = photos();
    for name in ["bob", "bob-beside-cyd"] {
        sandbox.copy(&sandbox.path(&format!("new/{name}.png")), &format!("bob/{name}.png"));
    }
    // So low a threshold that both of the others match.
    sandbox.run(&["enroll", "ann", "--threshold", "0.5"]).success();
    let [bob, cyd, ann] = ["bob", "cyd", "ann-high"].map(|name| format!("new/{name}.png"));
    let said = |photo: &str| verdict(&sandbox, photo, &[]);
    let before = said(&ann);
    assert_eq!((said(&bob).0, said(&cyd).0), ("match".into(), "match".into()));

    let named = json(&sandbox, &["enroll", "--not-this-person", "bob"]);
    assert_eq!(named["look_alikes"][0]["name"], "bob");
    assert_ne!(said(&bob).0, "match");
    assert_eq!(said(&ann), before, "the person stays");
    let both = ["--not-this-person", "others", "--not-this-person", "bob"];
    let named = json(&sandbox, &[&["enroll"], &both[..]].concat());
    let known = named["look_alikes"].as_array().unwrap();
    let known: Vec<_> = known.iter().map(|other| other["name"].as_str().unwrap()).collect();
    assert_eq!(known, ["others", "bob"], "one who is named again takes their own place");
    assert!(said(&bob).0 != "match" && said(&cyd).0 != "match", "{:?}", said(&cyd));
    assert_eq!(said(&ann), before, "the person stays");

    sandbox
        .fails(&["enroll", "--forget", "eve"], &["forget: nobody called \"eve\"", "others, bob"]);
    let left = json(&sandbox, &["enroll", "--forget", "others", "--forget", "bob"]);
    assert_eq!(left["look_alikes"], serde_json::json!([]));
    assert_eq!((said(&bob).0, said(&cyd).0), ("match".into(), "match".into()));
}

#[test]
fn faces_are_laid_out_and_shown_as_is_asked() {
    let sandbox = photos();
    sandbox.run(&["enroll", "ann"]).success();
    let drawn = |out: &str, args: &[&str]| {
        sandbox
            .run(&[&["plot", out, "--size", "640x480", "--with", "new"], args].concat())
            .success();
        std::fs::read(sandbox.path(out)).unwrap()
    };
    let usual = drawn("usual.svg", &[]);
    let [pca, tsne, score] =
        ["pca", "tsne", "score"].map(|how| drawn(&format!("{how}.svg"), &["--projection", how]));
    assert_eq!(pca, usual);
    assert!(tsne != usual && score != usual && score != tsne);
    let text = |svg: Vec<u8>| String::from_utf8(svg).unwrap();
    let faces = |svg: &str| svg.matches("<image").count();
    let (points, faced) = (text(usual), text(drawn("faces.svg", &["--thumbnails"])));
    assert!(faces(&points) == 0 && faces(&faced) > 8, "{} {}", faces(&points), faces(&faced));

    let pictures = |page: Vec<u8>| text(page).matches("data:image/").count();
    let (with, without) = (drawn("a.html", &[]), drawn("b.html", &["--no-thumbnails"]));
    assert!(pictures(with) > 8 && pictures(without) == 0);
    let report = |args: &[&str]| {
        sandbox.run(&[&["report", "report.html"], args].concat()).success();
        pictures(std::fs::read(sandbox.path("report.html")).unwrap())
    };
    assert!(report(&[]) > 3 && report(&["--no-thumbnails"]) == 0);
}

/// One photo is worked on at a time, or many, with the index or without: the same is said.
#[test]
fn threads_and_indexes_change_nothing_of_what_is_said() {
    let sandbox = photos();
    sandbox.run(&["enroll", "ann"]).success();
    let said =
        |args: &[&str]| stdout(&sandbox.run(&[&["check", "new", "--json"], args].concat()).code(1));
    let usual = said(&[]);
    assert_eq!(usual.lines().count(), 6);
    for args in [
        &["--threads", "1"][..],
        &["--threads", "7", "--no-index"],
        &["--index", "other.sqlite"],
        &["--device", "cpu", "--no-index"],
    ] {
        assert_eq!(said(args), usual, "{args:?}");
    }
    assert!(sandbox.path("other.sqlite").exists());
    assert_eq!(json(&sandbox, &["index", "info", "--index", "other.sqlite"])["photos"], 6);
    sandbox.run(&["index", "info", "--index", "gone.sqlite"]);
    assert!(!sandbox.path("gone.sqlite").exists(), "to look makes none");
}

/// Bob is the left one of two people of like size, Cyd the right one.
#[test]
fn of_several_faces_the_one_that_is_named_is_enrolled() {
    let sandbox = photos();
    let both = "new/ann-beside-bob.png";
    let at = |x: f64| Pose { middle: (x, 180.0), scale: 0.8, ..UPRIGHT };
    save(&sandbox, "bob-cyd.png", photo((600, 360), &[(&BOB, at(160.0)), (&CYD, at(430.0))]));
    sandbox.fails(&["enroll", "bob-cyd.png"], &["2 faces of similar size", "--face bob-cyd.png:N"]);
    assert!(!sandbox.profile().exists());
    let bob = json(&sandbox, &["enroll", "bob-cyd.png", "--face", "bob-cyd.png:1"]);
    assert_eq!((&bob["kept"][0]["faces"], &bob["kept"][0]["face"]), (&2.into(), &1.into()));
    assert_eq!(verdict(&sandbox, "ann/bob.png", &[]).0, "match");
    // A photo that was enrolled is read again for another of its faces.
    let cyd = json(&sandbox, &["enroll", "--face", "bob-cyd.png:2"]);
    assert_eq!(cyd["kept"][0]["face"], 2);
    let [bob, cyd] = ["ann/bob.png", "new/cyd.png"].map(|photo| verdict(&sandbox, photo, &[]).1);
    assert!(cyd > bob, "{cyd} {bob}");
    sandbox.fails(&["enroll", "--face", "bob-cyd.png:3"], &[":3: has 2 faces", "from the left"]);
    sandbox.fails(&["enroll", "--face", "gone.png:1"], &["gone.png: not in the profile"]);
    let text =
        stdout(&sandbox.run(&["enroll", "ann/0.png", "ann/1.png", "ann/2.png", both]).success());
    assert!(
        text.contains("1 photo with several faces:\n    new/ann-beside-bob.png: face 1 of 2"),
        "{text}"
    );
    assert!(text.contains("choose another with `--face PHOTO:N`"), "{text}");
}
