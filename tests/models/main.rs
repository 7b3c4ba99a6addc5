//! The models of both packs against the implementations whose weights they carry, on the pictures of
//! `tests/data`: dlib's and SFace's embeddings, facenet-pytorch's networks and faces, OpenCV's.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../common/pictures.rs"]
mod pictures;

use std::collections::BTreeMap;

use image::RgbImage;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use pictures::{Pattern, Recipe, astronaut, digest, fixture};
use sameface::face::{Face, FaceBox, Point, View, crop};
use sameface::model::{Network, Runtime, Weights};
use sameface::pack::{DetectorDescription, ModelFile, Pack};

/// How far a number of a network may be from the original's, of an embedding of length 1.
const TOLERANCE: f32 = 1e-5;

#[derive(Deserialize)]
struct Embeddings {
    crops: Vec<Crop>,
}

/// A crop made in one of three ways, with the original's numbers for it.
#[derive(Deserialize)]
struct Crop {
    pattern: Option<Pattern>,
    recipe: Option<Recipe>,
    /// A picture in this folder, cut out of the photo around its `landmarks`.
    file: Option<String>,
    landmarks: Option<[[f32; 2]; 5]>,
    sha256: String,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Detections {
    settings: BTreeMap<String, Value>,
    images: Vec<Searched>,
    networks: Vec<Run>,
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
    outputs: BTreeMap<String, Value>,
}

fn reference<T: DeserializeOwned>(name: &str) -> T {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

/// ONNX Runtime; without one, the test fails with the error that says what to run.
fn runtime() -> Runtime {
    Runtime::get().unwrap_or_else(|error| panic!("{error}"))
}

/// A pack of the repository.
fn pack(name: &str) -> Pack {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/models");
    Pack::open(&std::path::Path::new(models).join(name)).unwrap()
}

fn network(pack: &Pack, file: &ModelFile, weights: Weights) -> Network {
    Network::load(&runtime(), &file.file, &pack.bytes(file).unwrap(), weights).unwrap()
}

/// Pixels to planes in the `order` of channels, each value put through `normalise`.
fn planes(
    pictures: &[RgbImage],
    order: [usize; 3],
    normalise: impl Fn(f32) -> f32,
) -> ([usize; 4], Vec<f32>) {
    let (width, height) = pictures[0].dimensions();
    let mut values = Vec::new();
    for picture in pictures {
        for channel in order {
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

impl Crop {
    fn draw(&self, photo: &RgbImage) -> RgbImage {
        match (&self.pattern, &self.recipe, &self.file) {
            (Some(pattern), None, None) => pattern.draw(),
            (None, Some(recipe), None) => recipe.compose(photo),
            (None, None, Some(file)) => image::open(fixture(file)).unwrap().into_rgb8(),
            _ => panic!("a crop is made in one of three ways"),
        }
    }
}

/// Hold a pack's embedder against the `crops` of a file.
fn embeddings_are_those_of_the_original(pack: &Pack, file: &str, weights: Weights) {
    let described = &pack.description.embedder;
    let mut embedder = network(pack, &described.model, weights);
    let photo = astronaut();
    let crops = reference::<Embeddings>(file).crops;
    assert!(crops.len() >= 8);
    for (at, crop) in crops.iter().enumerate() {
        let picture = [crop.draw(&photo)];
        assert_eq!(digest(&picture), crop.sha256, "crop {at} is not the one that was embedded");
        let (shape, input) = planes(&picture, described.settings.channels.order(), |v| v);
        let [output] = embedder.run(shape, &input, [&described.settings.output]).unwrap();
        let length = crop.embedding.iter().map(|v| v * v).sum::<f32>().sqrt();
        let difference = largest_difference(&output.values, &crop.embedding) / length;
        println!("{}, crop {at}: {difference:.1e}", pack.name());
        assert!(difference <= TOLERANCE, "crop {at}: {difference:e}");
    }
}

#[test]
fn embeddings_are_those_of_dlib() {
    let file = "dlib_embeddings.json";
    embeddings_are_those_of_the_original(&pack("mtcnn-dlib"), file, Weights::AsTheyAre);
}

#[test]
fn embeddings_are_those_of_sface_however_its_weights_are_kept() {
    for weights in [Weights::AsTheyAre, Weights::Expanded] {
        let file = "sface_embeddings.json";
        embeddings_are_those_of_the_original(&pack("yunet-sface"), file, weights);
    }
}

#[test]
fn a_crop_is_aligned_as_opencv_aligns_it() {
    let crops = reference::<Embeddings>("sface_embeddings.json").crops;
    let aligned = crops.iter().find(|crop| crop.file.is_some()).unwrap();
    let points = aligned.landmarks.unwrap();
    let face = Face {
        bounds: FaceBox::from([0.0; 4]),
        confidence: 1.0,
        landmarks: points.map(Point::from),
    };
    let (photo, view) = (astronaut(), View { scale: 1.0, mirrored: false });
    let ours = crop(&photo, &face, &pack("yunet-sface").description.crop, view).unwrap();
    let theirs = aligned.draw(&photo);
    let differences = ours.iter().zip(theirs.iter()).map(|(a, b)| f32::from(a.abs_diff(*b)));
    let mean = differences.sum::<f32>() / (3.0 * 112.0 * 112.0);
    println!("a value differs by {mean:.3} of 255 in the mean");
    // Half a pixel off is more than 3.
    assert!(mean < 0.7, "{mean}");
}

/// Hold the networks of a pack's detector against the runs of a file.
fn networks_give_the_numbers_of_the_original(
    pack: &Pack,
    file: &str,
    order: [usize; 3],
    normalise: impl Fn(f32) -> f32 + Copy,
) {
    let photo = astronaut();
    for run in reference::<Detections>(file).networks {
        let name = format!("{}.onnx", run.name);
        let files = pack.description.detector.files();
        let file = files.into_iter().find(|file| file.file == name).unwrap().clone();
        let pictures: Vec<_> = run.recipes.iter().map(|recipe| recipe.compose(&photo)).collect();
        assert_eq!(digest(&pictures), run.sha256, "{name}: not the inputs of the original");
        let (shape, input) = planes(&pictures, order, normalise);
        let mut network = network(pack, &file, Weights::AsTheyAre);
        for (output, expected) in &run.outputs {
            let [found] = network.run(shape, &input, [output]).unwrap();
            let difference = largest_difference(&found.values, &flat(expected));
            println!("{name} {output}: {difference:.1e}");
            assert!(difference <= TOLERANCE, "{name} {output}: {difference:e}");
        }
    }
}

#[test]
fn the_detectors_networks_give_the_numbers_of_the_original() {
    let mtcnn = |v: f32| (v - 127.5) * 0.007_812_5;
    let file = "mtcnn_reference.json";
    networks_give_the_numbers_of_the_original(&pack("mtcnn-dlib"), file, [0, 1, 2], mtcnn);
    let file = "yunet_reference.json";
    networks_give_the_numbers_of_the_original(&pack("yunet-sface"), file, [2, 1, 0], |v| v);
}

/// Hold the faces that a pack's detector finds against those of a file, to `most` pixels.
fn faces_are_where_the_original_finds_them(pack: &Pack, images: &[Searched], most: f32) {
    let mut detector = pack.detector(&runtime()).unwrap();
    let photo = astronaut();
    assert_eq!(images.iter().map(|image| image.faces.len()).collect::<Vec<_>>(), [1, 2, 1, 1, 0]);
    for image in images {
        let picture = [image.recipe.compose(&photo)];
        assert_eq!(digest(&picture), image.sha256, "{}: not the original's picture", image.name);
        let faces = detector.detect(&picture[0]).unwrap();
        assert_eq!(faces.len(), image.faces.len(), "{}", image.name);
        for (face, expected) in faces.iter().zip(&image.faces) {
            let off = pixels_between(face, expected);
            println!("{}, {}: {off:.4} px", pack.name(), image.name);
            assert!(off <= most, "{}: {off} px", image.name);
            assert!((face.confidence - expected.probability).abs() < 1e-3, "{}", image.name);
        }
    }
}

/// A number among the settings of the original.
fn setting(settings: &BTreeMap<String, Value>, name: &str) -> f32 {
    settings[name].as_f64().unwrap() as f32
}

#[test]
fn faces_are_where_facenet_pytorch_finds_them() {
    let Detections { settings, images, .. } = reference("mtcnn_reference.json");
    let pack = pack("mtcnn-dlib");
    let DetectorDescription::Mtcnn { settings: ours, .. } = &pack.description.detector else {
        panic!("another detector");
    };
    assert_eq!(ours.smallest_face, setting(&settings, "min_face_size"));
    assert_eq!(ours.pyramid_factor, setting(&settings, "factor"));
    assert_eq!(ours.thresholds.to_vec(), flat(&settings["thresholds"]));
    faces_are_where_the_original_finds_them(&pack, &images, 1.0);
}

#[test]
fn faces_are_where_opencv_finds_them() {
    let Detections { settings, images, .. } = reference("yunet_reference.json");
    let pack = pack("yunet-sface");
    let DetectorDescription::Yunet { settings: ours, .. } = &pack.description.detector else {
        panic!("another detector");
    };
    assert_eq!(ours.score, setting(&settings, "score_threshold"));
    assert_eq!(ours.overlap, setting(&settings, "nms_threshold"));
    faces_are_where_the_original_finds_them(&pack, &images, 0.1);
}

/// The largest difference of one coordinate of the box or of a landmark.
fn pixels_between(face: &Face, expected: &Found) -> f32 {
    let b = face.bounds;
    let corners = [b.x, b.y, b.x + b.width, b.y + b.height];
    let landmarks: Vec<f32> = face.landmarks.iter().flat_map(|p| [p.x, p.y]).collect();
    largest_difference(&corners, &expected.corners)
        .max(largest_difference(&landmarks, expected.landmarks.as_flattened()))
}
