//! How many instructions each step from a photo to a score takes, which is the same on every run
//! however busy the machine is: `cargo bench --bench instructions`. Fails where a step takes more
//! than is written in `instructions.json`; with VERIFY_REGENERATE=1 it writes that file anew.
//!
//! It counts with valgrind's callgrind, whose processor knows AVX2 and nothing newer. Without
//! valgrind it says so and counts nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run is to stop")]

mod stage;

use std::collections::BTreeMap;
use std::process::{Command, ExitCode};

use stage::prepared;

/// The stages that are our own work. Embedding is ONNX Runtime's alone, and slow to load here.
const COUNTED: [&str; 4] = ["decode", "detect", "align", "score"];
const EXPECTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.json");
/// How much more than written is taken for the same: the C library and the compiler differ a little.
const TOLERANCE: f64 = 1.05;
/// Runs of a stage in the longer of two counts; the difference leaves out all that comes before.
const RUNS: u32 = 4;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [stage, runs] = &words[..] {
        let mut run = prepared(stage);
        (0..runs.parse().unwrap()).for_each(|_: u32| run());
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not installed, so no instructions are counted");
        return ExitCode::SUCCESS;
    }
    let counted: BTreeMap<&str, u64> = COUNTED.into_iter().map(|s| (s, instructions(s))).collect();
    if std::env::var_os("VERIFY_REGENERATE").is_some() {
        std::fs::write(EXPECTED, serde_json::to_string_pretty(&counted).unwrap() + "\n").unwrap();
    }
    let text = std::fs::read_to_string(EXPECTED).unwrap();
    let expected: BTreeMap<String, u64> = serde_json::from_str(&text).unwrap();
    let mut worse = 0;
    for (stage, count) in counted {
        let ratio = count as f64 / expected[stage] as f64;
        let verdict = if ratio > TOLERANCE { "MORE THAN BEFORE" } else { "as before or less" };
        println!(
            "{stage:8} {:8.1} million instructions, {ratio:.3} times: {verdict}",
            count as f64 / 1e6
        );
        worse += u8::from(ratio > TOLERANCE);
    }
    if worse > 0 {
        println!("If that is meant to be, write the counts anew with VERIFY_REGENERATE=1.");
    }
    println!("{} passed, {worse} failed", COUNTED.len() - usize::from(worse));
    ExitCode::from(worse)
}

/// The instructions of one run of `stage`.
fn instructions(stage: &str) -> u64 {
    let [once, often] = [1, RUNS].map(|runs| counted(stage, runs));
    (often - once) / u64::from(RUNS - 1)
}

/// The instructions of this program with `runs` runs of `stage`.
fn counted(stage: &str, runs: u32) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().unwrap())
        .args([stage, &runs.to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.split("Collected : ").nth(1));
    counted.and_then(|n| n.trim().parse().ok()).unwrap_or_else(|| panic!("{said}"))
}
