//! What is saved is on the disk before its name is, so that a machine that loses its power leaves the
//! old file or the new one: the calls to the system, watched and made to fail by `strace`.
#![cfg(target_os = "linux")]

use std::process::{Command, Output};

use crate::enrolled;
use crate::sandbox::Sandbox;
use crate::skipped::skipped;

/// Run the program under `strace` with `flags`, and write its calls into `calls`; `None` if that may
/// not be done here.
fn traced(sandbox: &Sandbox, flags: &[&str], args: &[&str]) -> Option<Output> {
    let program = sandbox.process(args);
    let mut command = Command::new("strace");
    command.args(["-f", "-q", "-y", "-o"]).arg(sandbox.path("calls")).args(flags);
    command.arg(program.get_program()).args(args).current_dir(sandbox.path("."));
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let run = command.output();
    let works = Command::new("strace").args(["-q", "true"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        skipped("strace is not here or may not be used");
        return None;
    }
    run.ok()
}

/// The place of the first of `calls` from `from` on that holds all of `parts`.
fn place(calls: &[&str], from: usize, parts: &[&str]) -> usize {
    let found = calls[from..].iter().position(|call| parts.iter().all(|part| call.contains(part)));
    assert!(found.is_some(), "{parts:?} is not in {:#?}", &calls[from..]);
    from + found.unwrap()
}

#[test]
fn a_profile_is_on_the_disk_before_it_has_its_name() {
    let sandbox = enrolled();
    let flags = ["-e", "trace=fsync,fdatasync,rename,renameat,renameat2"];
    let Some(run) = traced(&sandbox, &flags, &["enroll", "--far", "1e-3", "--no-index"]) else {
        return;
    };
    assert!(run.status.success(), "{run:?}");
    let calls = std::fs::read_to_string(sandbox.path("calls")).unwrap();
    let calls: Vec<_> = calls.lines().collect();
    let flushed = place(&calls, 0, &["fsync(", ".eileen.json.", ".draft>"]);
    let renamed = place(&calls, flushed, &["rename", ".draft\"", "eileen.json\""]);
    let folder = sandbox.profile().parent().unwrap().canonicalize().unwrap();
    place(&calls, renamed, &["fsync(", &format!("{}>", folder.display())]);
}

#[test]
fn a_profile_that_does_not_reach_the_disk_leaves_the_old_one_and_nothing_else() {
    let sandbox = enrolled();
    let before = std::fs::read(sandbox.profile()).unwrap();
    let flags = ["-e", "trace=fsync", "-e", "inject=fsync:error=EIO:when=1"];
    let Some(run) = traced(&sandbox, &flags, &["enroll", "--far", "1e-3", "--no-index"]) else {
        return;
    };
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    let message = String::from_utf8(run.stderr).unwrap();
    assert!(message.contains("eileen.json: cannot be written"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert_eq!(std::fs::read(sandbox.profile()).unwrap(), before);
    let folder = std::fs::read_dir(sandbox.profile().parent().unwrap()).unwrap();
    assert_eq!(folder.count(), 2, "the profile, who was enrolled last, and no draft");
}
