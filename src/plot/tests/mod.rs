//! Pictures of a simulated person among simulated strangers.

mod crowd;
mod files;
mod layout;

use std::path::PathBuf;

use image::RgbImage;

use super::*;
use crate::decision::{Decision, Method, Population, toy_population};
use crate::error::Error;
use crate::face::Quality;
use crate::face::tests::face_at;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};
use crate::profile::{PhotoRecord, Profile, Reason, Status, ThresholdChoice, VERSION};

/// Names of 60 characters in scripts that the font has and that it has not, a mark that joins, one
/// that turns the direction, and pictures.
pub(super) const LONG_NAMES: [&str; 6] = [
    "Wilhelmina-Екатерина Παπαδοπούλου-Montgomery MMMMMMMM WWWWWW",
    "山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎",
    "محمد عبد الرحمن بن عبد الله آل سعود محمد عبد الرحمن بن عبدا",
    "अनुष्का शर्मा कोहली अनुष्का शर्मा कोहली अनुष्का शर्मा कोहली ",
    "e\u{301}e\u{301}e\u{301} a\u{202e}b W\u{308}W\u{308}W\u{308}W\u{308}W\u{308}W\u{308}W\u{308}W\u{308} MMMMMMMMMMMMMMMMMMMMMMM",
    "👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧",
];

const GOLDEN: Size = Size { width: 800, height: 600 };

/// `count` photos of one simulated person.
fn photos_of(population: &Population, person: u64, count: usize) -> Vec<Vec<f32>> {
    let identity = population.diagonal(&population.strangers(1, person)[0]) * 1.5;
    let noise = population.strangers(count, person + 1);
    let photo = |noise: &Vec<f32>| &identity + &(population.diagonal(noise) / 2.0);
    noise.iter().map(|noise| population.embedding(photo(noise).view())).collect()
}

fn record(name: &str, embedding: &[f32], status: Status, score: f64) -> PhotoRecord {
    PhotoRecord {
        path: PathBuf::from("photos").join(name),
        sha256: name.to_owned(),
        status,
        face: Some(analysed(embedding)),
        bystanders: 0,
        number: None,
        sent: false,
        choice: crate::profile::Choice::Auto,
        score: Some(score),
        taken: None,
    }
}

/// Twelve kept photos, one of them weak, a copy, and two photos of somebody else.
fn profile(population: &Population, name: &str) -> Profile {
    let mut photos: Vec<PhotoRecord> = photos_of(population, 40, 12)
        .iter()
        .enumerate()
        .map(|(i, e)| record(&format!("holiday-{i:03}.jpg"), e, Status::Kept, 3.0 + i as f64))
        .collect();
    let copy = Status::Duplicate { of: photos[0].path.clone() };
    let first = photos[0].face.as_ref().unwrap().embedding.clone();
    photos.push(record("copy.jpg", &first, copy, 3.0));
    for (i, embedding) in population.strangers(2, 60).iter().enumerate() {
        let aside = Status::SetAside { reason: Reason::SomebodyElse };
        photos.push(record(
            &format!("a wedding with <Tom> & friends {i}.jpg"),
            embedding,
            aside,
            0.1,
        ));
    }
    Profile {
        version: VERSION,
        name: name.to_owned(),
        models: "toy".to_owned(),
        method: Method::Plda,
        threshold: ThresholdChoice::Far(1e-2),
        photos,
        negatives: Vec::new(),
        look_alikes: Vec::new(),
        strangers: None,
        calibrate: crate::profile::Calibrate::Auto,
        born: None,
    }
}

fn decision(population: &Population, profile: &Profile) -> Decision {
    profile.decision(population).unwrap()
}

pub(super) fn scene(name: &str, overlays: &[Overlay]) -> (Scene, Decision) {
    let population = toy_population(24);
    let profile = profile(&population, name);
    let decision = decision(&population, &profile);
    (Scene::of(&profile, &decision, overlays).unwrap(), decision)
}

fn picture(name: &str, overlays: &[Overlay]) -> Picture {
    seen_by(View::Pca, name, overlays)
}

fn seen_by(view: View, name: &str, overlays: &[Overlay]) -> Picture {
    let (scene, decision) = scene(name, overlays);
    Picture::of(&scene, &decision, view).unwrap()
}

/// One photo for each of `embeddings`.
pub(super) fn overlay(name: &str, embeddings: Vec<Vec<f32>>) -> Overlay {
    let photo = |(i, embedding): (usize, Vec<f32>)| AnalysedPhoto {
        path: PathBuf::from(name).join(format!("face {i}.jpg")),
        at: None,
        sha256: format!("{name} {i}"),
        width: 20,
        height: 20,
        missing: None,
        taken: None,
        faces: vec![analysed(&embedding)],
    };
    let photos = embeddings.into_iter().enumerate().map(photo).collect();
    Overlay { name: name.to_owned(), photos }
}

