//! What goes wrong around the program: names that are no text, photos that come and go, full and
//! read-only disks, no network. What a machine does not allow to be set up is skipped.

#[cfg(unix)]
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::enrolled;
use crate::photos::{astronaut, fixture, scene};
#[cfg(unix)]
use crate::pipe::{pipe, reached};
use crate::sandbox::{Sandbox, json_lines, stdout};
use crate::skipped::skipped;

/// The first of `flags` with which `unshare` may be run; `None`, and the test is skipped, if there is
/// none.
fn allowed<'a>(flags: &[&'a [&'a str]]) -> Option<&'a [&'a str]> {
    let run = |flags: &[&str]| Command::new("unshare").args(flags).arg("true").output();
    let may = |flags: &&&[&str]| run(flags).is_ok_and(|output| output.status.success());
    let first = flags.iter().find(may).copied();
    if first.is_none() {
        skipped(&format!("`unshare {}` is not allowed", flags[0].join(" ")));
    }
    first
}

/// Run the program in the sandbox as the last words of `script`, which `unshare` starts with `flags`.
/// What the script mounts is gone when it ends.
fn unshared(sandbox: &Sandbox, flags: &[&str], script: &str, args: &[&str]) -> Output {
    let program = sandbox.process(args);
    let mut command = Command::new("unshare");
    command.args(flags).args(["sh", "-euc", &format!("{script} exec \"$@\""), "sh"]);
    command.arg(program.get_program()).args(args).current_dir(sandbox.path("."));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[cfg(unix)]
#[test]
fn names_of_files_do_nothing_to_a_terminal() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = enrolled();
    let names: [&[u8]; 4] =
        [b"\x1b[31mred\nnext.png", b"\x1b]0;title\x07.png", b"no\xFFtext.png", b"\x1b[2Jbad.jpg"];
    for name in names {
        let name = Path::new(std::ffi::OsStr::from_bytes(name));
        let path = sandbox.path("album").join(name);
        std::fs::create_dir_all(sandbox.path("album")).unwrap();
        if name.extension().unwrap() == "jpg" {
            std::fs::write(path, b"no photo").unwrap();
        } else {
            std::fs::copy(astronaut(), path).unwrap();
        }
    }
    let commands: [&[&str]; 9] = [
        &["enroll", "album", "--profile", "odd.json"],
        &["enroll", "--add", "album", "--name", "\u{1b}[2J\u{7}x", "--profile", "odd.json"],
        &["profile", "show", "--profile", "odd.json"],
        &["check", "album", "--profile", "odd.json", "\u{1b}[2Jgone.png"],
        &["scan", "album", "--all"],
        &["scan", "album", "--all", "--csv"],
        &["embed", "album", "--out", "\u{1b}[2Jout.npy"],
        &["report", "\u{1b}[2Jreport.html", "--profile", "odd.json"],
        &["profile", "delete", "--yes", "--profile", "odd.json"],
    ];
    for args in commands {
        // As on a terminal, where nothing is removed from the output.
        let run = sandbox.command(args).env("CLICOLOR_FORCE", "1").output().unwrap();
        let said = text(&run.stdout) + &text(&run.stderr);
        assert!(said.lines().count() > 0 && !said.contains("panicked"), "{args:?}: {said}");
        for bad in ["\u{1b}[2J", "\u{1b}]", "\u{7}", "\nnext.png", "\u{1b}[31mred"] {
            assert!(!said.contains(bad), "{args:?}: {bad:?} in {said:?}");
        }
    }
    let run = sandbox.run(&["check", "album"]).code(2);
    let said = stdout(&run);
    assert_eq!(said.lines().count(), 4, "{said}");
    assert!(said.contains("\\u{1b}[31mred\\nnext.png"), "{said}");
    let lines = json_lines(&sandbox.run(&["check", "--json", "album"]).code(2));
    let photos: Vec<_> = lines.iter().map(|line| line["photo"].as_str().unwrap()).collect();
    assert!(photos.contains(&"album/\u{1b}[31mred\nnext.png"), "{photos:?}");
    assert!(photos.contains(&"album/no\u{FFFD}text.png"), "{photos:?}");
}

#[cfg(unix)]
#[test]
fn loops_of_links_end_and_no_branch_is_walked_twice_in_itself() {
    let sandbox = enrolled();
    let link = |to: &str, name: &str| {
        std::os::unix::fs::symlink(to, sandbox.path(name)).unwrap();
    };
    sandbox.copy(&astronaut(), "album/a/1.png");
    sandbox.write("album/b/2.jpg", &scene());
    link("..", "album/a/up");
    link("../b", "album/a/across");
    link("../a", "album/b/back");
    link("self.jpg", "album/self.jpg");
    let lines = json_lines(&sandbox.run(&["check", "album", "--json"]).code(2));
    let seen: Vec<_> = lines.iter().map(|line| line["photo"].as_str().unwrap()).collect();
    assert_eq!(
        seen,
        ["a/1.png", "a/across/2.jpg", "b/2.jpg", "b/back/1.png", "self.jpg"]
            .map(|name| format!("album/{name}"))
    );
    let error = lines[4]["error"].as_str().unwrap();
    assert!(error.contains("self.jpg: cannot be read"), "{error}");
}

/// Photos that are there when their folder is listed are gone, cut short or others when they are read.
#[cfg(unix)]
#[test]
fn photos_that_come_and_go_while_they_are_read_stop_nothing() {
    let sandbox = enrolled();
    let whole = std::fs::read(astronaut()).unwrap();
    for name in ["1-stays", "2-goes", "3-is-cut", "4-is-emptied", "5-is-replaced", "6-stays"] {
        sandbox.write(&format!("album/{name}.png"), &whole);
    }
    let pipe = pipe(&sandbox, "first.png");
    let args = ["check", "--json", "first.png", "album", "--threads", "1"];
    let mut command = sandbox.process(&args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // By now the album is listed and none of it is read.
    let mut first = reached(&pipe);
    sandbox.write("album/0-comes.png", &whole);
    std::fs::remove_file(sandbox.path("album/2-goes.png")).unwrap();
    sandbox.write("album/3-is-cut.png", &whole[..whole.len() / 2]);
    sandbox.write("album/4-is-emptied.png", b"");
    sandbox.write("album/5-is-replaced.png", &scene());
    first.write_all(&whole).unwrap();
    drop(first);
    let run = child.wait_with_output().unwrap();
    assert_eq!((run.status.code(), text(&run.stderr).as_str()), (Some(2), ""), "{run:?}");
    let verdicts: Vec<_> = text(&run.stdout)
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            (
                line["photo"].as_str().unwrap().to_owned(),
                match line["truncated"].as_bool() {
                    Some(true) => format!("{}, cut off", line["verdict"].as_str().unwrap()),
                    _ => line["verdict"].as_str().unwrap().to_owned(),
                },
            )
        })
        .collect();
    let expected = [
        ("first.png", "match"),
        ("album/1-stays.png", "match"),
        ("album/2-goes.png", "error"),
        ("album/3-is-cut.png", "match, cut off"),
        ("album/4-is-emptied.png", "error"),
        ("album/5-is-replaced.png", "no-face"),
        ("album/6-stays.png", "match"),
    ];
    assert_eq!(verdicts, expected.map(|(photo, verdict)| (photo.into(), verdict.into())));
}

