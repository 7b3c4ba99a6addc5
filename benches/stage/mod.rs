//! What both benchmarks run: each step from a photo to a score, on a photo of one face that comes
//! with the tests.

use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;

use image::imageops::FilterType;
use image::{ImageFormat, RgbImage};
use ndarray::Array2;
use sameface::decision::{Decision, Method, Population};
use sameface::face::{Face, FaceBox, Point, crop, find_faces};
use sameface::model::Runtime;
use sameface::pack::Pack;
use sameface::photo::{Limits, decode};

/// A portrait's sides in pixels: about a megapixel, as photos on the web are.
const PORTRAIT: u32 = 1000;
/// Photos that the scored person is learned from.
const ENROLLED: usize = 10;
/// Faces scored at once.
const SCORED: usize = 1000;

/// One run of a stage, after everything that it needs was made.
pub fn prepared(stage: &str) -> Box<dyn FnMut()> {
    let pack = Pack::default_pack().unwrap();
    match stage {
        "decode" => {
            let (jpeg, limits) = (jpeg(), Limits::default());
            Box::new(move || drop(black_box(decode(Path::new("a.jpg"), &jpeg, &limits).unwrap())))
        }
        "detect" => {
            let mut detector = pack.detector(&Runtime::get().unwrap()).unwrap();
            let (pixels, search) = (portrait(), pack.description.search);
            Box::new(move || {
                drop(black_box(find_faces(detector.as_mut(), &search, &pixels).unwrap()))
            })
        }
        "align" => {
            let pixels = portrait();
            Box::new(move || drop(black_box(crops(&pixels, &pack))))
        }
        "embed" => {
            let mut embedder = pack.embedder(&Runtime::get().unwrap()).unwrap();
            let crops = crops(&portrait(), &pack);
            Box::new(move || {
                let crops: Vec<&RgbImage> = crops.iter().collect();
                drop(black_box(embedder.embed(&crops).unwrap()));
            })
        }
        "score" => {
            let decision = decision(Population::of(&pack).unwrap());
            let faces = decision.population.strangers(SCORED, 2).concat();
            let shape = (SCORED, pack.dimensions());
            let faces = Array2::from_shape_vec(shape, faces).unwrap();
            Box::new(move || drop(black_box(decision.scores(faces.view()))))
        }
        other => panic!("no stage is called {other}"),
    }
}

/// The photo, enlarged to a web portrait's size.
fn portrait() -> RgbImage {
    let small = image::load_from_memory(include_bytes!("../../tests/data/astronaut.png")).unwrap();
    small.resize_exact(PORTRAIT, PORTRAIT, FilterType::CatmullRom).into_rgb8()
}

fn jpeg() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    portrait().write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

/// All views of a face about where the portrait's is.
fn crops(pixels: &RgbImage, pack: &Pack) -> Vec<RgbImage> {
    let point = |x, y| Point { x, y };
    let face = Face {
        bounds: FaceBox { x: 350.0, y: 100.0, width: 220.0, height: 290.0 },
        confidence: 1.0,
        landmarks: [
            point(405.0, 220.0),
            point(500.0, 215.0),
            point(455.0, 270.0),
            point(415.0, 320.0),
            point(500.0, 318.0),
        ],
    };
    let (views, template) = (&pack.description.views.checking, &pack.description.crop);
    views.iter().map(|view| crop(pixels, &face, template, *view).unwrap()).collect()
}

fn decision(population: Population) -> Decision {
    let photos = population.strangers(ENROLLED, 1);
    Decision::fit(Method::DEFAULT, &population, &photos, &[], &[], 4.0).unwrap()
}
