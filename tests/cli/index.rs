//! The index as its user meets it: a second run computes nothing, and whatever is wrong with the
//! index costs time and nothing else.

use std::path::PathBuf;
use std::process::Stdio;

use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// A photo of the astronaut whose file no other one equals.
pub fn another(number: usize) -> Vec<u8> {
    let mut bytes = std::fs::read(astronaut()).unwrap();
    bytes.extend(format!("{number}").bytes());
    bytes
}

/// The astronaut enrolled without an index, and an album of her, a scene and a broken photo.
pub fn album() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.run(&["enroll", "Eileen", "--no-index"]).success();
    sandbox.write("album/1-she.png", &another(1));
    sandbox.write("album/2-scene.jpg", &scene());
    sandbox.write("album/3-cut.jpg", &scene()[..300]);
    sandbox
}

/// What a run prints that cannot load any model.
fn without_models(sandbox: &Sandbox, args: &[&str]) -> assert_cmd::assert::Assert {
    sandbox.command(args).env("ORT_DYLIB_PATH", sandbox.path("gone.so")).assert()
}

fn counts(sandbox: &Sandbox) -> [u64; 3] {
    let info = json_lines(&sandbox.run(&["index", "info", "--json"]).success()).remove(0);
    ["photos", "faces", "files"].map(|count| info[count].as_u64().unwrap())
}

#[test]
fn a_second_run_loads_no_model_and_says_the_same_as_without_an_index() {
    let sandbox = album();
    let check = ["check", "--json", "album", "Eileen"];
    let without = stdout(&sandbox.run(&[&check[..], &["--no-index"]].concat()).code(2));
    assert_eq!(counts(&sandbox), [0, 0, 0]);
    assert_eq!(stdout(&sandbox.run(&check).code(2)), without);
    assert_eq!(counts(&sandbox), [3, 2, 3], "what cannot be read is not kept");
    assert_eq!(stdout(&without_models(&sandbox, &check).code(2)), without);
    let run = without_models(&sandbox, &["check", "--no-index", "Eileen"]).code(2);
    assert!(stderr(&run).contains("ORT_DYLIB_PATH"), "{}", stderr(&run));
}

#[test]
fn a_profile_is_the_same_to_the_byte_with_and_without_an_index() {
    let sandbox = album();
    let enrolled = |more: &[&str]| {
        let args = ["enroll", "Eileen", "album/1-she.png", "--name", "E"];
        sandbox.run(&[&args, more].concat()).success();
        std::fs::read(sandbox.profile()).unwrap()
    };
    let without = enrolled(&["--no-index"]);
    assert_eq!(enrolled(&[]), without);
    assert_eq!(counts(&sandbox), [2, 2, 2]);
    assert_eq!(enrolled(&[]), without);
    // What another pack finds is kept apart.
    let pack = concat!(env!("CARGO_MANIFEST_DIR"), "/models/mtcnn-dlib");
    let other = enrolled(&["--pack", pack]);
    assert_eq!(counts(&sandbox), [4, 4, 2]);
    assert_eq!(enrolled(&["--pack", pack, "--no-index"]), other);
}

#[test]
fn a_photo_is_known_under_another_name_and_not_after_it_was_changed() {
    let sandbox = album();
    sandbox.run(&["check", "album/1-she.png"]).success();
    std::fs::rename(sandbox.path("album/1-she.png"), sandbox.path("album/moved.png")).unwrap();
    without_models(&sandbox, &["check", "album/moved.png"]).success();
    sandbox.write("album/moved.png", &scene());
    let line = json_lines(&sandbox.run(&["check", "--json", "album/moved.png"]).code(1)).remove(0);
    assert_eq!(line["verdict"], "no-face");
}

