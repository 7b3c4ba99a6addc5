//! Programs that are killed while they save a profile, and programs that save at the same time: this very
//! test program, started again as a child.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Profile;
use super::store::tests::profile;
use crate::waiting::wait_until;

/// Where the child finds the profile's file.
const PROFILE: &str = "VERIFY_TEST_PROFILE";
/// Photos in the profiles that are saved; the file is then some 300 kB large.
const PHOTOS: usize = 300;

/// The profile that is saved `number`th. Its name is its number, and so is every photo's sha256, so
/// that a mixture of two would show.
fn numbered(number: usize) -> Profile {
    let mut numbered = profile();
    let record = numbered.photos[0].clone();
    // Another size each time, so that an old end does not fit a new beginning.
    numbered.photos = vec![record; PHOTOS + number % 7];
    numbered.photos.iter_mut().for_each(|photo| photo.sha256 = number.to_string());
    numbered.name = number.to_string();
    numbered
}

/// Start a child that saves one profile after another over the same file.
fn saver(path: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "profile::killed::child_that_saves"])
        .env(PROFILE, path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "started by other tests"]
fn child_that_saves() {
    let Some(path) = std::env::var_os(PROFILE).map(PathBuf::from) else { return };
    let first = saved(&path);
    for number in first + 1..first + 1_000 {
        numbered(number).save(&path, None).unwrap();
    }
}

/// The number of the profile at `path`, which must be whole and of one piece.
fn saved(path: &Path) -> usize {
    let read = Profile::load(path, "pack").unwrap();
    let number = read.name.parse().unwrap();
    assert_eq!(read, numbered(number));
    number
}

/// Kill a saver `times` times, each at a random moment, and look at the profile after each. Every other
/// one has saved something by then, however slow the machine is.
fn kill(times: u32, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.json");
    numbered(0).save(&path, None).unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut before, mut replaced, mut drafts) = (0, 0, 0);
    for time in 0..times {
        let mut child = saver(&path);
        if time % 2 == 1 {
            wait_until("a save", || saved(&path) > before);
        }
        std::thread::sleep(Duration::from_micros(random.random_range(0..60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = saved(&path);
        assert!(after >= before, "{before} {after}");
        replaced += u32::from(after > before);
        before = after;
        let files = std::fs::read_dir(folder.path()).unwrap().count();
        drafts = files - 1;
    }
    assert!(replaced >= times / 2, "{replaced} of {times} were killed after they saved");
    Profile::delete(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "drafts are swept up");
    eprintln!("{times} kills, {replaced} of them after a save, {drafts} in the middle of one");
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_profile_or_the_new() {
    kill(30, 1);
}

#[test]
#[ignore = "takes a minute: six hundred kills"]
fn six_hundred_kills_leave_the_old_profile_or_the_new() {
    kill(600, 2);
}

#[test]
fn two_programs_that_save_at_once_leave_the_profile_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.json");
    numbered(0).save(&path, None).unwrap();
    let mut children = [saver(&path), saver(&path)];
    while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
        saved(&path);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    assert!(saved(&path) >= 999);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
