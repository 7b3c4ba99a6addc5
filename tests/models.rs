//! The models against the implementations whose weights they carry: dlib's embeddings and
//! facenet-pytorch's networks and detector, on the pictures of `tests/data`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "common/pictures.rs"]
mod pictures;

use image::RgbImage;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use pictures::{Pattern, Recipe, astronaut, digest, fixture};
use verify::face::Face;
use verify::model::{Network, Runtime, Weights};
use verify::pack::{DetectorDescription, ModelFile, Pack};

/// How far a number of a network may be from the original's.
const TOLERANCE: f32 = 1e-5;
/// How far a corner or a landmark may be from the original's, in pixels.
const PIXEL: f32 = 1.0;

#[derive(Deserialize)]
struct Embeddings {
    crops: Vec<Crop>,
}

/// A crop made from a pattern or a recipe, with dlib's numbers for it.
#[derive(Deserialize)]
struct Crop {
    pattern: Option<Pattern>,
    recipe: Option<Recipe>,
    sha256: String,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Detections {
    settings: Settings,
    images: Vec<Searched>,
    networks: Vec<Run>,
}

#[derive(Deserialize)]
struct Settings {
    min_face_size: f32,
    factor: f32,
    thresholds: [f32; 3],
}

/// A picture and the faces that the original finds in it.
#[derive(Deserialize)]
struct Searched {
    name: String,
    recipe: Recipe,
    sha256: String,
    faces: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    /// Left, top, right, bottom.
    #[serde(rename = "box")]
    corners: [f32; 4],
    probability: f32,
    landmarks: [[f32; 2]; 5],
}

/// One run of a network of the original; outputs are nested arrays of numbers by name.
#[derive(Deserialize)]
struct Run {
    name: String,
    recipes: Vec<Recipe>,
    sha256: String,
    #[serde(flatten)]
    outputs: std::collections::BTreeMap<String, Value>,
}

fn reference<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

/// ONNX Runtime; where there is none, the test fails with the error that says what to run.
fn runtime() -> Runtime {
    Runtime::get().unwrap_or_else(|error| panic!("{error}"))
}

fn mtcnn_dlib() -> Pack {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/models/mtcnn-dlib");
    Pack::open(folder.as_ref()).unwrap()
}

fn network(pack: &Pack, file: &ModelFile) -> Network {
    Network::load(&runtime(), &file.file, &pack.bytes(file).unwrap(), Weights::Expanded).unwrap()
}

/// Pixels to planes, each value put through `normalise`.
fn planes(pictures: &[RgbImage], normalise: impl Fn(f32) -> f32) -> ([usize; 4], Vec<f32>) {
    let (width, height) = pictures[0].dimensions();
    let mut values = Vec::new();
    for picture in pictures {
        for channel in 0..3 {
            values.extend(picture.pixels().map(|p| normalise(f32::from(p[channel]))));
        }
    }
    ([pictures.len(), 3, height as usize, width as usize], values)
}

/// All numbers of nested arrays, row by row.
fn flat(value: &Value) -> Vec<f32> {
    match value {
        Value::Array(items) => items.iter().flat_map(flat).collect(),
        number => vec![number.as_f64().unwrap() as f32],
    }
}

fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn embeddings_are_those_of_dlib() {
    let pack = mtcnn_dlib();
    let described = &pack.description.embedder;
    let mut embedder = network(&pack, &described.model);
    let photo = astronaut();
    let crops = reference::<Embeddings>("dlib_embeddings.json").crops;
    assert_eq!(crops.len(), 8);
    for (at, crop) in crops.iter().enumerate() {
        let picture = match (&crop.pattern, &crop.recipe) {
            (Some(pattern), None) => pattern.draw(),
            (None, Some(recipe)) => recipe.compose(&photo),
            _ => panic!("crop {at} is made in one of two ways"),
        };
        let picture = [picture];
        assert_eq!(digest(&picture), crop.sha256, "crop {at} is not the one that dlib saw");
        let (shape, input) = planes(&picture, |v| v);
        let [output] = embedder.run(shape, &input, [&described.settings.output]).unwrap();
        let difference = largest_difference(&output.values, &crop.embedding);
        println!("crop {at}: {difference:.1e}");
        assert!(difference <= TOLERANCE, "crop {at}: {difference:e}");
    }
}

#[test]
fn the_detectors_networks_give_the_numbers_of_the_original() {
    let pack = mtcnn_dlib();
    let photo = astronaut();
    let runs = reference::<Detections>("mtcnn_reference.json").networks;
    assert_eq!(
        runs.iter().map(|run| run.name.as_str()).collect::<Vec<_>>(),
        ["pnet", "rnet", "onet"]
    );
    for run in runs {
        let name = format!("{}.onnx", run.name);
        let file =
            pack.description.files().into_iter().find(|file| file.file == name).unwrap().clone();
        let pictures: Vec<_> = run.recipes.iter().map(|recipe| recipe.compose(&photo)).collect();
        assert_eq!(digest(&pictures), run.sha256, "{name}: not the inputs of the original");
        let (shape, input) = planes(&pictures, |v| (v - 127.5) * 0.007_812_5);
        let mut network = network(&pack, &file);
        for (output, expected) in &run.outputs {
            let [found] = network.run(shape, &input, [output]).unwrap();
            let difference = largest_difference(&found.values, &flat(expected));
            println!("{name} {output}: {difference:.1e}");
            assert!(difference <= TOLERANCE, "{name} {output}: {difference:e}");
        }
    }
}

#[test]
fn faces_are_where_the_original_finds_them() {
    let Detections { settings, images, .. } = reference("mtcnn_reference.json");
    let pack = mtcnn_dlib();
    let DetectorDescription::Mtcnn { settings: ours, .. } = &pack.description.detector else {
        panic!("another detector");
    };
    assert_eq!(ours.smallest_face, settings.min_face_size);
    assert_eq!(ours.pyramid_factor, settings.factor);
    assert_eq!(ours.thresholds, settings.thresholds);

    let mut detector = pack.detector(&runtime()).unwrap();
    let photo = astronaut();
    assert_eq!(images.iter().map(|image| image.faces.len()).collect::<Vec<_>>(), [1, 2, 1, 1, 0]);
    for image in &images {
        let picture = [image.recipe.compose(&photo)];
        assert_eq!(digest(&picture), image.sha256, "{}: not the original's picture", image.name);
        let faces = detector.detect(&picture[0]).unwrap();
        assert_eq!(faces.len(), image.faces.len(), "{}", image.name);
        for (face, expected) in faces.iter().zip(&image.faces) {
            let off = pixels_between(face, expected);
            println!("{}: {off:.2} px", image.name);
            assert!(off <= PIXEL, "{}: {off} px", image.name);
            assert!((face.confidence - expected.probability).abs() < 1e-3, "{}", image.name);
        }
    }
}

/// The largest difference of one coordinate of the box or of a landmark.
fn pixels_between(face: &Face, expected: &Found) -> f32 {
    let b = face.bounds;
    let corners = [b.x, b.y, b.x + b.width, b.y + b.height];
    let landmarks: Vec<f32> = face.landmarks.iter().flat_map(|p| [p.x, p.y]).collect();
    largest_difference(&corners, &expected.corners)
        .max(largest_difference(&landmarks, expected.landmarks.as_flattened()))
}
