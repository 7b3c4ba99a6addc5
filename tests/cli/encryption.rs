//! Profiles encrypted with a passphrase: which commands keep them so, and what stays in clear.

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::enrolled;
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::skipped::skipped;

const START: &[u8] = b"age-encryption.org/v1\n";

fn is_encrypted(sandbox: &Sandbox) -> bool {
    std::fs::read(sandbox.profile()).unwrap().starts_with(START)
}

/// A sandbox with an encrypted profile, and the file `key` that opens it.
fn encrypted() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.write("key", b"correct horse\n");
    sandbox.run(&["enroll", "Eileen", "--key-file", "key"]).success();
    assert!(is_encrypted(&sandbox));
    sandbox
}

#[test]
fn an_encrypted_profile_works_with_its_key_and_stays_encrypted() {
    let sandbox = encrypted();
    let check = ["check", "Eileen/1.png", "--json"];
    let by_flag = json_lines(&sandbox.run(&[&check[..], &["--key-file", "key"]].concat()));
    assert_eq!(by_flag[0]["verdict"], "match");
    let by_variable = sandbox.command(&check).env("VERIFY_KEY_FILE", "key").assert().success();
    assert_eq!(json_lines(&by_variable), by_flag);
    let shown = sandbox.run(&["profile", "show", "--json", "--key-file", "key"]).success();
    assert_eq!(json_lines(&shown)[0]["encrypted"], true);
    sandbox.write("more/scene.jpg", &scene());
    for change in [&["enroll", "--add", "more"][..], &["enroll", "Eileen"]] {
        sandbox.run(&[change, &["--key-file", "key"]].concat()).success();
        assert!(is_encrypted(&sandbox), "{change:?}");
    }
    for args in [
        &["scan", "Eileen"][..],
        &["plot", "plot.png"],
        &["report", "report.html"],
        &["embed", "Eileen", "--out", "faces.jsonl"],
    ] {
        sandbox.run(&[args, &["--key-file", "key"]].concat()).success();
    }
}

#[test]
fn without_its_key_an_encrypted_profile_is_neither_read_nor_replaced() {
    let sandbox = encrypted();
    let before = std::fs::read(sandbox.profile()).unwrap();
    sandbox.write("other", b"battery staple");
    sandbox.write("none", b"\n");
    for args in [
        &["check", "Eileen/1.png"][..],
        &["enroll", "Eileen"],
        &["enroll", "--far", "1e-5"],
        &["profile", "decrypt"],
        &["profile", "export", "-"],
    ] {
        sandbox.fails(args, &["eileen.json: encrypted, and no passphrase was given", "--key-file"]);
        let other = [args, &["--key-file", "other"]].concat();
        sandbox.fails(&other, &["eileen.json: wrong passphrase"]);
    }
    sandbox.fails(&["check", "x.png", "--key-file", "none"], &["none: a passphrase must not"]);
    sandbox.fails(&["check", "x.png", "--key-file", "gone"], &["gone: cannot be read"]);
    assert_eq!(std::fs::read(sandbox.profile()).unwrap(), before);
    let deleted = sandbox.run(&["profile", "delete", "--yes"]).success();
    assert_eq!(stdout(&deleted), "deleted an encrypted profile\n");
    assert!(!sandbox.profile().exists());
}

#[test]
fn a_profile_is_encrypted_and_decrypted_to_the_same_bytes() {
    let sandbox = enrolled();
    sandbox.write("key", b"correct horse");
    let clear = std::fs::read(sandbox.profile()).unwrap();
    let with_key = |action| ["profile", action, "--key-file", "key"];
    sandbox.fails(
        &["profile", "encrypt"],
        &["the passphrase: cannot be asked for without a terminal"],
    );
    let said = sandbox.run(&with_key("encrypt")).success();
    assert!(stdout(&said).ends_with("cannot be opened without the passphrase\n"));
    assert!(stderr(&said).contains("the index still holds the faces"), "{}", stderr(&said));
    assert!(is_encrypted(&sandbox));
    sandbox.fails(&with_key("encrypt"), &["encrypted already"]);
    let export = sandbox.run(&["profile", "export", "-", "--key-file", "key"]).success();
    assert_eq!(export.get_output().stdout, clear);
    sandbox.run(&with_key("decrypt")).success();
    assert_eq!(std::fs::read(sandbox.profile()).unwrap(), clear);
    sandbox.fails(&with_key("decrypt"), &["it is not encrypted"]);
}

/// The index would hold in clear what is encrypted in the profile.
#[test]
fn beside_an_encrypted_profile_an_index_is_kept_only_where_it_is_named() {
    let sandbox = encrypted();
    let check = ["check", "Eileen/1.png", "--key-file", "key"];
    sandbox.run(&check).success();
    assert!(!sandbox.path("cache/sameface").exists());
    sandbox.run(&[&check[..], &["--index", "index.sqlite"]].concat()).success();
    assert!(sandbox.path("index.sqlite").exists());
}

