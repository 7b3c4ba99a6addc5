//! `verify profile`: show, export and delete, and what stays behind.

use crate::enrolled;
use crate::photos::{astronaut, scene};
use crate::sandbox::{json_lines, stderr, stdout};

/// A file's mode; on systems without modes, that of a private file.
fn mode(path: &std::path::Path) -> u32 {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }
    #[cfg(not(unix))]
    0o600
}

#[test]
fn what_is_kept_is_shown_as_text_and_as_json() {
    let sandbox = enrolled();
    sandbox.write("more/scene.jpg", &scene());
    sandbox.copy(&astronaut(), "more/copy.png");
    sandbox.run(&["enroll", "--add", "more", "--far", "1e-5"]).success();
    let text = stdout(&sandbox.run(&["profile", "show"]).success());
    for part in [
        "Eileen, enrolled with 1 photo\n",
        "copy.png: same picture as Eileen/1.png",
        "scene.jpg: no face found",
        "Method      centroid\n",
        "Threshold   5.00: accepts one stranger in 100,000 among people like those it was measured on\n",
        "eileen.json\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let shown = json_lines(&sandbox.run(&["profile", "show", "--json"]).success()).remove(0);
    assert_eq!((&shown["name"], &shown["usable"]), (&"Eileen".into(), &true.into()));
    assert_eq!((&shown["counts"]["photos"], &shown["counts"]["kept"]), (&3.into(), &1.into()));
    assert_eq!(shown["set_aside"][0]["reason"], "no-face");
    assert!(!shown.to_string().contains("embedding"));
}

#[test]
fn what_makes_a_profile_useless_or_open_to_others_is_said() {
    let sandbox = enrolled();
    let whole = std::fs::read_to_string(sandbox.profile()).unwrap();
    let other = whole.replace("\"models\":\"", "\"models\":\"other-");
    sandbox.write("other.json", other.as_bytes());
    let text = stdout(&sandbox.run(&["profile", "show", "--profile", "other.json"]).success());
    assert!(text.contains("made with the pack other-"), "{text}");
    sandbox.fails(&["profile", "show", "--profile", "gone.json"], &["gone.json: no profile found"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(sandbox.path("other.json"), open).unwrap();
        let text = stdout(&sandbox.run(&["profile", "show", "--profile", "other.json"]).success());
        assert!(text.contains("chmod 600"), "{text}");
        let text = stdout(&sandbox.run(&["profile", "show"]).success());
        assert!(!text.contains("chmod"), "{text}");
    }
}

#[test]
fn an_export_is_the_whole_profile_for_its_owner_alone() {
    let sandbox = enrolled();
    let whole = std::fs::read(sandbox.profile()).unwrap();
    sandbox.run(&["profile", "export", "anna.json"]).success();
    assert_eq!(std::fs::read(sandbox.path("anna.json")).unwrap(), whole);
    assert_eq!(mode(&sandbox.path("anna.json")), 0o600);
    sandbox.run(&["check", "Eileen/1.png", "--profile", "anna.json"]).success();
    let piped = sandbox.run(&["profile", "export", "-"]).success();
    assert_eq!(piped.get_output().stdout, whole);
    let report = json_lines(&sandbox.run(&["profile", "export", "b.json", "--json"]).success());
    assert_eq!(report[0]["bytes"], whole.len());
    sandbox.fails(&["profile", "export", "Eileen/1.png"], &["1.png: exists already"]);
    sandbox.fails(&["profile", "export", "gone/a.json"], &["a.json: cannot be written"]);
    sandbox.write("half.json", &whole[..whole.len() / 2]);
    let half = ["profile", "export", "c.json", "--profile", "half.json"];
    sandbox.fails(&half, &["half.json: damaged profile"]);
    assert!(!sandbox.path("c.json").exists());
}

#[test]
fn nothing_is_deleted_without_a_yes() {
    let sandbox = enrolled();
    let answer =
        |answer: &'static str| sandbox.command(&["profile", "delete"]).write_stdin(answer).assert();
    for no in ["", "\n", "n\n", "yesterday\n"] {
        let run = answer(no).code(2).stdout("");
        let text = stderr(&run);
        assert!(text.starts_with("Delete the profile of Eileen, "), "{text}");
        assert!(text.contains("nothing was deleted") && sandbox.profile().exists(), "{text}");
    }
    let run = answer("y\n").success();
    assert_eq!(stdout(&run), "deleted the profile of Eileen\n");
    assert!(stderr(&run).contains("verify index clear"), "{}", stderr(&run));
    assert!(!sandbox.profile().exists());
    sandbox.fails(&["profile", "delete", "--yes"], &["no profile found"]);
}

#[test]
fn deleting_needs_no_question_with_yes_and_touches_profiles_alone() {
    let sandbox = enrolled();
    let report = json_lines(&sandbox.run(&["profile", "delete", "--yes", "--json"]).success());
    assert_eq!(report[0]["deleted"], true);
    let photo = ["profile", "delete", "--yes", "--profile", "Eileen/1.png"];
    sandbox.fails(&photo, &["1.png: not a profile, so it was left unchanged"]);
    assert!(sandbox.path("Eileen/1.png").exists());
    sandbox.write("damaged.json", b"{\"version\":1,\"na");
    sandbox.run(&["profile", "delete", "--yes", "--profile", "damaged.json"]).success();
    assert!(!sandbox.path("damaged.json").exists());
}

/// So that a profile can lie encrypted, by whatever program its owner trusts.
#[cfg(target_os = "linux")]
#[test]
fn a_profile_can_be_read_from_a_pipe() {
    let sandbox = enrolled();
    let whole = std::fs::read(sandbox.profile()).unwrap();
    std::fs::remove_file(sandbox.profile()).unwrap();
    for command in ["check", "scan"] {
        let args = [command, "Eileen", "--profile", "/dev/stdin"];
        let run = sandbox.command(&args).write_stdin(whole.clone()).assert().success();
        assert!(stdout(&run).contains("1.png"), "{}", stdout(&run));
    }
}
