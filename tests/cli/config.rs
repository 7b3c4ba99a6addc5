//! The file of settings and the variables, as their user meets them.
#![allow(clippy::expect_used)]

use crate::enrolled;
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// The user's file.
const FILE: &str = "config/sameface/config.toml";

/// The line of a flag that `verify config show --json` prints.
fn line(lines: &[serde_json::Value], command: Option<&str>, flag: &str) -> serde_json::Value {
    let is = |line: &&serde_json::Value| {
        line["command"] == serde_json::json!(command) && line["flag"] == flag
    };
    lines.iter().find(is).expect(flag).clone()
}

#[test]
fn values_come_from_the_flag_the_variable_the_file_or_nowhere_in_this_order() {
    let sandbox = Sandbox::new();
    let file =
        sandbox.write(FILE, b"people = 'of-file'\nthreads = 2\n[scan]\nthreads = 3\nall = true\n");
    let shown = |args: &[&str], people: Option<&str>| {
        let mut command = sandbox.command(&[args, &["--json"]].concat());
        if let Some(people) = people {
            command.env("VERIFY_PEOPLE", people);
        }
        json_lines(&command.assert().success())
    };
    let of = |lines: &[_], command, flag| {
        let line = line(lines, command, flag);
        (line["value"].clone(), line["source"].as_str().unwrap().to_owned(), line["from"].clone())
    };
    let file = serde_json::json!(file);
    let show = ["config", "show"];
    assert_eq!(
        of(&shown(&show, None), None, "people"),
        ("of-file".into(), "file".into(), file.clone())
    );
    let variable = of(&shown(&show, Some("of-variable")), None, "people");
    assert_eq!(variable, ("of-variable".into(), "variable".into(), "VERIFY_PEOPLE".into()));
    let flag = [&show[..], &["--people", "of-flag"]].concat();
    let flag = of(&shown(&flag, Some("of-variable")), None, "people");
    assert_eq!(flag, ("of-flag".into(), "flag".into(), serde_json::Value::Null));
    let lines = shown(&show, None);
    assert_eq!(of(&lines, None, "profile").1, "default");
    assert_eq!(of(&lines, None, "threads").0, "2");
    assert_eq!(of(&lines, Some("scan"), "all").0, "true");
    // All flags of one command.
    let lines = shown(&["config", "show", "scan"], None);
    assert_eq!(of(&lines, None, "threads").0, "3", "a table before what stands above it");
    assert_eq!(
        of(&lines, Some("scan"), "every"),
        ("1s".into(), "default".into(), serde_json::Value::Null)
    );
    let text = stdout(&sandbox.run(&["config", "show", "scan"]).success());
    assert!(
        text.contains("threads") && text.contains("[scan]\n") && text.contains("file"),
        "{text}"
    );
    sandbox.fails(&["config", "show", "scam"], &["scam: no such command"]);
}

#[test]
fn a_token_is_not_shown() {
    let sandbox = Sandbox::new();
    let show = ["config", "show", "serve"];
    let run = sandbox.command(&show).env("VERIFY_TOKEN", "a-long-secret-word").assert().success();
    let text = stdout(&run);
    assert!(
        text.contains("(hidden)") && text.contains("VERIFY_TOKEN") && !text.contains("secret"),
        "{text}"
    );
    let help = stdout(
        &sandbox.command(&["serve", "--help"]).env("VERIFY_TOKEN", "secret").assert().success(),
    );
    assert!(help.contains("VERIFY_TOKEN") && !help.contains("secret"), "{help}");
}

#[test]
fn where_the_file_is_and_another_and_none() {
    let sandbox = Sandbox::new();
    let path =
        |args: &[&str]| stdout(&sandbox.run(&[&["config", "path"], args].concat()).success());
    assert_eq!(path(&[]), format!("{}\n", sandbox.path(FILE).display()));
    assert_eq!(path(&["--config", "other.toml"]), "other.toml\n");
    assert_eq!(path(&["--no-config"]), "none\n");
    let json = json_lines(&sandbox.run(&["config", "path", "--json"]).success()).remove(0);
    assert_eq!(json["exists"], false);
    sandbox.fails(&["people", "--config", "other.toml"], &["other.toml", "exists"]);
    // A file that cannot be used stops all commands but those that tell of it.
    sandbox.write(FILE, b"thread = 2\n");
    sandbox.fails(&["people"], &["config.toml: \"thread\" is not a flag of any command", "--help"]);
    sandbox.fails(&["config", "show"], &["config.toml: \"thread\""]);
    for args in
        [&["people", "--no-config"][..], &["people", "--config", "none"], &["config", "path"]]
    {
        sandbox.run(args).success();
    }
    sandbox.command(&["people"]).env("VERIFY_CONFIG", "none").assert().success();
    sandbox.write("other.toml", b"[people]\njson = true\n");
    let run = sandbox.command(&["people"]).env("VERIFY_CONFIG", "other.toml").assert().success();
    assert_eq!(json_lines(&run)[0]["people"], serde_json::json!([]));
}

#[test]
fn a_command_does_what_the_file_says_and_a_flag_takes_it_back() {
    let sandbox = enrolled();
    sandbox.write(FILE, b"far = 1e-5\n[check]\njson = true\n");
    let photo = "Eileen/1.png";
    let line = json_lines(&sandbox.run(&["check", photo]).success()).remove(0);
    assert_eq!(line["threshold"], 5.0);
    let line = json_lines(&sandbox.run(&["check", photo, "--far", "1e-3"]).success()).remove(0);
    assert_eq!(line["threshold"], 3.0);
    let text = stdout(&sandbox.run(&["check", photo, "--json=false"]).success());
    assert!(text.starts_with("match"), "{text}");
    sandbox.write(FILE, b"[check]\nprior = 'likely'\n");
    sandbox.fails(&["check", photo], &["config.toml: prior = \"likely\": give a probability"]);
    sandbox.run(&["scan", "Eileen"]).success();
}

#[test]
fn a_profile_and_a_folder_of_people_are_named_by_variables() {
    let sandbox = enrolled();
    let profile = sandbox.path("anna.json");
    std::fs::rename(sandbox.profile(), &profile).unwrap();
    sandbox.run(&["check", "Eileen/1.png"]).code(2);
    let by =
        |name: &str, value: &str, args: &[&str]| sandbox.command(args).env(name, value).assert();
    by("VERIFY_PROFILE", "anna.json", &["check", "Eileen/1.png"]).success();
    // A flag that excludes it counts before it.
    let person =
        by("VERIFY_PROFILE", "anna.json", &["check", "Eileen/1.png", "--person", "Ann"]).code(2);
    assert!(stderr(&person).contains("Ann"), "{}", stderr(&person));
    by("VERIFY_PROFILE", "", &["check", "Eileen/1.png"]).code(2);
    sandbox.copy(&profile, "others/anna.json");
    by("VERIFY_PEOPLE", "others", &["check", "Eileen/1.png", "--person", "Eileen"]).success();
    // `eval` has another --people.
    let eval = ["eval", "--positives", "Eileen", "--negatives", "Eileen", "--person", "Eileen"];
    by("VERIFY_PEOPLE", "others", &eval).success();
    let wrong = by("VERIFY_PACK", "gone-pack", &["check", "Eileen/1.png"]).code(2);
    assert!(stderr(&wrong).contains("gone-pack"), "{}", stderr(&wrong));
    let wrong = by("VERIFY_TOKEN", "", &["serve", "--no-open", "--host", "0.0.0.0"]).code(2);
    assert!(stderr(&wrong).contains("--token"), "{}", stderr(&wrong));
}
