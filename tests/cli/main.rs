//! The program as its user runs it: what it prints, how it ends, what it says of bad input.
#![allow(clippy::unwrap_used, missing_docs)]

mod accuracy;
mod apart;
mod config;
mod cut_off;
mod device;
mod doctor;
mod durable;
mod encryption;
mod eval;
mod faces;
mod faults;
#[path = "../common/folder.rs"]
mod folder;
mod from_xmp;
mod habits;
mod identify;
mod index;
mod library;
mod logging;
mod measures;
mod million;
mod options;
mod pack;
#[path = "../common/people.rs"]
mod people;
mod photos;
#[cfg(unix)]
mod pipe;
mod profile;
mod review;
mod same;
mod sandbox;
mod scan;
mod scores;
#[path = "../common/skipped.rs"]
mod skipped;
mod strangers;
mod traces;
mod videos;
#[cfg(unix)]
#[path = "../common/waiting.rs"]
mod waiting;
#[cfg(unix)]
mod watch;
mod ways;
mod xmp;
mod years;

use std::path::Path;

use folder::folders;
use photos::{astronaut, huge_png, scene};
use sandbox::{Sandbox, json_lines, stderr, stdout};
use skipped::skipped;

/// A sandbox in which the astronaut is enrolled.
fn enrolled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.run(&["enroll", "Eileen"]).success();
    sandbox
}

#[test]
fn folders_without_a_usable_photo() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.write("text/notes.jpg", b"not a photo at all");
    sandbox.write("scenes/1.jpg", &scene());
    sandbox.fails(&["enroll", "empty"], &["empty: no photos found", "JPEG"]);
    sandbox.fails(&["enroll", "gone"], &["gone: cannot be read", "exists"]);
    sandbox.fails(&["enroll", "text"], &["text: none of its 1 photo", "notes.jpg: not a photo"]);
    sandbox.fails(&["enroll", "scenes"], &["scenes: no face found", "32 pixels"]);
    assert!(!sandbox.profile().exists());
}

#[test]
fn photos_that_cannot_be_read_are_named_and_the_others_enrolled() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.write("Eileen/cut.jpg", &scene()[..300]);
    sandbox.write("Eileen/huge.png", &huge_png());
    sandbox.write("Eileen/text.jpg", b"hello");
    sandbox.write("Eileen/scene.jpg", &scene());
    let text = stdout(&sandbox.run(&["enroll", "Eileen"]).success());
    for part in [
        "Enrolled Eileen with 1 photo",
        "cut.jpg: damaged",
        "huge.png: too large",
        "text.jpg: not a photo",
        "scene.jpg: no face",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(text.lines().all(|line| !line.contains('\u{1b}')), "{text}");
}