fn analysed(embedding: &[f32]) -> AnalysedFace {
    let quality = Quality {
        eye_distance: 40.0,
        sharpness: 0.1,
        yaw: 0.0,
        confidence: 1.0,
        concerns: Vec::new(),
    };
    AnalysedFace { face: face_at(9.0, 9.0, 4.0), quality, embedding: embedding.to_vec() }
}

/// `scene` with a face of two colours for each, as if cut out of its photo.
fn with_crops(mut scene: Scene) -> Scene {
    for (i, face) in scene.groups.iter_mut().flat_map(|g| &mut g.faces).enumerate() {
        let shade = [37, 91, 53].map(|step| (step * i % 200) as u8);
        let pixel = |_, y| image::Rgb(if y < 24 { shade } else { shade.map(|v| v + 50) });
        face.crop = Some(RgbImage::from_fn(48, 48, pixel).into());
    }
    scene
}

/// What the golden files show.
fn golden_scene() -> (Scene, Decision) {
    let population = toy_population(24);
    let mut friends = population.strangers(30, 80);
    friends.extend(photos_of(&population, 40, 2));
    let overlays =
        [overlay("friends <&> family", friends), overlay("Ελένη", photos_of(&population, 90, 8))];
    scene("Zoë \"Жанна\" O'Neill", &overlays)
}

/// The picture of the golden files.
fn golden_picture() -> Picture {
    let (scene, decision) = golden_scene();
    Picture::of(&scene, &decision, View::Pca).unwrap()
}

fn golden_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Write the golden file if `VERIFY_REGENERATE=1` is set, and read it.
fn golden(name: &str, found: &[u8]) -> Vec<u8> {
    let path = golden_path(name);
    if std::env::var_os("VERIFY_REGENERATE").is_some_and(|value| value == "1") {
        std::fs::write(&path, found).unwrap();
    }
    std::fs::read(&path).unwrap_or_else(|e| panic!("{name}: {e}; set VERIFY_REGENERATE=1"))
}

/// Whether the SVG is the golden one, line by line.
pub(super) fn check_svg(name: &str, found: Vec<u8>) {
    let expected = golden(name, &found);
    let (found, expected) =
        (String::from_utf8(found).unwrap(), String::from_utf8(expected).unwrap());
    for (i, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", i + 1);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

/// Whether the PNG looks like the golden one.
pub(super) fn check_png(name: &str, found: &[u8]) {
    let expected = image::load_from_memory(&golden(name, found)).unwrap().to_rgb8();
    let found = image::load_from_memory(found).unwrap().to_rgb8();
    assert_eq!(found.dimensions(), expected.dimensions());
    let differing = found
        .pixels()
        .zip(expected.pixels())
        .filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 24))
        .count();
    assert!(differing <= 50, "{differing} pixels differ; look at it, then set VERIFY_REGENERATE=1");
}

#[test]
fn the_drawn_picture_is_the_golden_one() {
    check_svg("picture.svg", encode(&golden_picture(), Format::Svg, GOLDEN).unwrap());
    check_png("picture.png", &encode(&golden_picture(), Format::Png, GOLDEN).unwrap());
}

#[test]
fn the_same_profile_gives_the_same_bytes() {
    for format in [Format::Png, Format::Svg] {
        let bytes = || encode(&golden_picture(), format, Size::LEAST).unwrap();
        assert_eq!(bytes(), bytes());
    }
}

#[test]
fn every_kind_of_face_is_there_and_the_odd_ones_are_named() {
    let picture = golden_picture();
    let counts: Vec<_> = picture.groups.iter().map(|g| (g.kind, g.spots.len())).collect();
    let expected = [
        (Kind::Overlay(0), 32),
        (Kind::Overlay(1), 8),
        (Kind::Duplicate, 1),
        (Kind::Kept, 12),
        (Kind::SetAside, 2),
    ];
    assert_eq!(counts, expected);
    let accepted = |group: &Group| group.spots.iter().filter(|spot| spot.accepted).count();
    assert_eq!(accepted(&picture.groups[0]), 2);
    assert_eq!(picture.groups[2].spots[0].joined, Some(picture.groups[3].spots[0].place));
    assert_eq!(picture.subtitle, "12 photos · PLDA · accepts one stranger in 100");
    let named: Vec<&str> = picture.labels.iter().map(|label| label.text.as_str()).collect();
    assert!(named[0].starts_with("a wedd"), "{named:?}");
    assert!(named[0].ends_with("(somebody else)"), "{named:?}");
    assert!(named.iter().any(|name| name.starts_with("face 3")), "{named:?}");
    assert!(!named.contains(&"copy.jpg"), "{named:?}");
}

