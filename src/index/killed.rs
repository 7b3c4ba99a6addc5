//! Programs that are killed while they write, and programs that write at the same time: this very test
//! program, started again as a child.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::tests::{ANALYSIS, known, photo, sha, stamp, without_haste};
use super::*;
use crate::waiting::wait_until;

/// Photos that a child writes at once.
const BATCH: u64 = 40;
/// Where the child finds the index, and the photos that it writes.
const INDEX: &str = "VERIFY_TEST_INDEX";
const PHOTOS: &str = "VERIFY_TEST_PHOTOS";

/// Start a child that writes the photos from `first` up to `last`.
fn writer(place: &Place, first: u64, last: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "index::killed::child_that_writes"])
        .env(INDEX, &place.path)
        .env(PHOTOS, format!("{first}-{last}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "started by other tests"]
fn child_that_writes() {
    let Some(path) = std::env::var_os(INDEX) else { return };
    let photos = std::env::var(PHOTOS).unwrap();
    let (first, last) = photos.split_once('-').unwrap();
    let (index, _) = Index::open(&Place::named(path.into())).unwrap();
    without_haste(&index);
    for number in first.parse().unwrap()..last.parse().unwrap() {
        index.keep(ANALYSIS, &photo(number), &News::Faces(Some(stamp(number as i64))));
        if (number + 1).is_multiple_of(BATCH) {
            index.settle();
            without_haste(&index);
        }
    }
    assert_eq!(index.notice(), None);
}

/// The number of photos in an index that must be whole: SQLite finds no fault in it, and every photo
/// is right to the bit.
fn whole(place: &Place) -> u64 {
    if !place.path.exists() {
        return 0;
    }
    let (index, remade) = Index::open(place).unwrap();
    assert_eq!(remade, None);
    let raw = rusqlite::Connection::open(&place.path).unwrap();
    let fault: String = raw.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(fault, "ok");
    let count = |table: &str| -> i64 {
        raw.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    let photos = count("photos");
    assert_eq!(count("files"), photos);
    let mut recall = index.reader(ANALYSIS);
    for number in 0..photos as u64 {
        assert_eq!(recall.by_content(&sha(number)), known(&photo(number)), "{number}");
    }
    assert_eq!(index.notice(), None);
    photos as u64
}

/// Kill a writer `times` times, each at a random moment, and look at the index after each. Every other
/// one has written something by then, however slow the machine is.
fn kill(times: u32, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut place, mut before, mut grown) = (new_place(folder.path(), 0), 0, 0);
    for time in 0..times {
        // Now and then the index is created again, so that some kills interrupt its creation too.
        if time % 20 == 19 {
            (place, before) = (new_place(folder.path(), time), 0);
        }
        let mut child = writer(&place, before, u64::from(u32::MAX));
        if time % 2 == 1 {
            wait_until("a batch", || info(&place).is_ok_and(|info| info.photos > before));
        }
        std::thread::sleep(Duration::from_micros(random.random_range(0..50_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let after = whole(&place);
        assert!(after >= before && after.is_multiple_of(BATCH), "{before} {after}");
        grown += u32::from(after > before);
        before = after;
    }
    assert!(grown >= times / 2, "{grown} of {times} were killed after they wrote");
    // What a kill in the making leaves behind is no index and in nobody's way.
    eprintln!("{times} kills, {grown} of them after something was written");
}

fn new_place(folder: &Path, number: u32) -> Place {
    Place::named(folder.join(format!("{number}/index.sqlite")))
}

#[test]
fn a_kill_at_any_moment_leaves_whole_batches() {
    kill(40, 1);
}

#[test]
#[ignore = "takes minutes: five hundred kills"]
fn five_hundred_kills_leave_whole_batches() {
    kill(500, 2);
}

#[test]
fn several_programs_write_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = new_place(folder.path(), 0);
    let children: Vec<_> =
        (0..3).map(|i| writer(&place, i * 20 * BATCH, (i + 1) * 20 * BATCH)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(whole(&place), 60 * BATCH);
}