#[test]
fn each_photo_has_its_line_and_a_bad_one_stops_no_other() {
    let sandbox = enrolled();
    sandbox.write("album/1-cut.jpg", &scene()[..300]);
    sandbox.write("album/2-huge.png", &huge_png());
    sandbox.write("album/3-text.jpg", b"hello");
    sandbox.write("album/4-scene.jpg", &scene());
    sandbox.copy(&astronaut(), "album/5-she.png");
    let run = sandbox.run(&["check", "--json", "gone.jpg", "album"]).code(2);
    let lines = json_lines(&run);
    let verdicts: Vec<_> = lines.iter().map(|l| l["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["error", "error", "error", "error", "no-face", "match"]);
    for line in &lines[..4] {
        assert!(line["error"].as_str().unwrap().contains(line["photo"].as_str().unwrap()));
        assert!(line["score"].is_null() && line["probability"].is_null());
    }
    assert!(lines[2]["error"].as_str().unwrap().contains("30000×30000 pixels"));
    assert_eq!(lines[4]["probability"], 0.0);
    let text = stdout(&sandbox.run(&["check", "gone.jpg", "album"]).code(2));
    assert_eq!(text.lines().count(), 6);
    assert!(
        text.starts_with("error") && text.lines().last().unwrap().starts_with("match"),
        "{text}"
    );
}

#[test]
fn a_checked_photo_is_one_object_of_a_fixed_shape() {
    let sandbox = enrolled();
    let photo = sandbox.copy(&astronaut(), "she.png");
    let run = sandbox.run(&["check", "--json", photo.to_str().unwrap()]).success();
    let lines = json_lines(&run);
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    for field in ["photo", "verdict", "score", "threshold", "probability", "faces", "error"] {
        assert!(line.get(field).is_some(), "{field}");
    }
    assert_eq!((&line["verdict"], &line["threshold"]), (&"match".into(), &4.0.into()));
    assert!(line["error"].is_null() && line["probability"].as_f64().unwrap() > 0.9);
    let face = &line["faces"][0];
    assert_eq!(face["score"], line["score"]);
    assert_eq!(face["box"].as_array().unwrap().len(), 4);
    assert_eq!(face["landmarks"].as_array().unwrap().len(), 5);
    assert!(face["landmarks"].as_array().unwrap().iter().all(|p| p.as_array().unwrap().len() == 2));
    assert!(face["confidence"].as_f64().unwrap() > 0.9);
}

#[test]
fn thresholds_and_priors_of_one_run() {
    let sandbox = enrolled();
    let line = |args: &[&str]| {
        let all = [&["check", "--json", "Eileen/1.png"], args].concat();
        json_lines(&sandbox.run(&all)).remove(0)
    };
    assert_eq!(line(&["--far", "1e-5"])["threshold"], 5.0);
    assert_eq!(line(&["--threshold", "2.5"])["threshold"], 2.5);
    let likely = line(&[])["probability"].as_f64().unwrap();
    assert!(line(&["--prior", "1e-6"])["probability"].as_f64().unwrap() < likely);
    let score = line(&[])["score"].as_f64().unwrap();
    let above = format!("{}", f64::midpoint(score, 7.0));
    assert_eq!(line(&["--threshold", &above])["verdict"], "uncertain");
    assert_eq!(line(&["--threshold", &above, "--strict"])["verdict"], "no-match");
    sandbox.run(&["check", "Eileen/1.png", "--threshold", &above]).code(1);
}

#[test]
fn profiles_that_cannot_be_used() {
    let sandbox = enrolled();
    let check = |profile: &str, parts: &[&str]| {
        sandbox.fails(&["check", "Eileen/1.png", "--profile", profile], parts);
    };
    let whole = std::fs::read_to_string(sandbox.profile()).unwrap();
    let other = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replace(from, to)
    };
    check("gone.json", &["gone.json: no profile found", "verify enroll DIR"]);
    sandbox.write("half.json", &whole.as_bytes()[..whole.len() / 2]);
    check("half.json", &["half.json: damaged profile", "enrol again"]);
    sandbox.write("newer.json", other("\"version\":1", "\"version\":99").as_bytes());
    check("newer.json", &["newer.json: profile version 99 is newer", "update verify"]);
    sandbox.write("other.json", other("\"models\":\"", "\"models\":\"other-").as_bytes());
    check("other.json", &["other.json: made with the pack other-", "enrol again"]);
    sandbox.fails(&["enroll", "--add", "Eileen", "--profile", "gone.json"], &["no profile found"]);
}

#[test]
fn what_stands_in_the_profiles_way_is_said_before_the_work() {
    let sandbox = Sandbox::new();
    let photo = sandbox.copy(&astronaut(), "Eileen/1.png");
    let before = std::fs::read(&photo).unwrap();
    let enroll = |profile: &str, parts: &[&str]| {
        sandbox.fails(&["enroll", "Eileen", "--profile", profile], parts);
    };
    enroll("Eileen", &["Eileen: cannot be written", "directory"]);
    enroll("Eileen/1.png", &["1.png: not a profile", "--profile"]);
    enroll("Eileen/1.png/p.json", &["p.json: cannot be written"]);
    assert_eq!(std::fs::read(&photo).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = enrolled();
    let photo = sandbox.copy(&astronaut(), "album/secret.png");
    let folder = sandbox.path("album/closed");
    std::fs::create_dir(&folder).unwrap();
    let lock = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    lock(&photo, 0o000);
    lock(&folder, 0o000);
    if std::fs::read(&photo).is_ok() {
        return skipped("this user may read everything");
    }
    let text = stdout(&sandbox.run(&["check", "album"]).code(2));
    lock(&folder, 0o700);
    assert_eq!(text.matches("cannot be read").count(), 2, "{text}");
    assert!(text.contains("album/closed") && text.contains("secret.png"), "{text}");
}

#[test]
fn a_wrong_command_line_ends_with_two() {
    let sandbox = Sandbox::new();
    for args in [
        &["enroll"][..],
        &["check"],
        &["frobnicate"],
        &["enroll", "x", "--far", "0"],
        &["enroll", "x", "--far", "2"],
        &["enroll", "x", "--far", "1e-4", "--threshold", "4"],
        &["enroll", "x", "--threshold", "nan"],
        &["enroll", "x", "--method", "magic"],
        &["enroll", "x", "--add", "y"],
        &["check", "x", "--prior", "1"],
        &["check", "x", "--threads", "0"],
        &["completions", "tcl"],
    ] {
        let run = sandbox.run(args).code(2).stdout("");
        assert!(!stderr(&run).is_empty(), "{args:?}");
    }
    sandbox.fails(&["man", "frobnicate"], &["frobnicate: no such command"]);
}

#[test]
fn help_version_completions_and_man_page() {
    let sandbox = Sandbox::new();
    let help = stdout(&sandbox.run(&["--help"]).success());
    for command in [
        "enroll",
        "check",
        "scan",
        "review",
        "embed",
        "faces",
        "plot",
        "sheet",
        "report",
        "profile",
        "index",
        "doctor",
        "config",
        "completions",
        "man",
    ] {
        assert!(help.contains(command), "{command}");
        let help = stdout(&sandbox.run(&[command, "--help"]).success());
        assert!(help.contains("Examples:"), "{command}: {help}");
    }
    let version = stdout(&sandbox.run(&["-V"]).success());
    assert_eq!(version, format!("verify {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&sandbox.run(&["completions", shell]).success());
        assert!(script.contains("not-this-person"), "{shell}");
    }
    let page = stdout(&sandbox.run(&["man"]).success());
    assert!(page.contains(".TH verify 1") && page.contains("enroll"), "{page}");
    assert!(stdout(&sandbox.run(&["man", "check"]).success()).contains("prior"));
}

#[test]
fn photos_are_added_and_taken_out_without_the_old_files() {
    let sandbox = enrolled();
    std::fs::remove_dir_all(sandbox.path("Eileen")).unwrap();
    sandbox.copy(&astronaut(), "more/copy.png");
    sandbox.write("more/scene.jpg", &scene());
    let counts = |args: &[&str]| {
        let run = sandbox.run(&[&["enroll", "--json"], args].concat()).success();
        let report = json_lines(&run).remove(0);
        assert_eq!(report["name"], "Eileen");
        let count = |what: &str| report["counts"][what].as_u64().unwrap();
        (count("photos"), count("kept"), count("duplicates"), count("set_aside"))
    };
    assert_eq!(counts(&["--add", "more"]), (3, 1, 1, 1));
    sandbox.fails(&["enroll", "--remove", "gone.png"], &["gone.png: not in the profile", "1.png"]);
    assert_eq!(counts(&["--remove", "scene.jpg"]), (2, 1, 1, 0));
    // The copy now counts in the place of what it repeated.
    assert_eq!(counts(&["--remove", "Eileen/1.png"]), (1, 1, 0, 0));
    sandbox.fails(&["enroll", "--remove", "more/copy.png"], &["no photo is left to enrol"]);
    sandbox.copy(&astronaut(), "again/copy.png");
    assert_eq!(counts(&["--add", "again"]), (2, 1, 1, 0));
    sandbox.fails(&["enroll", "--remove", "copy.png"], &["2 photos", "whole path"]);
}

#[test]
fn a_profile_keeps_what_is_not_changed() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    let report = |args: &[&str]| {
        json_lines(&sandbox.run(&[&["enroll", "--json"], args].concat()).success()).remove(0)
    };
    let first = report(&["Eileen", "--name", "E. C.", "--far", "0.1%", "--method", "svm"]);
    assert_eq!((&first["name"], &first["method"]), (&"E. C.".into(), &"svm".into()));
    assert_eq!(first["threshold"], 3.0);
    let second = report(&["--threshold", "5"]);
    assert_eq!((&second["name"], &second["method"]), (&"E. C.".into(), &"svm".into()));
    assert_eq!(second["threshold"], 5.0);
    let compared = report(&["--method", "compare"]);
    assert_eq!(
        (&compared["method"], compared["self_test"].as_array().unwrap().len()),
        (&"svm".into(), 5)
    );
    assert_eq!(report(&["--method", "auto"])["method"], "centroid");
}

#[test]
fn what_is_known_of_others_and_how_methods_compare_is_said() {
    let sandbox = enrolled();
    for other in ["twin/1.png", "others/1.png"] {
        sandbox.copy(&astronaut(), other);
    }
    let says = |args: &[&str], lines: &[&str]| {
        let text = stdout(&sandbox.run(&[&["enroll"], args].concat()).success());
        for line in lines {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        text
    };
    let others = ["--not-this-person", "twin", "--negatives", "others", "--method", "compare"];
    let apart = "Kept apart from twin (1 photo)";
    let kept = "1 face of other people, stored for --method supervised";
    let text = says(&others, &[apart, kept, "(in use)"]);
    for method in ["centroid", "nearest", "plda", "svm", "supervised"] {
        assert!(text.contains(&format!("\n    {method} ")), "{method} is not in {text}");
    }
    let used = "1 face of other people, used by --method supervised";
    let text = says(&["--method", "supervised", "--far", "1e-4"], &[apart, used]);
    assert!(!text.contains("extrapolated") && !text.contains("(in use)"), "{text}");
    says(
        &["--far", "1e-6"],
        &["one stranger in 1,000,000", "(extrapolated: measured only down to one stranger"],
    );
}

#[test]
fn a_person_among_others_on_real_photos() {
    let Some([person, scenes]) = folders(["cage/enroll", "cage/not_cage"]) else { return };
    let sandbox = Sandbox::new();
    let mut photos: Vec<_> =
        std::fs::read_dir(person).unwrap().map(|entry| entry.unwrap().path()).collect();
    photos.sort();
    for (i, photo) in photos.iter().take(30).enumerate() {
        let folder = ["first", "second", "new"][i / 10];
        sandbox.copy(photo, &format!("{folder}/{}", photo.file_name().unwrap().to_str().unwrap()));
    }
    sandbox.copy(&astronaut(), "first/astronaut.png");
    let counts = |args: &[&str]| {
        let run = sandbox.run(&[&["enroll", "--json"], args].concat()).success();
        json_lines(&run).remove(0)["counts"].clone()
    };
    let first = counts(&["first"]);
    assert_eq!((&first["photos"], &first["set_aside"]), (&11.into(), &1.into()));
    assert_eq!(counts(&["--name", "Nicolas Cage"]), first, "nothing but the name has changed");
    let more = counts(&["--add", "second"]);
    assert_eq!((&more["photos"], &more["set_aside"]), (&21.into(), &1.into()));
    assert_eq!(counts(&["--remove", "astronaut.png"])["set_aside"], 0);
    let run = sandbox.run(&["check", "new"]).success();
    assert!(stderr(&run).contains("Nicolas Cage in 10 of 10 photos"), "{}", stderr(&run));
    for scene in std::fs::read_dir(scenes).unwrap().take(20).flatten() {
        sandbox.copy(&scene.path(), &format!("scenes/{}", scene.file_name().to_str().unwrap()));
    }
    let verdicts = json_lines(&sandbox.run(&["check", "--json", "scenes"]).code(1));
    assert_eq!(verdicts.len(), 20);
    assert!(verdicts.iter().all(|line| line["verdict"] != "match"));
    sandbox.run(&["check", astronaut().to_str().unwrap()]).code(1);
}