#[test]
fn an_index_that_cannot_be_used_is_told_in_one_line_and_costs_nothing() {
    let sandbox = album();
    let check = |args: &[&str]| {
        let run = sandbox.run(&[&["check", "Eileen/1.png"], args].concat()).success();
        assert!(stdout(&run).starts_with("match"));
        stderr(&run)
    };
    sandbox
        .write("cache/sameface/index.sqlite", b"not a database, but long enough to be looked at");
    let said = check(&[]);
    assert!(said.contains("index is damaged and will be created again"), "{said}");
    assert_eq!((said.lines().count(), check(&[])), (1, String::new()));
    let said = check(&["--index", "album/2-scene.jpg"]);
    assert!(said.contains("2-scene.jpg: not an index, so it was left unchanged"), "{said}");
    assert_eq!(std::fs::read(sandbox.path("album/2-scene.jpg")).unwrap(), scene());
    // A folder that cannot be made, whoever asks for it.
    let said = check(&["--index", "album/2-scene.jpg/below/index.sqlite"]);
    assert!(said.contains("the index cannot be used") && said.contains("--no-index"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    sandbox.run(&["check", "x", "--index", "a", "--no-index"]).code(2);
}

#[test]
fn the_index_is_where_it_is_told_to_be() {
    let sandbox = album();
    let elsewhere = sandbox.path("elsewhere/my.index");
    sandbox.command(&["check", "Eileen"]).env("VERIFY_INDEX", &elsewhere).assert().success();
    assert!(elsewhere.is_file() && !sandbox.path("cache/sameface").exists());
    sandbox.run(&["check", "Eileen", "--index", "my.index"]).success();
    assert!(sandbox.path("my.index").is_file());
}

#[test]
fn it_is_described_pruned_and_cleared() {
    let sandbox = album();
    let text = |args: &[&str]| stdout(&sandbox.run(&[&["index"], args].concat()).success());
    assert!(text(&["info"]).contains("no index yet"));
    assert!(text(&["prune"]).contains("dropped 0"));
    assert!(text(&["clear"]).contains("no index found"));
    sandbox.run(&["check", "album"]).code(2);
    assert!(text(&["info"]).contains("2 photos with 1 face, in 2 files"), "{}", text(&["info"]));
    std::fs::remove_file(sandbox.path("album/2-scene.jpg")).unwrap();
    let pruned = json_lines(&sandbox.run(&["index", "prune", "--json"]).success()).remove(0);
    assert_eq!(pruned, serde_json::json!({"files": 1, "photos": 1, "away": 0}));
    assert_eq!(counts(&sandbox), [1, 1, 1]);
    // A whole folder that is not there may be on a drive.
    std::fs::rename(sandbox.path("album"), sandbox.path("moved")).unwrap();
    assert!(text(&["prune"]).contains("kept 1 name in missing folders"));
    assert_eq!(counts(&sandbox), [1, 1, 1]);
    assert!(text(&["prune", "--folders"]).contains("dropped 1 name"));
    std::fs::rename(sandbox.path("moved"), sandbox.path("album")).unwrap();
    sandbox.run(&["check", "album"]);
    let cleared = json_lines(&sandbox.run(&["index", "clear", "--json"]).success()).remove(0);
    assert_eq!(cleared, serde_json::json!({"removed": true}));
    let left: Vec<_> = std::fs::read_dir(sandbox.path("cache/sameface")).unwrap().collect();
    assert_eq!(left.len(), 1, "but for the empty lock: {left:?}");
    sandbox.fails(&["index", "info", "--no-index"], &["--no-index"]);
}

#[test]
fn two_programs_at_once_fill_one_index() {
    let sandbox = album();
    let photos: Vec<PathBuf> =
        (0..12).map(|i| sandbox.write(&format!("both/{i}.png"), &another(i))).collect();
    let check = || {
        let mut command = sandbox.process(&["check", "--json", "both"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let running = [check(), check()];
    let outputs = running.map(|child| child.wait_with_output().unwrap());
    for output in &outputs {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        assert_eq!(output.stdout, outputs[0].stdout);
    }
    assert_eq!(counts(&sandbox), [12; 3]);
    let known = without_models(&sandbox, &["check", "--json", "both"]).success();
    assert_eq!(stdout(&known).lines().count(), photos.len());
}