/// A disk of 1 MB for the folder `small`.
const SMALL: &str = "mount -t tmpfs -o size=1m none small; cp data/sameface/people/eileen.json small/profile.json; \
    cp small/profile.json before.json;";
/// Afterwards the profile is as before, and nothing is beside it.
const SAME: &str = "cmp before.json small/profile.json; \
    test \"$(ls -A small | grep -v fill)\" = profile.json; exit $status;";

#[test]
fn a_full_disk_and_a_read_only_one_leave_the_profile_as_it_was() {
    if allowed(&[&["--mount"]]).is_none() {
        return;
    }
    let sandbox = enrolled();
    sandbox.copy(&astronaut(), "more/2.png");
    std::fs::create_dir(sandbox.path("small")).unwrap();
    for fault in ["cat /dev/zero > small/fill 2> /dev/null || true;", "mount -o remount,ro small;"]
    {
        let script = format!("{SMALL} {fault} status=0; \"$@\" || status=$?; {SAME}");
        let args = ["enroll", "--add", "more", "--profile", "small/profile.json"];
        let run = unshared(&sandbox, &["--mount"], &script, &args);
        assert_eq!(run.status.code(), Some(2), "{run:?}");
        assert_eq!(text(&run.stdout), "", "{fault}: {run:?}");
        let message = text(&run.stderr);
        assert!(
            message.contains("cannot be written") && message.lines().count() == 1,
            "{fault}: {message}"
        );
    }
}

