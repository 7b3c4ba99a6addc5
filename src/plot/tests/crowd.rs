//! How long a crowd takes.

use super::*;

/// The seconds that it takes to lay out and draw a crowd of this size.
fn seconds(view: View, count: usize, format: Format) -> f64 {
    let population = toy_population(128);
    let profile = profile(&population, "Many");
    let decision = decision(&population, &profile);
    let crowd = overlay("crowd", population.strangers(count, 3));
    let scene = Scene::of(&profile, &decision, &[crowd]).unwrap();
    let start = std::time::Instant::now();
    let picture = Picture::of(&scene, &decision, view).unwrap();
    encode(&picture, format, Size::default()).unwrap();
    let taken = start.elapsed().as_secs_f64();
    eprintln!("{count} faces by {view:?} as {format:?}: {taken:.2} s");
    taken
}

#[test]
fn ten_thousand_faces_take_less_than_two_seconds() {
    for format in [Format::Png, Format::Svg] {
        // The best of three, because other tests run beside this one.
        let taken = (0..3).map(|_| seconds(View::Pca, 10_000, format)).fold(9.0, f64::min);
        assert!(taken < 2.0, "{format:?}: {taken}");
    }
}

#[test]
#[ignore = "a benchmark: cargo test --release ten_thousand -- --ignored --nocapture"]
fn ten_thousand_faces_by_tsne_take_less_than_a_minute() {
    assert!(seconds(View::Score, 10_000, Format::Png) < 10.0);
    assert!(seconds(View::Tsne, 10_000, Format::Png) < 60.0);
}
