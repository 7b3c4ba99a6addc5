//! What people expect of any program at the command line.

#[cfg(unix)]
use std::process::Stdio;

use crate::index::{album, another};
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

#[test]
fn quiet_leaves_results_and_errors() {
    let sandbox = album();
    let loud = sandbox.run(&["scan", "album"]).success();
    let quiet = sandbox.run(&["scan", "album", "--quiet"]).success();
    assert_eq!(stdout(&quiet), stdout(&loud));
    assert!(stderr(&loud).contains("Eileen in 1 of 3 photos"));
    let said = stderr(&quiet);
    assert!(said.contains("3-cut.jpg: damaged") && said.lines().count() == 1, "{said}");
    let said = stderr(&sandbox.run(&["-q", "scan", "gone"]).code(2));
    assert!(said.contains("gone: cannot be read"), "{said}");
    sandbox.run(&["scan", "album", "-q", "-v"]).code(2);
}

#[test]
fn colours_are_used_as_is_asked() {
    let sandbox = album();
    let colored = |args: &[&str], variable: Option<&str>| {
        let mut command = sandbox.command(&[&["check", "album/1-she.png"], args].concat());
        if let Some(name) = variable {
            command.env(name, "1");
        }
        stdout(&command.assert().success()).contains('\u{1b}')
    };
    assert!(!colored(&[], None) && !colored(&["--color", "auto"], None), "not in a pipe");
    assert!(colored(&["--color", "always"], None));
    assert!(colored(&["--color=always"], Some("NO_COLOR")), "a flag before a variable");
    assert!(!colored(&[], Some("NO_COLOR")));
    assert!(colored(&[], Some("CLICOLOR_FORCE")));
    assert!(!colored(&["--color", "never"], Some("CLICOLOR_FORCE")));
    // JSON has none in any case, and the parser's own words follow too.
    let json =
        stdout(&sandbox.run(&["check", "--json", "--color=always", "album/1-she.png"]).success());
    assert!(!json.contains('\u{1b}'));
    assert!(
        stderr(&sandbox.run(&["check", "--color", "always", "--frob"]).code(2)).contains('\u{1b}')
    );
}

