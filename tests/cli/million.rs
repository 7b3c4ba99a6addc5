//! A new profile over an index of a million faces: how long `verify scan` takes if every photo is
//! known.

use std::time::Instant;

use sameface::decision::Population;
use sameface::pack::Pack;

use crate::library::{fill, profile};
use crate::sandbox::{Sandbox, stderr};

/// Photos, a face each; `VERIFY_FACES` names another number.
const FACES: usize = 1_000_000;

#[test]
#[ignore = "takes minutes and a gigabyte: a million files"]
fn a_million_faces_are_scored_in_seconds() {
    let faces = std::env::var("VERIFY_FACES").map_or(FACES, |faces| faces.parse().unwrap());
    let sandbox = Sandbox::new();
    let pack = Pack::default_pack().unwrap();
    let population = Population::of(&pack).unwrap();
    profile(&pack, &population, 1e-4).save(&sandbox.profile(), None).unwrap();
    let thousands = (0..faces.div_ceil(1_000) as u64)
        .flat_map(|thousand| population.strangers(1_000, 1_000 + thousand));
    fill(&sandbox, &pack, thousands.take(faces));
    for _ in 0..3 {
        let started = Instant::now();
        let run = sandbox.command(&["scan", "library"]).env("ORT_DYLIB_PATH", "none").assert();
        eprintln!("{:.2} s: {}", started.elapsed().as_secs_f64(), stderr(&run));
        assert!(stderr(&run).contains(" photos"), "{}", stderr(&run));
        assert!(matches!(run.get_output().status.code(), Some(0 | 1)));
    }
}
