//! The main job on real photos, whose figures stand in docs/accuracy.md: 100 photos of one person
//! enrolled; his other photos, strangers and scenes checked. `make accuracy` prints the table, with
//! all strangers.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::folder::folders;
use super::sandbox::{Sandbox, json_lines};

/// Photos enrolled; the rest of the person's photos are checked.
const ENROLLED: usize = 100;
/// Strangers' photos checked, unless VERIFY_STRANGERS says how many.
const STRANGERS: usize = 2000;
/// How far above the threshold the score of each of the person's photos must be, at least.
const MARGIN: f64 = 0.5;

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

/// What is said of each of `photos`.
fn checked(home: &Sandbox, photos: &[PathBuf]) -> Vec<Value> {
    let mut command = home.command(&["check", "--json"]);
    let lines = json_lines(&command.args(photos).assert());
    assert_eq!(lines.len(), photos.len(), "a line for every photo");
    lines
}

#[test]
fn one_person_is_told_from_strangers_and_scenes() {
    let needed = ["cage/enroll", "lfw", "cage/not_cage"];
    let Some([person, strangers, scenes]) = folders(needed) else { return };
    let home = Sandbox::new();
    let person = photos(&person);
    // Every photo's number decides which side it is on, as a random draw would.
    let enrolled = spread(&person, ENROLLED);
    let unseen: Vec<_> = person.iter().filter(|p| !enrolled.contains(p)).cloned().collect();
    home.command(&["enroll", "--name", "Nicolas Cage"]).args(&enrolled).assert().code(0);

    let count = std::env::var("VERIFY_STRANGERS").map_or(STRANGERS, |n| n.parse().unwrap());
    let strangers = spread(&photos(&strangers), count);
    let scenes = photos(&scenes);
    println!("{} photos enrolled at a false accept rate of 1e-4", enrolled.len());
    println!("photos                  checked  match  uncertain  no-match  no-face  score");
    let [own, strangers, scenes] = [
        ("of the person, unseen", &unseen),
        ("of strangers (LFW)", &strangers),
        ("of scenes", &scenes),
    ]
    .map(|(name, photos)| Checked::of(name, &checked(&home, photos)));
    println!("goal: all of the person match, by {MARGIN} or more; nothing else does");
    assert!(own.matches == unseen.len() && own.least >= own.threshold + MARGIN, "{own:?}");
    assert!(strangers.matches == 0 && scenes.matches == 0, "{strangers:?} {scenes:?}");
}

/// What came of one kind of photos.
#[derive(Debug)]
struct Checked {
    matches: usize,
    least: f64,
    threshold: f64,
}

impl Checked {
    /// Count the verdicts of `lines`, and print them.
    fn of(name: &str, lines: &[Value]) -> Self {
        let count = |verdict: &str| lines.iter().filter(|line| line["verdict"] == verdict).count();
        let [a, b, c, d] = ["match", "uncertain", "no-match", "no-face"].map(count);
        let scores = || lines.iter().filter_map(|line| line["score"].as_f64());
        let least = scores().fold(f64::INFINITY, f64::min);
        let most = scores().fold(f64::NEG_INFINITY, f64::max);
        let photos = lines.len();
        println!("{name:<23} {photos:>7} {a:>6} {b:>10} {c:>9} {d:>8}  {least:.2} to {most:.2}");
        Self { matches: a, least, threshold: lines[0]["threshold"].as_f64().unwrap() }
    }
}
