//! A library that the index knows: photos are empty files, their faces made up.

use std::path::Path;

use sameface::decision::{Method, Population};
use sameface::face::{Face, Point, Quality};
use sameface::index::{Index, Place};
use sameface::model::Provider;
use sameface::pack::Pack;
use sameface::pipeline::{
    AnalysedFace, AnalysedPhoto, Cache, News, Settings, Stamp, analysis_identity,
};
use sameface::profile::{
    Calibrate, Choice, PhotoRecord, Profile, Status, ThresholdChoice, VERSION,
};

use crate::sandbox::Sandbox;

/// Photos of the enrolled person.
const ENROLLED: usize = 100;

fn face(embedding: Vec<f32>) -> AnalysedFace {
    let bounds = [10.0, 20.0, 30.0, 40.0].into();
    let landmarks = [Point { x: 15.0, y: 30.0 }; 5];
    let quality = Quality {
        eye_distance: 14.0,
        sharpness: 0.3,
        yaw: 2.0,
        confidence: 0.99,
        concerns: Vec::new(),
    };
    AnalysedFace { face: Face { bounds, confidence: 0.99, landmarks }, quality, embedding }
}

/// Made-up photos of one person: a stranger, a little like another one in each.
pub fn one_person(population: &Population) -> Vec<Vec<f32>> {
    let strangers = population.strangers(ENROLLED, 1);
    strangers.iter().map(|other| mixed(&strangers[0], other, 0.4)).collect()
}

/// `one`, with so much of `other` in it.
pub fn mixed(one: &[f32], other: &[f32], part: f32) -> Vec<f32> {
    let sum: Vec<f32> = one.iter().zip(other).map(|(a, b)| a + part * b).collect();
    let length = sum.iter().map(|v| v * v).sum::<f32>().sqrt();
    sum.iter().map(|v| v / length).collect()
}

/// Their profile at a false accept rate.
pub fn profile(pack: &Pack, population: &Population, far: f64) -> Profile {
    let record = |(number, embedding)| PhotoRecord {
        path: format!("{number}.jpg").into(),
        sha256: format!("{number:064x}"),
        status: Status::Kept,
        face: Some(face(embedding)),
        bystanders: 0,
        number: None,
        sent: false,
        choice: Choice::Auto,
        score: None,
        taken: None,
    };
    Profile {
        version: VERSION,
        name: "Nobody".into(),
        models: pack.identity(),
        method: Method::DEFAULT,
        threshold: ThresholdChoice::Far(far),
        photos: one_person(population).into_iter().enumerate().map(record).collect(),
        negatives: Vec::new(),
        look_alikes: Vec::new(),
        strangers: None,
        calibrate: Calibrate::Auto,
        born: None,
    }
}

/// The index of a sandbox, filled with a photo for each of `faces`, in folders of a thousand.
pub fn fill(sandbox: &Sandbox, pack: &Pack, faces: impl Iterator<Item = Vec<f32>>) {
    let place = Place::named(sandbox.path("cache/sameface/index.sqlite"));
    let (index, _) = Index::open(&place).unwrap();
    let analysis = analysis_identity(pack, &Settings::default(), Provider::Cpu);
    let folder = sandbox.path("library");
    for (number, embedding) in faces.enumerate() {
        let below = folder.join(format!("{:04}", number / 1_000));
        if number % 1_000 == 0 {
            std::fs::create_dir_all(&below).unwrap();
        }
        keep(
            &index,
            &analysis,
            &below.join(format!("{:03}.jpg", number % 1_000)),
            number,
            embedding,
        );
    }
    index.settle();
    assert_eq!(index.notice(), None);
}

/// Made-up people, so many photos of each: folders below `folder`, whose photos the index knows.
pub fn fill_people(sandbox: &Sandbox, pack: &Pack, folder: &str, (people, photos): (usize, usize)) {
    let population = Population::of(pack).unwrap();
    let place = Place::named(sandbox.path("cache/sameface/index.sqlite"));
    let (index, _) = Index::open(&place).unwrap();
    let analysis = analysis_identity(pack, &Settings::default(), Provider::Cpu);
    // Other people in each folder, and another number for each photo.
    let first = folder.bytes().map(usize::from).sum::<usize>() * 100_000;
    for (person, identity) in population.strangers(people, first as u64).iter().enumerate() {
        let below = sandbox.path(&format!("{folder}/p{person:02}"));
        std::fs::create_dir_all(&below).unwrap();
        let number = first + person * photos;
        for (photo, noise) in population.strangers(photos, number as u64 + 1).iter().enumerate() {
            let embedding = mixed(identity, noise, 0.6);
            let path = below.join(format!("{photo}.jpg"));
            keep(&index, &analysis, &path, number + photo, embedding);
        }
    }
    index.settle();
    assert_eq!(index.notice(), None);
}

/// Make the file and tell the index of it.
fn keep(index: &Index, analysis: &str, path: &Path, number: usize, embedding: Vec<f32>) {
    std::fs::write(path, b"").unwrap();
    let stamp = Stamp { settled: true, ..Stamp::of(path).unwrap() };
    let sha256 = format!("{:064x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let (path, faces) = (path.to_owned(), vec![face(embedding)]);
    let photo = AnalysedPhoto {
        path,
        at: None,
        sha256,
        width: 640,
        height: 480,
        faces,
        missing: None,
        taken: None,
    };
    index.keep(analysis, &photo, &News::Faces(Some(stamp)));
}