#[test]
fn the_long_version_says_what_it_is_made_of_and_needs_nothing() {
    let sandbox = Sandbox::new();
    let short = format!("verify {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(&sandbox.run(&["-V"]).success()), short);
    let long = stdout(&sandbox.run(&["--version"]).success());
    assert!(long.starts_with(&short), "{long}");
    for part in ["features: ", "heif", "serve", "pack: ", "sface", "ONNX Runtime: ", ", found "] {
        assert!(long.contains(part), "{part} is not in {long}");
    }
    let without =
        sandbox.command(&["--version"]).env("ORT_DYLIB_PATH", "/gone.so").assert().success();
    assert!(stdout(&without).contains("ONNX Runtime: none ("), "{}", stdout(&without));
    // The variables of other commands do not matter here.
    sandbox.command(&["--version"]).env("VERIFY_PACK", "gone").assert().success();
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = album();
    for i in 0..40 {
        sandbox.write(&format!("album/{i}.jpg"), &scene());
    }
    for args in [
        &["check", "album"][..],
        &["scan", "--all", "album"],
        &["scan", "--all", "--json", "album"],
        &["man"],
        &["completions", "bash"],
        &["people", "list"],
    ] {
        let mut command = sandbox.process(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
    }
}

/// An album with photos that are hidden, or in folders that nobody wants.
fn mixed() -> Sandbox {
    let sandbox = album();
    for (number, name) in [
        ".hidden.png",
        ".cache/a.png",
        "thumbs/a.png",
        "sub/thumbs/b.png",
        "sub/old.gif",
        "sub/she.png",
    ]
    .iter()
    .enumerate()
    {
        sandbox.write(&format!("album/{name}"), &another(10 + number));
    }
    sandbox
}

#[test]
fn what_is_hidden_or_excluded_is_left_out_and_counted() {
    let sandbox = mixed();
    let listed = |args: &[&str]| {
        let run = sandbox.run(&[&["scan", "--all", "album"], args].concat()).success();
        let text = stdout(&run);
        let names: Vec<_> = text
            .lines()
            .map(|line| line.split("album/").nth(1).unwrap().split("  ").next().unwrap().to_owned())
            .collect();
        let said = stderr(&run);
        let passed = said.lines().find_map(|line| line.strip_prefix("verify: skipped: "));
        (names.join(" "), passed.unwrap_or_default().to_owned())
    };
    let (names, passed) = listed(&[]);
    assert!(names.contains("sub/thumbs/b.png") && !names.contains(".hidden"), "{names}");
    assert_eq!(passed, "2 hidden");
    let (names, passed) = listed(&["--hidden"]);
    assert!(names.contains(".hidden.png") && names.contains(".cache/a.png"), "{names}");
    assert_eq!(passed, "");
    let (names, passed) = listed(&["--exclude", "thumbs/", "--exclude", "*.gif", "--hidden"]);
    assert!(!names.contains("thumbs") && !names.contains("gif") && names.contains("sub/she.png"));
    assert_eq!(passed, "3 excluded");
    let (names, _) = listed(&["--exclude", "/thumbs"]);
    assert!(names.contains("sub/thumbs/b.png") && !names.contains(" thumbs/a.png"), "{names}");
    let run = sandbox.run(&["check", "--json", "album", "--exclude", "sub/"]).code(2);
    let lines = json_lines(&run);
    let kinds: Vec<_> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    assert_eq!(kinds, ["hidden", "hidden", "excluded"], "what is passed over has its line");
    // What is named itself is never left out.
    sandbox
        .run(&["check", "album/sub/she.png", "album/.hidden.png", "--exclude", "*.png"])
        .success();
    sandbox.run(&["check", "album", "--exclude", "a{b"]).code(2);
}

#[test]
fn every_command_that_walks_folders_leaves_out_the_same() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    sandbox.write("Eileen/thumbs/2.png", &another(2));
    sandbox.write("Eileen/.trash/3.png", &another(3));
    let exclude = ["--exclude", "thumbs"];
    let run = |args: &[&str]| sandbox.run(&[args, &exclude].concat()).success();
    let enrolled = json_lines(&run(&["enroll", "Eileen", "--json"])).remove(0);
    assert_eq!(enrolled["counts"]["photos"], 1);
    assert_eq!(enrolled["passed_over"], serde_json::json!({"hidden": 1, "excluded": 1}));
    let embedded = json_lines(&run(&["embed", "Eileen", "--out", "x.npy", "--json"])).remove(0);
    assert_eq!((&embedded["photos"], &embedded["passed_over"]["excluded"]), (&1.into(), &1.into()));
    assert_eq!(json_lines(&run(&["identify", "Eileen", "--json"])).len(), 3);
    for args in [
        &["plot", "x.svg", "--with", "Eileen"][..],
        &["sheet", "x.svg", "--with", "Eileen"],
        &["eval", "--positives", "Eileen", "--negatives", "Eileen"],
    ] {
        let said = stderr(&run(args));
        assert!(said.contains("hidden") && said.contains("excluded"), "{args:?}: {said}");
    }
}

#[test]
fn a_dry_run_says_what_would_be_done_and_writes_nothing() {
    let sandbox = album();
    sandbox.write("album/sub/1-she.png", &another(4));
    let args = ["scan", "album", "--copy-to", "found", "--link-to", "links", "--dry-run"];
    let dry = stdout(&sandbox.run(&args).success());
    for part in ["would be copied to found/1-she.png\n", "would be linked as links/1-she-2.png\n"] {
        assert!(dry.contains(part), "{part} is not in {dry}");
    }
    assert!(!sandbox.path("found").exists() && !sandbox.path("links").exists());
    let of_json = |args: &[&str]| {
        let lines = json_lines(&sandbox.run(&[args, &["--json"]].concat()).success());
        let planned = |line: &serde_json::Value| line["dry_run"]["copy_to"].clone();
        lines.iter().map(planned).collect::<Vec<_>>()
    };
    let copies =
        |names: &[&str]| names.iter().map(|name| serde_json::json!([name])).collect::<Vec<_>>();
    assert_eq!(of_json(&args), copies(&["found/1-she.png", "found/1-she-2.png"]));
    let csv = sandbox.run(&[&args[..], &["--csv"]].concat()).success();
    assert!(stderr(&csv).contains("album/1-she.png: would be copied to found/1-she.png"));
    let everyone = of_json(&[&args[..], &["--everyone"]].concat());
    assert_eq!(everyone, copies(&["found/Eileen/1-she.png", "found/Eileen/1-she-2.png"]));
    // What was said is what is done, and then nothing is left to do.
    sandbox.run(&args[..6]).success();
    assert!(sandbox.path("found/1-she-2.png").exists() && sandbox.path("links/1-she.png").exists());
    assert_eq!(of_json(&args), [serde_json::json!([]), serde_json::json!([])]);
    sandbox.run(&["scan", "album", "--dry-run"]).code(2);
}

#[test]
fn manual_pages_have_the_sections_of_manuals_and_go_into_a_folder() {
    let sandbox = Sandbox::new();
    let page = stdout(&sandbox.run(&["man", "check"]).success());
    for part in [
        ".TH verify-check 1",
        ".SH \"EXIT STATUS\"",
        "0 every photo matched",
        ".SH ENVIRONMENT",
        "VERIFY_PROFILE",
        "ORT_DYLIB_PATH",
        ".SH FILES",
        "config.toml",
        ".SH EXAMPLES",
        "verify check photo.jpg",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("Examples:") && !page.contains("EXTRA"), "{page}");
    assert!(
        stdout(&sandbox.run(&["man", "people", "list"]).success()).contains("verify-people-list")
    );
    sandbox.run(&["man", "--out", "man1"]).success();
    for name in ["verify.1", "verify-enroll.1", "verify-people-list.1", "verify-config-show.1"] {
        assert!(sandbox.path(&format!("man1/{name}")).is_file(), "{name}");
    }
    assert!(!sandbox.path("man1/verify-decode.1").exists(), "what is hidden has no page");
}
