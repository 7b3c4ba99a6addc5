//! Enrolment on made-up people: wrong photos, bystanders, duplicates, two people.

use super::*;
use crate::decision::toy_population;
use crate::error::Error;
use crate::face::Quality;
use crate::face::tests::face_at;

const DIMENSIONS: usize = 24;

/// Photo `seed` of person `who` of a population whose people are well apart.
fn face(population: &Population, who: u64, seed: u64) -> AnalysedFace {
    let point = population.diagonal(&population.strangers(1, who)[0]) * 4.0
        + population.diagonal(&population.strangers(1, 1000 + 50 * who + seed)[0]) * 0.2;
    let quality = Quality { eye_distance: 60.0, sharpness: 0.1, yaw: 0.0, confidence: 0.99 };
    AnalysedFace {
        face: face_at(50.0, 50.0, 30.0),
        quality,
        embedding: population.embedding(point.view()),
    }
}

fn photo(name: &str, faces: Vec<AnalysedFace>) -> Candidate {
    Candidate { path: name.into(), sha256: name.into(), faces: Ok(faces) }
}

fn run(photos: Vec<Candidate>) -> Result<Profile> {
    let request = Request {
        name: "A".into(),
        method: Method::Plda,
        threshold: ThresholdChoice::Far(1e-4),
        models: "pack".into(),
        folder: "photos".into(),
    };
    enroll(&request, &toy_population(DIMENSIONS), photos)
}

fn of_person(who: u64, count: u64) -> Vec<Candidate> {
    let population = toy_population(DIMENSIONS);
    (0..count).map(|i| photo(&format!("{who}-{i}"), vec![face(&population, who, i)])).collect()
}

#[test]
fn wrong_photos_are_set_aside_and_named() {
    let mut photos = of_person(1, 14);
    for stranger in 2..8 {
        photos.extend(of_person(stranger, 1));
    }
    let profile = run(photos).unwrap();
    let summary = profile.summary();
    assert_eq!(summary.kept, 14);
    let named: Vec<_> = summary.set_aside.iter().map(|(p, _)| p.path.to_str().unwrap()).collect();
    assert_eq!(named, ["2-0", "3-0", "4-0", "5-0", "6-0", "7-0"]);
}

#[test]
fn beside_others_the_face_that_agrees_is_taken() {
    let population = toy_population(DIMENSIONS);
    let photos = (0..6)
        .map(|i| {
            photo(&format!("{i}"), vec![face(&population, 10 + i, 0), face(&population, 1, i)])
        })
        .collect();
    let profile = run(photos).unwrap();
    assert_eq!(profile.summary().kept, 6);
    for (i, record) in profile.photos.iter().enumerate() {
        assert_eq!(record.face, Some(face(&population, 1, i as u64)));
    }
}

#[test]
fn ten_copies_of_a_photo_count_once() {
    let mut photos = of_person(1, 5);
    for copy in 0..10 {
        let mut again = photos[2].clone();
        again.path = format!("copy-{copy}").into();
        photos.push(again);
    }
    let profile = run(photos).unwrap();
    assert_eq!((profile.summary().kept, profile.summary().duplicates), (5, 10));
}

#[test]
fn two_people_and_nobody_in_particular_are_errors() {
    let mut photos = of_person(1, 6);
    photos.extend(of_person(2, 5));
    assert!(matches!(run(photos), Err(Error::TwoPeople { first: 6, second: 5, .. })));
    let strangers = (1..8).flat_map(|who| of_person(who, 1)).collect();
    assert!(matches!(run(strangers), Err(Error::NoMajority { agreeing: 1, photos: 7, .. })));
    let nobody = vec![photo("scene", Vec::new())];
    assert!(matches!(run(nobody), Err(Error::NoFaces { photos: 1, .. })));
}

#[test]
fn one_photo_is_enough_to_enrol() {
    let profile = run(of_person(1, 1)).unwrap();
    assert_eq!(profile.summary().kept, 1);
    assert_eq!(profile.photos[0].evidence, None);
}

#[test]
fn poor_photos_are_set_aside_only_where_good_ones_remain() {
    let poor = |mut photo: Candidate| {
        photo.faces.as_mut().unwrap()[0].quality.eye_distance = 8.0;
        photo
    };
    let mut photos = of_person(1, 8);
    photos[7] = poor(photos[7].clone());
    assert_eq!(run(photos).unwrap().summary().kept, 7);
    let photos = of_person(1, 4).into_iter().map(poor).collect();
    assert_eq!(run(photos).unwrap().summary().kept, 4);
}