/// Whether util-linux's `script` is here, which gives the program a terminal.
#[cfg(target_os = "linux")]
fn has_script() -> bool {
    let has = Command::new("script").arg("--version").output().is_ok();
    if !has {
        skipped("no `script` to make a terminal with");
    }
    has
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_the_passphrase_is_asked_for_and_not_shown() {
    if !has_script() {
        return;
    }
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    let new = ("New passphrase: ", "correct horse");
    let again = |text| ("Repeat the passphrase: ", text);
    let old = |text| ("eileen.json: ", text);
    let enroll = ["enroll", "Eileen", "--encrypt"];
    let typed = |args: &[&str], answers: &[_]| typed(&sandbox, "{}", args, answers);
    let (said, done) = typed(&enroll, &[new, again("correct house")]);
    assert!(!done && said.contains("typed differently the second time"), "{said}");
    let (said, done) = typed(&enroll, &[("New passphrase: ", "short")]);
    assert!(!done && said.contains("too short"), "{said}");
    // The second answer comes before its question.
    let (said, done) = typed(&enroll, &[("New passphrase: ", "correct horse\ncorrect horse")]);
    assert!(done && is_encrypted(&sandbox) && !said.contains("horse"), "{said}");
    let check = ["check", "Eileen/1.png"];
    let (said, done) = typed(&check, &[old("correct horse")]);
    assert!(done && said.contains("match") && !said.contains("horse"), "{said}");
    let (said, done) = typed(&check, &[old("something else")]);
    assert!(!done && said.contains("wrong passphrase"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn however_the_question_ends_the_terminal_is_as_it_was() {
    if !has_script() {
        return;
    }
    let sandbox = encrypted();
    let line = "{}; echo ended $?; stty -a";
    for (keys, status) in
        [("correct horse", 0), ("something else", 2), ("\u{3}", 130), ("\u{4}", 2)]
    {
        let answer = [("eileen.json: ", keys)];
        let (said, _) = typed(&sandbox, line, &["check", "Eileen/1.png"], &answer);
        assert!(said.contains(&format!("ended {status}")), "{keys:?}: {said}");
        let modes = said.split_whitespace();
        let found = modes.filter(|mode| ["isig", "icanon", "echo"].contains(mode)).count();
        assert_eq!(found, 3, "{keys:?}: {said}");
    }
}

/// Nor is what was typed too much left to whatever program comes next, which would show it.
#[cfg(target_os = "linux")]
#[test]
fn what_is_typed_beyond_the_answer_is_gone() {
    if !has_script() {
        return;
    }
    let sandbox = encrypted();
    let line = "{}; echo ready; head -n 1 | sed s/^/next-/";
    let answers = [("eileen.json: ", "correct horse\ncorrect horse"), ("ready", "end")];
    let (said, _) = typed(&sandbox, line, &["check", "Eileen/1.png"], &answers);
    assert!(said.contains("next-end") && !said.contains("horse"), "{said}");
}

/// In the background a program that changes the terminal is stopped.
#[cfg(target_os = "linux")]
#[test]
fn with_a_key_file_the_terminal_is_left_alone() {
    if !has_script() {
        return;
    }
    let sandbox = encrypted();
    let check = ["check", "Eileen/1.png", "--key-file", "key"];
    let line = "set -m; {} & wait $!; echo ended $?";
    let (said, _) = typed(&sandbox, line, &check, &[]);
    assert!(said.contains("ended 0"), "{said}");
}

/// Run a line of the shell at a terminal of its own, in which the program is `{}`, and answer each
/// question. Returns what was seen there, and whether the line ended well.
#[cfg(target_os = "linux")]
fn typed(sandbox: &Sandbox, line: &str, args: &[&str], answers: &[(&str, &str)]) -> (String, bool) {
    let program = sandbox.process(args);
    let words: Vec<_> = std::iter::once(program.get_program())
        .chain(program.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    let line = line.replace("{}", &words.join(" "));
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--flush", "--command", &line, "/dev/null"]);
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.current_dir(program.get_current_dir().unwrap());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keys, mut screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut seen, mut byte) = (Vec::new(), [0]);
    for (question, answer) in answers {
        while !seen.ends_with(question.as_bytes()) && screen.read(&mut byte).unwrap() == 1 {
            seen.extend(byte);
        }
        keys.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    screen.read_to_end(&mut seen).unwrap();
    (String::from_utf8_lossy(&seen).into_owned(), child.wait().unwrap().success())
}
