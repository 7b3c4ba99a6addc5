//! A new profile over an index of a million faces: how long `verify scan` takes where every photo is
//! known. Photos are empty files, their faces made-up strangers.

use std::path::Path;
use std::time::Instant;

use verify::decision::{Method, Population};
use verify::face::{Face, Point, Quality};
use verify::index::{Index, Place};
use verify::model::Provider;
use verify::pack::Pack;
use verify::pipeline::{
    AnalysedFace, AnalysedPhoto, Found, Memory, Settings, Stamp, analysis_identity,
};
use verify::profile::{PhotoRecord, Profile, Status, ThresholdChoice, VERSION};

use crate::sandbox::{Sandbox, stderr};

/// Photos, a face each, in folders of a thousand; `VERIFY_FACES` names another number.
const FACES: usize = 1_000_000;
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
fn one_person(population: &Population) -> Vec<Vec<f32>> {
    let strangers = population.strangers(ENROLLED, 1);
    let mixed = |other: &Vec<f32>| {
        let sum: Vec<f32> = strangers[0].iter().zip(other).map(|(a, b)| a + 0.4 * b).collect();
        let length = sum.iter().map(|v| v * v).sum::<f32>().sqrt();
        sum.iter().map(|v| v / length).collect()
    };
    strangers.iter().map(mixed).collect()
}

fn profile(pack: &Pack, population: &Population) -> Profile {
    let record = |(number, embedding)| PhotoRecord {
        path: format!("{number}.jpg").into(),
        sha256: format!("{number:064x}"),
        status: Status::Kept,
        face: Some(face(embedding)),
        bystanders: 0,
        choice: verify::profile::Choice::Auto,
        evidence: None,
    };
    Profile {
        version: VERSION,
        name: "Nobody".into(),
        models: pack.identity(),
        method: Method::DEFAULT,
        threshold: ThresholdChoice::Far(1e-4),
        photos: one_person(population).into_iter().enumerate().map(record).collect(),
        negatives: Vec::new(),
        look_alikes: Vec::new(),
    }
}

/// Make the files and tell the index of them.
fn fill(folder: &Path, index: &Index, analysis: &str, population: &Population, faces: usize) {
    for thousand in 0..faces.div_ceil(1_000) {
        let below = folder.join(format!("{thousand:04}"));
        std::fs::create_dir_all(&below).unwrap();
        let strangers = population.strangers(1_000.min(faces), 1_000 + thousand as u64);
        for (number, embedding) in strangers.into_iter().enumerate() {
            let path = below.join(format!("{number:03}.jpg"));
            std::fs::write(&path, b"").unwrap();
            let stamp = Stamp { settled: true, ..Stamp::of(&path).unwrap() };
            let sha256 =
                format!("{:064x}", (thousand * 1_000 + number).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let faces = vec![face(embedding)];
            let photo = AnalysedPhoto { path, sha256, width: 640, height: 480, faces };
            index.keep(analysis, &photo, &stamp, Found::Faces);
        }
    }
    index.settle();
    assert_eq!(index.notice(), None);
}

#[test]
#[ignore = "takes minutes and a gigabyte: a million files"]
fn a_million_faces_are_scored_in_seconds() {
    let faces = std::env::var("VERIFY_FACES").map_or(FACES, |faces| faces.parse().unwrap());
    let sandbox = Sandbox::new();
    let pack = Pack::default_pack().unwrap();
    let population = Population::of(&pack).unwrap();
    profile(&pack, &population).save(&sandbox.profile(), None).unwrap();
    let place = Place::named(sandbox.path("cache/verify/index.sqlite"));
    let (index, _) = Index::open(&place).unwrap();
    let analysis = analysis_identity(&pack, &Settings::default(), Provider::Cpu);
    fill(&sandbox.path("library"), &index, &analysis, &population, faces);
    drop(index);
    for _ in 0..3 {
        let started = Instant::now();
        let run = sandbox.command(&["scan", "library"]).env("ORT_DYLIB_PATH", "none").assert();
        eprintln!("{:.2} s: {}", started.elapsed().as_secs_f64(), stderr(&run));
        assert!(stderr(&run).contains(" photos"), "{}", stderr(&run));
        assert!(run.get_output().status.code() < Some(2));
    }
}