#[test]
fn scores_are_those_of_photos_that_were_not_shown() {
    let (scene, decision) = scene("A", &[]);
    for face in scene.of_kind(Kind::Kept) {
        // Shown its own photo, a method is surer of it.
        assert!(face.score < decision.score(&face.embedding), "{}", face.score);
    }
    let first = scene.of_kind(Kind::Kept).next().unwrap().score;
    assert_eq!(scene.of_kind(Kind::Duplicate).next().unwrap().score, first);
}

#[test]
fn by_score_the_threshold_parts_matches_from_the_others() {
    let population = toy_population(24);
    let friends = overlay("friends", population.strangers(50, 80));
    let (scene, decision) = scene("A", std::slice::from_ref(&friends));
    let picture = Picture::of(&scene, &decision, View::Score).unwrap();
    assert_eq!(picture.border, Border::Upright);
    for (group, shown) in picture.groups.iter().zip(&scene.groups) {
        for (spot, face) in group.spots.iter().zip(&shown.faces) {
            assert_eq!(spot.place[0], face.score);
        }
    }
    assert!(picture.axes[0].contains("one in 10,000"));
}

#[test]
fn by_tsne_the_person_lies_together() {
    let population = toy_population(24);
    let picture = seen_by(View::Tsne, "A", &[overlay("friends", population.strangers(50, 80))]);
    let middle = |spots: &[Spot]| {
        [0, 1].map(|i| spots.iter().map(|s| s.place[i]).sum::<f64>() / spots.len() as f64)
    };
    let kept = &picture.groups.iter().find(|g| g.kind == Kind::Kept).unwrap().spots;
    let (own, all) = (middle(kept), &picture.groups[0].spots);
    let far = |spot: &Spot| (spot.place[0] - own[0]).hypot(spot.place[1] - own[1]);
    let mean = |spots: &[Spot]| spots.iter().map(far).sum::<f64>() / spots.len() as f64;
    assert!(mean(kept) < 0.5 * mean(all), "{} {}", mean(kept), mean(all));
    assert!(picture.axes[1].is_empty());
    let layout = Layout::of(&picture, Size::default(), &Fonts::load().unwrap());
    assert!(layout.ticks.iter().all(Vec::is_empty));
}

#[test]
fn the_border_has_the_person_on_one_side_and_strangers_on_the_other() {
    let population = toy_population(24);
    let picture = picture("A", &[overlay("strangers", population.strangers(400, 99))]);
    let inside = |group: &Group| {
        let Border::Surface(surface) = &picture.border else { panic!("a surface") };
        let matches = |spot: &&Spot| {
            let [x, y] = spot.place;
            surface.grid(&[x], &[y])[(0, 0)] >= picture.threshold
        };
        group.spots.iter().filter(matches).count() as f64 / group.spots.len() as f64
    };
    assert!(inside(&picture.groups[0]) < 0.05, "{}", inside(&picture.groups[0]));
    let kept = picture.groups.iter().find(|group| group.kind == Kind::Kept).unwrap();
    assert!(inside(kept) > 0.8, "{}", inside(kept));
}

#[test]
fn other_pictures_are_the_golden_ones() {
    let (scene, decision) = golden_scene();
    let scene = with_crops(scene);
    let score = Picture::of(&golden_scene().0, &decision, View::Score).unwrap();
    check_png("score.png", &encode(&score, Format::Png, GOLDEN).unwrap());
    let faces = Picture::of(&scene, &decision, View::Pca).unwrap();
    check_png("faces.png", &encode(&faces, Format::Png, GOLDEN).unwrap());
    check_png("sheet.png", &encode(&Sheet::of(&scene), Format::Png, GOLDEN).unwrap());
}

/// Whether all texts are on the canvas and none is over another.
pub(super) fn check_texts(texts: &[Text], size: Size, case: &str) {
    let (right, bottom) = (f64::from(size.width), f64::from(size.height));
    let canvas = Rect { left: 0.0, top: 0.0, right, bottom };
    let texts: Vec<&Text> = texts.iter().filter(|t| !t.text.is_empty()).collect();
    for (i, text) in texts.iter().enumerate() {
        let bounds = text.bounds();
        assert!(canvas.contains(&bounds), "{case}: {} at {bounds:?}", text.text);
        for other in &texts[..i] {
            let apart = !bounds.overlaps(&other.bounds());
            assert!(apart, "{case}: {:?} and {:?} overlap", text.text, other.text);
        }
    }
}
