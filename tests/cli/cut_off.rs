//! Photos whose files are cut off: checked with a warning, never enrolled.

use image::ImageFormat;
use serde_json::Value;

use super::enrolled;
use super::photos::{astronaut, encoded};
use super::sandbox::{Sandbox, json_lines, stderr, stdout};

/// An album with the portrait cut off below the face, above it, and whole.
fn album(sandbox: &Sandbox) {
    let portrait = image::open(astronaut()).unwrap().into_rgb8();
    let jpeg = encoded(portrait, ImageFormat::Jpeg);
    sandbox.write("album/below.jpg", &jpeg[..jpeg.len() * 3 / 4]);
    sandbox.write("album/above.jpg", &jpeg[..jpeg.len() / 10]);
    sandbox.write("album/whole.jpg", &jpeg);
}

fn said(lines: &[Value], field: &str) -> Vec<Value> {
    lines.iter().map(|line| line[field].clone()).collect()
}

#[test]
fn what_is_there_is_judged_with_a_warning() {
    let sandbox = enrolled();
    album(&sandbox);
    let lines = json_lines(&sandbox.run(&["check", "--json", "album"]).code(1));
    assert_eq!(said(&lines, "verdict"), ["no-face", "match", "match"]);
    assert_eq!(said(&lines, "truncated"), [true, true, false]);
    let missing = said(&lines, "missing");
    assert!((70..100).contains(&missing[0].as_u64().unwrap()), "{missing:?}");
    assert!((10..50).contains(&missing[1].as_u64().unwrap()), "{missing:?}");
    assert!(missing[2].is_null());
    // The index knows it too.
    let again = json_lines(&sandbox.run(&["check", "--json", "album"]).code(1));
    assert_eq!(again, lines);
    let text = stdout(&sandbox.run(&["check", "album"]).code(1));
    let warned: Vec<bool> = text.lines().map(|line| line.contains("the file is cut off")).collect();
    assert_eq!(warned, [true, true, false], "{text}");
    let lines = json_lines(&sandbox.run(&["identify", "--json", "album"]).code(1));
    assert_eq!(said(&lines, "truncated"), [true, true, false]);
    assert_eq!(said(&lines, "missing"), missing);
}

#[test]
fn a_scan_lists_matches_with_the_warning_and_names_the_others() {
    let sandbox = enrolled();
    album(&sandbox);
    let run = sandbox.run(&["scan", "album"]).success();
    let (text, notes) = (stdout(&run), stderr(&run));
    assert!(text.contains("below.jpg: the file is cut off") && !text.contains("above"), "{text}");
    assert!(notes.contains("above.jpg: no-face, the file is cut off"), "{notes}");
    let csv = stdout(&sandbox.run(&["scan", "--csv", "--all", "album"]).success());
    let truncated: Vec<_> = csv.lines().map(|row| row.rsplit(',').nth(2).unwrap()).collect();
    assert_eq!(truncated, ["truncated", "true", "true", "false"]);
}

#[test]
fn nobody_is_learnt_from_a_part() {
    let sandbox = Sandbox::new();
    album(&sandbox);
    let text = stdout(&sandbox.run(&["enroll", "album"]).success());
    assert!(text.contains("with 1 photo"), "{text}");
    for name in ["below.jpg", "above.jpg"] {
        assert!(text.contains(&format!("{name}: the file is cut off and")), "{text}");
    }
}
