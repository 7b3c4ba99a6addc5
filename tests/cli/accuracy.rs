//! The main job on real photos, whose figures stand in docs/accuracy.md: 100 photos of one person
//! enrolled; his other photos, strangers and scenes checked. `make accuracy` prints the table.

use std::path::{Path, PathBuf};

use super::sandbox::{Sandbox, json_lines};

/// Photos enrolled; the rest of the person's photos are checked.
const ENROLLED: usize = 100;
/// Strangers' photos checked.
const STRANGERS: usize = 2000;

/// The files below `folder`, sorted by path.
fn photos(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(photos(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// Every k-th of `all`, `count` of them, spread over the whole.
fn spread(all: &[PathBuf], count: usize) -> Vec<PathBuf> {
    (0..count.min(all.len())).map(|i| all[i * all.len() / count.min(all.len())].clone()).collect()
}

/// How many of `photos` got each verdict.
fn verdicts(home: &Sandbox, photos: &[PathBuf]) -> impl Fn(&str) -> usize + use<> {
    let mut command = home.command(&["check", "--json"]);
    let assert = command.args(photos).assert();
    let lines = json_lines(&assert);
    assert_eq!(lines.len(), photos.len(), "a line for every photo");
    move |verdict| lines.iter().filter(|line| line["verdict"] == verdict).count()
}

#[test]
fn one_person_is_told_from_strangers_and_scenes() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.join("cage/enroll").is_dir() {
        eprintln!("skipped: the photos for measurements are not there ({})", data.display());
        return;
    }
    let home = Sandbox::new();
    let person = photos(&data.join("cage/enroll"));
    // Every photo's number decides which side it is on, as a random draw would.
    let enrolled = spread(&person, ENROLLED);
    let unseen: Vec<_> = person.iter().filter(|p| !enrolled.contains(p)).cloned().collect();
    home.command(&["enroll", "--name", "Nicolas Cage"]).args(&enrolled).assert().code(0);

    println!("{} photos enrolled at a false accept rate of 1e-4", enrolled.len());
    println!("photos                  checked  match  uncertain  no-match  no-face  error");
    let strangers = spread(&photos(&data.join("lfw")), STRANGERS);
    let scenes = photos(&data.join("cage/not_cage"));
    let mut matches = Vec::new();
    for (name, checked) in [
        ("of the person, unseen", &unseen),
        ("of strangers (LFW)", &strangers),
        ("of scenes", &scenes),
    ] {
        let count = verdicts(&home, checked);
        let [a, b, c, d, e] = ["match", "uncertain", "no-match", "no-face", "error"].map(count);
        println!("{name:<23} {:>7} {a:>6} {b:>10} {c:>9} {d:>8} {e:>6}", checked.len());
        matches.push(a);
    }
    assert!(matches[0] + 1 >= unseen.len(), "{} of {} match", matches[0], unseen.len());
    assert!(matches[1] <= 1, "{} strangers match", matches[1]);
    assert_eq!(matches[2], 0, "scenes match");
}
