//! What is said of what happens inside, and what never is.

use crate::enrolled;
use crate::index::another;
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// Whether a text holds the number of an embedding, in any usual form.
fn holds(text: &str, embedding: &[f64]) -> bool {
    embedding.iter().any(|number| {
        let digits = format!("{:.6}", number.abs());
        number.abs() > 1e-3 && text.contains(digits.trim_start_matches('0'))
    })
}

/// What the log says: without what the command says of the person anyway, and without the time
/// before each line, whose nine digits sooner or later are those of an embedding by chance.
fn logged(errors: &str) -> String {
    errors
        .lines()
        .filter(|line| !line.starts_with("verify: "))
        .map(|line| {
            line.trim_start().split_once(' ').map_or("", |(_, said)| said).to_owned() + "\n"
        })
        .collect()
}

/// A person whose name stands in no path but that of the profile, with all that is asked of her.
fn person() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("photos/1.png", &another(1));
    sandbox.write("album/2.png", &another(2));
    sandbox.write("album/notes.txt", b"no photo");
    sandbox
}

#[test]
fn no_name_and_no_embedding_is_logged_and_the_output_stays() {
    let sandbox = person();
    let name = "Xenia Quill";
    let enroll = ["enroll", "photos", "--name", name];
    let mut said = logged(&stderr(&sandbox.run(&[&enroll[..], &["-vvv"]].concat()).success()));
    for args in [
        &["check", "album"][..],
        &["check", "album", "--json", "--no-index"],
        &["scan", "album"],
        &["identify", "album"],
        &["people", "list"],
        &["profile", "show"],
        &["plot", "a.svg", "--with", "album"],
        &["enroll", "--add", "album"],
        &["doctor"],
    ] {
        let plain = sandbox.run(args);
        let told = sandbox.run(&[args, &["-vv"]].concat());
        if args[0] != "enroll" {
            assert_eq!(stdout(&told), stdout(&plain), "{args:?}");
        }
        said += &logged(&stderr(&told));
    }
    for part in [
        "opened the pack",
        "load library",
        "walked a folder",
        "analyse photo",
        "fit",
        "save the profile",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    for part in ["Xenia", "xenia", "Quill", "quill"] {
        assert!(!said.contains(part), "{part} is in {said}");
    }
    sandbox.run(&["embed", "album", "--out", "x.jsonl"]).success();
    let written = std::fs::read_to_string(sandbox.path("x.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(written.lines().next().unwrap()).unwrap();
    let numbers: Vec<f64> = line["embedding"]
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect();
    assert!(numbers.len() > 100 && !holds(&said, &numbers));
    assert!(holds(&written, &numbers), "the search finds what is there");
}

#[test]
fn paths_of_photos_are_told_at_the_second_v_alone() {
    let sandbox = person();
    sandbox.run(&["enroll", "photos", "--name", "Ann"]).success();
    let log =
        |args: &[&str]| stderr(&sandbox.run(&[&["check", "album", "--no-index"], args].concat()));
    let (info, debug) = (log(&["-v"]), log(&["-vv"]));
    assert!(info.contains("photos analysed") && info.contains("time.busy"), "{info}");
    assert!(!info.contains("2.png") && debug.contains("album/2.png"), "{info}\n{debug}");
    assert!(!info.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn without_a_flag_nothing_is_said_and_the_variable_asks_too() {
    let sandbox = enrolled();
    let args = ["check", "Eileen/1.png"];
    assert_eq!(stderr(&sandbox.run(&args).success()), "");
    let by = |value: &str| sandbox.command(&args).env("RUST_LOG", value).assert();
    assert_eq!(stderr(&by("").success()), "");
    assert!(stderr(&by("sameface=info").success()).contains("opened the pack"));
    assert!(stderr(&by("info").success()).contains("opened the pack"));
    assert!(!stderr(&by("warn").success()).contains("opened the pack"));
    let wrong = stderr(&by("sameface=loud").code(2));
    assert!(wrong.starts_with("verify: RUST_LOG: ") && wrong.lines().count() == 1, "{wrong}");
    assert!(
        json_lines(&sandbox.run(&["check", "--json", "-vv", "Eileen/1.png"]).success()).len() == 1
    );
}
