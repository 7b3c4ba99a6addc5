//! The same photos give the same answer: with any number of threads to the byte, with another ONNX
//! Runtime to 1e-4.

use std::path::Path;

use serde_json::Value;

use crate::index::another;
use crate::photos::{astronaut, scene};
use crate::sandbox::{Sandbox, json_lines};
use crate::skipped::skipped;

/// The photos to enrol in the folder `photos`: real ones of one person if there are any.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let person = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cage/enroll");
    if let Ok(entries) = std::fs::read_dir(&person) {
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().take(24) {
            sandbox.copy(path, &format!("photos/{}", path.file_name().unwrap().to_str().unwrap()));
        }
    } else {
        eprintln!("without real photos: {} is not there", person.display());
        (0..6).for_each(|i| drop(sandbox.write(&format!("photos/{i}.png"), &another(i))));
    }
    sandbox.write("photos/scene.jpg", &scene());
    sandbox.copy(&astronaut(), "photos/zz.png");
    sandbox
}

#[test]
fn any_number_of_threads_makes_the_same_profile_to_the_byte() {
    let sandbox = sandbox();
    let profile = |threads: &str| {
        sandbox.run(&["enroll", "photos", "--no-index", "--threads", threads]).success();
        std::fs::read(sandbox.profile()).unwrap()
    };
    let first = profile("1");
    for threads in ["2", "3", "8"] {
        assert!(profile(threads) == first, "{threads} threads");
    }
}

/// Every score of a run over the photos.
fn scores(lines: &[Value]) -> Vec<(String, Option<f64>)> {
    let line = |line: &Value| (line["photo"].as_str().unwrap().to_owned(), line["score"].as_f64());
    lines.iter().map(line).collect()
}

#[test]
fn another_runtime_gives_the_same_scores_to_a_ten_thousandth() {
    let Some(other) = std::env::var_os("VERIFY_OTHER_RUNTIME") else {
        return skipped("VERIFY_OTHER_RUNTIME names no second ONNX Runtime");
    };
    let sandbox = sandbox();
    sandbox.run(&["enroll", "photos", "--no-index"]).success();
    let check = ["check", "photos", "--json", "--no-index"];
    let here = scores(&json_lines(&sandbox.run(&check)));
    let runtime = |command: &mut assert_cmd::Command| {
        json_lines(&command.assert().success())[0]["findings"][0]["detail"].clone()
    };
    let doctor = ["doctor", "--json"];
    let names = (
        runtime(&mut sandbox.command(&doctor)),
        runtime(sandbox.command(&doctor).env("ORT_DYLIB_PATH", &other)),
    );
    assert_ne!(names.0, names.1, "the other one is to be another one");
    let there = sandbox.command(&check).env("ORT_DYLIB_PATH", other).assert();
    let there = scores(&json_lines(&there));
    assert_eq!(here.len(), there.len());
    let mut largest = 0f64;
    for ((photo, a), (_, b)) in here.iter().zip(&there) {
        assert_eq!(a.is_some(), b.is_some(), "{photo}");
        let difference = a.zip(*b).map_or(0.0, |(a, b)| (a - b).abs());
        assert!(difference <= 1e-4, "{photo}: {a:?} {b:?}");
        largest = largest.max(difference);
    }
    eprintln!(
        "{} and {}: {} photos, the largest difference {largest:.1e}",
        names.0,
        names.1,
        here.len()
    );
}
