//! How long each step from a photo to a score takes: `cargo bench -p sameface-stages`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot run is to stop")]

#[path = "../stage/mod.rs"]
mod stage;

use criterion::{Criterion, criterion_group, criterion_main};
use stage::prepared;

/// In the order that data goes through them.
const STAGES: [&str; 5] = ["decode", "detect", "align", "embed", "score"];

fn stages(criterion: &mut Criterion) {
    for stage in STAGES {
        let mut run = prepared(stage);
        criterion.bench_function(stage, |bencher| bencher.iter(&mut run));
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