#[test]
fn an_index_on_a_full_or_read_only_disk_changes_no_answer() {
    if allowed(&[&["--mount"]]).is_none() {
        return;
    }
    let sandbox = enrolled();
    sandbox.copy(&astronaut(), "album/1.png");
    sandbox.write("album/2.jpg", &scene());
    std::fs::create_dir(sandbox.path("small")).unwrap();
    let check = ["check", "--json", "album", "--index", "small/index.sqlite"];
    let expected = stdout(&sandbox.run(&["check", "--json", "album", "--no-index"]).code(1));
    for fault in ["cat /dev/zero > small/fill 2> /dev/null || true;", "mount -o remount,ro small;"]
    {
        let script = format!("mount -t tmpfs -o size=1m none small; {fault}");
        let run = unshared(&sandbox, &["--mount"], &script, &check);
        assert_eq!((run.status.code(), text(&run.stdout)), (Some(1), expected.clone()), "{run:?}");
        let message = text(&run.stderr);
        assert!(message.contains("--no-index") && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn everything_works_without_a_network() {
    let Some(flags) = allowed(&[&["--net"], &["--net", "--map-root-user"]]) else { return };
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    for args in [
        &["enroll", "Eileen"][..],
        &["check", "Eileen/1.png"],
        &["scan", "Eileen"],
        &["plot", "out.png"],
        &["plot", "out.html"],
        &["report", "report.html"],
        &["profile", "show"],
        &["doctor"],
    ] {
        let run = unshared(&sandbox, flags, "", args);
        assert!(run.status.success(), "{args:?}: {run:?}");
    }
}

/// Not even an attempt: every call to the system that has to do with a network is counted.
#[test]
fn no_connection_is_tried() {
    let sandbox = Sandbox::new();
    sandbox.copy(&astronaut(), "Eileen/1.png");
    for args in [&["enroll", "Eileen"][..], &["check", "Eileen"], &["plot", "out.html"]] {
        let program = sandbox.process(args);
        let mut command = Command::new("strace");
        command.args(["-f", "-q", "-e", "trace=%network", "-o"]).arg(sandbox.path("calls"));
        command.arg(program.get_program()).args(args).current_dir(sandbox.path("."));
        for (name, value) in program.get_envs() {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        match command.output() {
            Ok(run) if run.status.success() => {}
            _ => return skipped("strace is not here or may not be used"),
        }
        let calls = std::fs::read_to_string(sandbox.path("calls")).unwrap();
        let sockets: Vec<_> = calls.lines().filter(|l| l.contains("(")).collect();
        assert!(sockets.is_empty(), "{args:?}: {sockets:?}");
    }
}

/// Found by fuzzing: 4 GB were asked for, and without them the program ended at once.
#[cfg(target_os = "linux")]
#[test]
fn a_photo_that_claims_gigabytes_is_not_given_them() {
    let sandbox = enrolled();
    let mut webp = std::fs::read(fixture("turned.webp")).unwrap();
    let exif = webp.windows(4).position(|name| name == b"EXIF").unwrap();
    webp[exif + 4..exif + 8].copy_from_slice(&0xFFFF_FF00_u32.to_le_bytes());
    sandbox.write("a.webp", &webp);
    let little = "ulimit -v 4000000; exec \"$@\"";
    let program = sandbox.process(&["check", "a.webp"]);
    let mut command = Command::new("sh");
    command.args(["-c", little, "sh"]).arg(program.get_program()).args(program.get_args());
    command
        .current_dir(sandbox.path("."))
        .envs(program.get_envs().filter_map(|(n, v)| Some((n, v?))));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("no-face"), "{}", text(&output.stdout));
}
