//! A crowd of ten thousand.

use super::*;

/// A scene of a person beside a crowd of this size.
fn beside(count: usize) -> (Scene, Decision) {
    let population = toy_population(128);
    let profile = profile(&population, "Many");
    let decision = decision(&population, &profile);
    let crowd = overlay("crowd", population.strangers(count, 3));
    (Scene::of(&profile, &decision, &[crowd]).unwrap(), decision)
}

/// How many elements of an SVG are the symbols of a crowd of this size, and how many are others.
fn elements(count: usize) -> (usize, usize) {
    let (scene, decision) = beside(count);
    let picture = Picture::of(&scene, &decision, View::Pca).unwrap();
    let svg = String::from_utf8(encode(&picture, Format::Svg, Size::default()).unwrap()).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    let (symbols, others): (Vec<_>, Vec<_>) =
        elements.partition(|element| element.attribute("fill") == Some("#009E73"));
    (symbols.len(), others.len())
}

#[test]
fn each_of_ten_thousand_faces_is_drawn_and_nothing_else_for_it() {
    let [(few, beside_few), (many, beside_many)] = [100, 10_000].map(elements);
    // The legend shows the symbol too.
    assert_eq!((few, many), (100 + 1, 10_000 + 1));
    // Every symbol has a white edge. Of the rest, ticks and lines differ with what they measure.
    let rest = beside_many - many;
    assert!(rest.abs_diff(beside_few - few) < 50, "{beside_few} {beside_many}");
}

#[test]
#[ignore = "a benchmark: cargo test --release --lib ten_thousand -- --ignored --nocapture"]
fn ten_thousand_faces_are_drawn_and_the_seconds_printed() {
    let (scene, decision) = beside(10_000);
    for (view, format) in [
        (View::Pca, Format::Png),
        (View::Pca, Format::Svg),
        (View::Score, Format::Png),
        (View::Tsne, Format::Png),
    ] {
        let start = std::time::Instant::now();
        let picture = Picture::of(&scene, &decision, view).unwrap();
        encode(&picture, format, Size::default()).unwrap();
        println!("by {view:?} as {format:?}: {:.2} s", start.elapsed().as_secs_f64());
    }
}
