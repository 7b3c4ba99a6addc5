//! Which photos the program takes: from paths, a list, standard input; and what it says of what is none.

use serde_json::{Value, json};

use assert_cmd::assert::Assert;

use crate::enrolled;
use crate::photos::{astronaut, encoded, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

fn photo() -> Vec<u8> {
    std::fs::read(astronaut()).unwrap()
}

/// The `photo` and the verdict of each line.
fn verdicts(lines: &[Value]) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines.iter().map(|line| (text(&line["photo"]), text(&line["verdict"]))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[test]
fn a_photo_comes_through_standard_input() {
    let sandbox = enrolled();
    let piped = |args: &[&str]| sandbox.command(args).write_stdin(photo()).assert().success();
    let checked = json_lines(&piped(&["check", "-", "--json"]));
    assert_eq!(verdicts(&checked), pairs(&[("-", "match")]));
    let found = json_lines(&piped(&["scan", "-", "Eileen", "--json"]));
    assert_eq!(verdicts(&found), pairs(&[("-", "match"), ("Eileen/1.png", "match")]));
    let named = json_lines(&piped(&["identify", "-", "--json"]));
    assert_eq!(named[0]["faces"][0]["name"], "Eileen");
    piped(&["embed", "-", "--out", "faces.jsonl"]);
    let row: Value =
        serde_json::from_slice(&std::fs::read(sandbox.path("faces.jsonl")).unwrap()).unwrap();
    assert_eq!((&row["photo"], &row["face"]), (&json!("-"), &json!(0)));
    piped(&["check", "-", "--annotate", "seen.png"]);
    let seen = image::open(sandbox.path("seen.png")).unwrap();
    assert!(seen.width() >= image::open(astronaut()).unwrap().width());
}

/// The index keeps what was enrolled from a file, and nothing of what came through a pipe.
#[test]
fn what_comes_through_standard_input_is_not_kept() {
    let sandbox = enrolled();
    sandbox.run(&["index", "clear"]).success();
    sandbox.command(&["check", "-"]).write_stdin(photo()).assert().success();
    let info = json_lines(&sandbox.run(&["index", "info", "--json"]).success());
    assert_eq!(info[0]["photos"], 0);
}

#[test]
fn a_person_is_enrolled_through_standard_input() {
    let sandbox = Sandbox::new();
    let piped = |args: &[&str], bytes: Vec<u8>| {
        json_lines(&sandbox.command(args).write_stdin(bytes).assert().success())
    };
    let report = piped(&["enroll", "-", "--name", "Eileen", "--json"], photo());
    let name = report[0]["kept"][0]["photo"].as_str().unwrap().to_owned();
    assert!(name.starts_with("stdin-") && name.len() == 14, "{name}");
    assert_eq!(report[0]["passed_over"], json!({}));
    // Another one does not take the place of the first.
    let pixels = image::load_from_memory(&photo()).unwrap().to_rgb8();
    let other = encoded(image::imageops::flip_horizontal(&pixels), image::ImageFormat::Png);
    let report = piped(&["enroll", "--add", "-", "--json"], other);
    assert_eq!(report[0]["counts"]["photos"], 2);
    sandbox.run(&["enroll", "--remove", &name]).success();
}

#[test]
fn standard_input_is_read_once_and_says_what_is_wrong_with_it() {
    let sandbox = enrolled();
    for args in [
        &["check", "-", "-"][..],
        &["check", "-", "--files-from", "-"],
        &["scan", "-", "-"],
        &["identify", "-", "-"],
        &["enroll", "-", "-"],
    ] {
        sandbox.fails(args, &["-: standard input can be read only once"]);
    }
    sandbox.fails(
        &["scan", "-", "--copy-to", "out"],
        &["-: standard input cannot be copied, linked or watched"],
    );
    let said = sandbox.command(&["check", "-"]).write_stdin("a text").assert().code(2);
    assert!(stdout(&said).contains("-: not a photo; give a JPEG"), "{}", stdout(&said));
    let empty = sandbox.command(&["check", "-"]).write_stdin("").assert().code(2);
    assert!(stdout(&empty).contains("-: an empty file"), "{}", stdout(&empty));
}

#[test]
fn a_list_names_photos_and_folders() {
    let sandbox = enrolled();
    sandbox.write("more/a b.jpg", &scene());
    sandbox.write("more/c\nd.jpg", &scene());
    let expected =
        pairs(&[("more/a b.jpg", "no-face"), ("gone.jpg", "error"), ("Eileen/1.png", "match")]);
    sandbox.write("list", b"more/a b.jpg\r\n\ngone.jpg\nEileen");
    let check = ["check", "--json", "--files-from", "list"];
    assert_eq!(verdicts(&json_lines(&sandbox.run(&check).code(2))), expected);
    let names = "more/a b.jpg\0more/c\nd.jpg\0Eileen/1.png\0";
    for command in ["check", "scan"] {
        let args = [command, "--json", "--files-from", "-", "-0"];
        let run = sandbox.command(&args).write_stdin(names).assert();
        let lines = verdicts(&json_lines(&run));
        let matches = lines.iter().filter(|(_, verdict)| verdict == "match").count();
        assert_eq!((matches, lines.len()), (1, if command == "check" { 3 } else { 1 }));
    }
    let named =
        sandbox.command(&["identify", "--files-from", "-"]).write_stdin("Eileen\n").assert();
    assert!(stdout(&named.success()).contains("Eileen"));
    let out = ["embed", "--files-from", "list", "--out", "faces.csv.npy", "--json"];
    assert_eq!(json_lines(&sandbox.run(&out).success())[0]["unreadable"], 1);
    sandbox.write("photos", b"Eileen/1.png\n");
    let report = sandbox.run(&["enroll", "--files-from", "photos", "--name", "Ann", "--json"]);
    assert_eq!(json_lines(&report.success())[0]["counts"]["kept"], 1);
    sandbox.fails(&["check", "--files-from", "none"], &["none: cannot be read", "exists"]);
    sandbox.fails(&["check", "--files-from", "Eileen"], &["--files-from: this is a folder"]);
    sandbox.run(&["check", "-0", "x"]).code(2).stdout("");
}

#[test]
fn an_address_is_refused_with_advice() {
    let sandbox = enrolled();
    for (address, advice) in [
        ("https://example.org/a.jpg", "curl -s 'https://example.org/a.jpg' | verify check -"),
        ("file:///tmp/a%20b.jpg", "give the file's path instead, /tmp/a b.jpg"),
        ("s3://bucket/a.jpg", "aws s3 cp s3://bucket/a.jpg ."),
    ] {
        for command in [&["check"][..], &["identify"]] {
            let run = sandbox.run(&[command, &[address]].concat()).code(2);
            assert!(stdout(&run).contains(advice), "{}", stdout(&run));
        }
        for command in [&["scan"][..], &["enroll"], &["embed", "--out", "x.npy"]] {
            sandbox.fails(&[command, &[address]].concat(), &[address, advice]);
        }
    }
}

/// Run the program without ffmpeg.
fn without_ffmpeg(sandbox: &Sandbox, args: &[&str]) -> Assert {
    sandbox.command(args).env("VERIFY_FFMPEG", "/gone/ffmpeg").assert()
}

/// A folder as people have it.
fn mixed() -> Sandbox {
    let sandbox = enrolled();
    sandbox.write("all/5.jpg!d", &scene());
    sandbox.write("all/7.jpg_large", &photo());
    sandbox.write("all/clip.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    sandbox.write("all/more/clip.MOV", b"\0\0\0\x14ftypqt  \0\0\0\0qt  ");
    sandbox.write("all/paper.pdf", b"%PDF-1.4");
    sandbox.write("all/photos.zip", b"PK\x03\x04\x14\0\0\0");
    sandbox.write("all/1.xmp", b"<x:xmpmeta>");
    sandbox.write("all/.DS_Store", b"\0\0\0\x01Bud1");
    sandbox
}

const PASSED: &str = "verify: skipped: 2 videos, 1 PDF, 1 archive (unpack it if it contains photos), 1 XMP sidecar\n";

#[test]
fn what_is_no_photo_is_counted_by_every_command() {
    let sandbox = mixed();
    sandbox.write("two/a/1.png", &photo());
    sandbox.write("two/b/1.png", &photo());
    sandbox.write("two/b/b.pdf", b"%PDF-1.4");
    for args in [
        &["check", "all"][..],
        &["scan", "all"],
        &["scan", "all", "--everyone"],
        &["identify", "all"],
        &["embed", "all", "--out", "x.jsonl"],
        &["plot", "x.png", "--with", "all"],
        &["enroll", "all", "--name", "Ann"],
    ] {
        let run = without_ffmpeg(&sandbox, args);
        assert!(stderr(&run).contains(PASSED), "{args:?}: {}", stderr(&run));
        let listed = stdout(&run);
        assert!(!args[0].contains("check") || listed.contains("5.jpg!d"), "{listed}");
    }
    let eval = sandbox.run(&["eval", "--people", "two"]);
    assert!(stderr(&eval).contains("skipped: 1 PDF"), "{}", stderr(&eval));
}

#[test]
fn json_lists_what_is_passed_over() {
    let sandbox = mixed();
    for args in [
        &["check", "all", "--json"][..],
        &["scan", "all", "--json"],
        &["scan", "all", "--everyone", "--json"],
        &["identify", "all", "--json"],
    ] {
        let lines = json_lines(&without_ffmpeg(&sandbox, args));
        let passed = lines.iter().filter(|line| line["verdict"] == "passed-over");
        let mut kinds: Vec<_> = passed
            .map(|line| {
                assert_eq!((&line["faces"], &line["error"]), (&json!([]), &Value::Null));
                (line["photo"].as_str().unwrap(), line["kind"].as_str().unwrap())
            })
            .collect();
        kinds.sort_unstable();
        let expected = [
            ("all/1.xmp", "sidecar"),
            ("all/clip.mp4", "video"),
            ("all/more/clip.MOV", "video"),
            ("all/paper.pdf", "pdf"),
            ("all/photos.zip", "archive"),
        ];
        assert_eq!(kinds, expected, "{args:?}");
    }
    let counts = json!({ "video": 2, "pdf": 1, "archive": 1, "sidecar": 1 });
    for args in [
        &["embed", "all", "--out", "x.npy", "--json"][..],
        &["enroll", "all", "--name", "Ann", "--json"],
    ] {
        assert_eq!(json_lines(&sandbox.run(args).success())[0]["passed_over"], counts);
    }
}

#[test]
fn what_is_named_and_no_photo_says_what_it_is() {
    let sandbox = mixed();
    for (name, said) in [
        ("all/photos.zip", "all/photos.zip: an archive; unpack the photos in it first"),
        ("all/paper.pdf", "all/paper.pdf: a PDF"),
        ("all/1.xmp", "all/1.xmp: an XMP sidecar; give the photo"),
    ] {
        let run = sandbox.run(&["check", name]).code(2);
        assert!(stdout(&run).contains(said), "{}", stdout(&run));
    }
    sandbox.write("zips/a.zip", b"PK\x03\x04\x14\0\0\0");
    sandbox.fails(&["scan", "zips"], &["zips: no photos found, only 1 archive (unpack it"]);
}
