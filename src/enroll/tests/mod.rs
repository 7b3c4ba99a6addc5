//! Enrolment of simulated people: wrong photos, bystanders, copies, two people.

mod borders;

use std::sync::LazyLock;

use ndarray::{ArcArray1, ArcArray2, Array1};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::decision::calibration::SCORES;
use crate::decision::{Centroid, Curve, Kinds, Plda};

use crate::error::{Examples, Front};
use crate::face::tests::face_at;
use crate::face::{Concern, Point, Quality};

const DIMENSIONS: usize = 24;

/// A method's score of an embedding after some photos.
type RawScore<'a> = &'a dyn Fn(&[Vec<f32>], &[f32]) -> f64;

/// People as far apart as good embeddings make them, with their curves measured as the real
/// population's are: on other people than those of the tests.
pub(crate) static POPULATION: LazyLock<Population> = LazyLock::new(|| {
    let mut population = Population {
        mean: ArcArray1::from_shape_fn(DIMENSIONS, |i| if i == 0 { 1.0 } else { 0.0 }),
        transform: ArcArray2::eye(DIMENSIONS) * 10.0,
        psi: ArcArray1::from_elem(DIMENSIONS, 8.0),
        kinds: Kinds::none(DIMENSIONS),
        curves: Vec::new(),
    };
    let curves =
        |raw: RawScore| [1, 3, 10].map(|enrolled| curve(&population, enrolled, raw)).to_vec();
    let centroid = curves(&|photos, other| Centroid::fit(photos).raw_score(other));
    let plda = curves(&|photos, other| {
        Plda::fit(&population, photos).raw_score(&population.diagonal(other))
    });
    // What an SVM's raw score means no test here asks.
    let supervised = centroid.clone();
    population.curves =
        vec![(Method::Centroid, centroid), (Method::Plda, plda), (Method::Supervised, supervised)];
    population
});

const LIMITS: DuplicateLimits = DuplicateLimits { same_look: 0.99, same_shape: 0.07 };

/// The raw scores that 20,000 strangers reach after `enrolled` photos.
fn curve(population: &Population, enrolled: u64, raw: RawScore) -> Curve {
    let mut raw_scores = Vec::new();
    for who in 0..100 {
        let photos: Vec<_> =
            (0..enrolled).map(|seed| embedding(population, 10_000 + who, seed)).collect();
        for stranger in 0..200 {
            raw_scores.push(raw(&photos, &embedding(population, 20_000 + stranger, who)));
        }
    }
    raw_scores.sort_by(|a, b| b.total_cmp(a));
    // Beyond what can be measured each further step is as long as the one to the last measured.
    let at = |score: f64| raw_scores[(10f64.powf(-score) * raw_scores.len() as f64) as usize];
    let beyond = |score: f64| at(3.5) + (at(3.5) - at(3.0)) * (score - 3.5) / 0.5;
    Curve {
        enrolled: enrolled as f64,
        raw_scores: SCORES.map(|score| if score > 3.5 { beyond(score) } else { at(score) }),
        odds: [-6.0, 3.0],
    }
}

/// Photo `seed` of person `who`.
pub(crate) fn embedding(population: &Population, who: u64, seed: u64) -> Vec<f32> {
    let mut person = Xoshiro256PlusPlus::seed_from_u64(who);
    let mut photo = Xoshiro256PlusPlus::seed_from_u64(1_000_000 + 1_000 * who + seed);
    let mut draw = |psi: &f64| {
        let (identity, noise): (f64, f64) =
            (StandardNormal.sample(&mut person), StandardNormal.sample(&mut photo));
        psi.sqrt() * identity + noise
    };
    let point: Array1<f64> = population.psi.iter().map(&mut draw).collect();
    population.embedding(point.view())
}

/// Photo `seed` of person `who` as it is found in a photo.
pub(crate) fn face(who: u64, seed: u64) -> AnalysedFace {
    let quality = Quality {
        eye_distance: 60.0,
        sharpness: 0.5,
        yaw: 0.0,
        confidence: 0.99,
        concerns: Vec::new(),
    };
    AnalysedFace {
        face: face_at(50.0, 50.0, 30.0),
        quality,
        embedding: embedding(&POPULATION, who, seed),
    }
}

pub(crate) fn photo(name: &str, faces: Vec<AnalysedFace>) -> Candidate {
    let (path, sha256, choice) = (name.into(), name.into(), Choice::Auto);
    let (faces, taken) = (Ok(faces), None);
    Candidate { path, sha256, faces, bystanders: 0, number: None, choice, sent: false, taken }
}

fn run(photos: Vec<Candidate>) -> Result<Profile> {
    let request = Request {
        name: "A".into(),
        method: Method::Plda,
        threshold: ThresholdChoice::Far(1e-4),
        models: "pack".into(),
        duplicates: LIMITS,
        folder: "photos".into(),
    };
    enroll(&request, &POPULATION, photos)
}

fn of_person(who: u64, count: u64) -> Vec<Candidate> {
    (0..count).map(|i| photo(&format!("{who}-{i}"), vec![face(who, i)])).collect()
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
    let photos =
        (0..6).map(|i| photo(&format!("{i}"), vec![face(10 + i, 0), face(1, i)])).collect();
    let profile = run(photos).unwrap();
    assert_eq!(profile.summary().kept, 6);
    for (i, record) in profile.photos.iter().enumerate() {
        assert_eq!(record.face, Some(face(1, i as u64)));
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
fn another_photo_of_the_same_sitting_is_no_copy() {
    let moved = |change: &dyn Fn(Point) -> Point| {
        let mut other = face(1, 0);
        other.face.landmarks = other.face.landmarks.map(change);
        let mut photos = of_person(1, 3);
        photos.push(photo("again", vec![other]));
        run(photos).unwrap().summary().duplicates
    };
    let enlarged = |p: Point| Point { x: 3.0 * p.x + 40.0, y: 3.0 * p.y - 7.0 };
    assert_eq!(moved(&enlarged), 1, "the same picture, larger and elsewhere");
    let leaning = |p: Point| Point { x: p.x + 0.2 * p.y, y: p.y };
    assert_eq!(moved(&leaning), 0, "the head is held otherwise");
    let mut mirrored = face(1, 0);
    mirrored.face.landmarks = mirrored.face.landmarks.map(leaning);
    let [left, right, nose, low, lower] =
        mirrored.face.landmarks.map(|p| Point { x: 200.0 - p.x, ..p });
    let mut photos = of_person(1, 3);
    photos[0] = photo("straight", vec![mirrored.clone()]);
    mirrored.face.landmarks = [right, left, nose, lower, low];
    photos.push(photo("mirrored", vec![mirrored]));
    assert_eq!(run(photos).unwrap().summary().duplicates, 1, "the same picture, mirrored");
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
fn whoever_is_beside_the_person_in_most_photos_is_not_meant() {
    let couple = |beside: u64| {
        let faces = |i| if i < beside { vec![face(2, i), face(1, i)] } else { vec![face(1, i)] };
        run((0..10).map(|i| photo(&format!("{i}"), faces(i))).collect())
    };
    let profile = couple(7).unwrap();
    assert_eq!(profile.summary().kept, 10);
    assert_eq!(profile.photos[0].face, Some(face(1, 0)));
    assert!(matches!(couple(9), Err(Error::TwoPeople { first: 10, second: 9, .. })));
}

/// What is said of a couple that is in every photo can be done, and settles it for either.
#[test]
fn of_a_couple_in_every_photo_one_is_chosen_by_a_face() {
    let beside = |who, i, x| {
        let mut face = face(who, i);
        face.face.bounds.x = x;
        face
    };
    let couple =
        || (0..8).map(|i| photo(&format!("{i}"), vec![beside(2, i, 9.0), beside(1, i, 5.0)]));
    let error = run(couple().collect()).unwrap_err();
    let Error::TwoPeople { examples, .. } = &error else { panic!("{error}") };
    let Examples::Together(example, first, second) = examples else { panic!("{error}") };
    assert_ne!(first, second);
    let (line, example) = (error.told(Front::Command), example.display());
    let advice = format!("--face {example}:{first} or --face {example}:{second} (counted");
    assert!(line.contains(&advice), "{line}");
    for (number, who) in [(1, 1), (2, 2)] {
        let photos = couple().map(|photo| {
            if photo.path.display().to_string() == example.to_string() {
                photo.with_face(number).unwrap()
            } else {
                photo
            }
        });
        let profile = run(photos.collect()).unwrap();
        assert_eq!(profile.summary().kept, 8);
        for (i, record) in profile.photos.iter().enumerate() {
            let expected = face(who, i as u64).embedding;
            assert_eq!(record.face.as_ref().unwrap().embedding, expected, "{number}: {i}");
        }
    }
    // A photo that a human kept does not make somebody else of the person.
    let mut photos = of_person(1, 6);
    photos.extend(of_person(2, 2));
    photos[7].choice = Choice::Keep;
    let profile = run(photos).unwrap();
    assert_eq!(profile.photos[6].status, Status::SetAside { reason: Reason::SomebodyElse });
}

#[test]
fn one_photo_is_enough_to_enrol() {
    let profile = run(of_person(1, 1)).unwrap();
    assert_eq!(profile.summary().kept, 1);
    assert_eq!(profile.photos[0].score, None);
}

#[test]
fn the_large_face_of_a_single_photo_is_meant_however_alike_the_small_ones_are() {
    let crowd = |seed| AnalysedFace { face: face_at(200.0, 50.0, 10.0), ..face(2, seed) };
    let profile =
        run(vec![photo("crowd", vec![crowd(0), crowd(1), face(1, 0), crowd(2)])]).unwrap();
    let enrolled = profile.photos[0].face.as_ref().unwrap();
    assert_eq!(enrolled.embedding, face(1, 0).embedding);
}

#[test]
fn poor_photos_are_set_aside_only_where_good_ones_remain() {
    let poor = |mut photo: Candidate| {
        photo.faces.as_mut().unwrap()[0].quality.concerns = vec![Concern::Small];
        photo
    };
    let mut photos = of_person(1, 8);
    photos[7] = poor(photos[7].clone());
    assert_eq!(run(photos.clone()).unwrap().summary().kept, 7);
    photos[6].faces.as_mut().unwrap()[0].quality.concerns = vec![Concern::TurnedAway];
    assert_eq!(run(photos).unwrap().summary().kept, 7, "a turned face does no harm");
    let photos = of_person(1, 4).into_iter().map(poor).collect();
    assert_eq!(run(photos).unwrap().summary().kept, 4);
}

#[test]
fn changing_nothing_changes_nothing_although_bystanders_are_forgotten() {
    // The second photo shows the first one's face in other company, so it is another picture.
    let photos = vec![
        photo("alone", vec![face(1, 0)]),
        photo("with another", vec![face(5, 0), face(1, 0)]),
        photo("other", vec![face(1, 1)]),
        photo("third", vec![face(1, 2), face(6, 0)]),
    ];
    let first = run(photos).unwrap();
    assert_eq!(first.summary().kept, 4);
    let again = run(records::with(first.photos.clone(), Vec::new())).unwrap();
    assert_eq!(again, first);
}

#[test]
fn left_out_photos_match_by_the_others_and_a_single_one_cannot_be_tested() {
    let test = |photos| leave_out(&run(photos).unwrap(), Method::Plda, &POPULATION, 2).unwrap();
    let whole = test(of_person(1, 8));
    assert_eq!((whole.scores.len(), whole.accepted()), (8, 8));
    assert!(whole.least_margin().unwrap() <= whole.typical_margin().unwrap());
    let single = test(of_person(1, 1));
    assert_eq!((single.scores.len(), single.least_margin()), (0, None));
}

#[test]
fn a_look_alike_is_the_person_in_most_photos() {
    let mut photos = of_person(3, 4);
    photos.extend(of_person(4, 1));
    assert_eq!(look_alike("twin", &photos, &POPULATION, LIMITS).embeddings.len(), 4);
    assert!(
        look_alike("nobody", &[photo("scene", Vec::new())], &POPULATION, LIMITS)
            .embeddings
            .is_empty()
    );
    assert_eq!(embeddings_of_others(&photos).len(), 5);
}

#[test]
fn where_no_photo_can_be_read_the_first_says_why() {
    let unreadable = |name: &str| Candidate {
        path: name.into(),
        sha256: String::new(),
        faces: Err(format!("{name}: damaged")),
        bystanders: 0,
        number: None,
        sent: false,
        choice: Choice::Auto,
        taken: None,
    };
    let result = run(vec![unreadable("a"), unreadable("b")]);
    assert!(
        matches!(result, Err(Error::NoneReadable { photos: 2, first, .. }) if first == "a: damaged")
    );
    let scene = photo("scene", Vec::new());
    assert!(matches!(run(vec![unreadable("a"), scene]), Err(Error::NoFaces { photos: 1, .. })));
}

#[test]
fn what_a_human_chose_stands_when_the_profile_is_fitted_again() {
    let mut photos = of_person(1, 8);
    photos.push(photo("somebody", vec![face(2, 0)]));
    photos.push(photo("nobody", Vec::new()));
    let profile = run(photos).unwrap();
    assert_eq!(profile.summary().kept, 8);
    let choose = |records, name: &str, choice| records::chosen(records, &[name.into()], choice);
    let records = choose(profile.photos, "somebody", Choice::Keep).unwrap();
    let records = choose(records, "nobody", Choice::Keep).unwrap();
    let records = choose(records, "1-3", Choice::Drop).unwrap();
    let again = run(records::with(records, Vec::new())).unwrap();
    let status: Vec<_> = again.photos.iter().map(|photo| &photo.status).collect();
    let aside = |reason| Status::SetAside { reason };
    assert_eq!(status[3], &aside(Reason::Dropped));
    assert!(again.photos[3].face.is_some(), "it can be kept again");
    assert_eq!(status[8], &Status::Kept);
    assert_eq!(status[9], &aside(Reason::NoFace));
    assert_eq!(again.summary().kept, 8);
    let records = choose(again.photos, "1-3", Choice::Auto).unwrap();
    let records = choose(records, "somebody", Choice::Auto).unwrap();
    let back = run(records::with(records, Vec::new())).unwrap();
    assert_eq!(back.summary().kept, 8);
    assert_eq!(back.photos[8].status, aside(Reason::SomebodyElse));
}

#[test]
fn somebody_has_to_be_left() {
    let photos = of_person(1, 2).into_iter();
    let photos = photos.map(|photo| Candidate { choice: Choice::Drop, ..photo }).collect();
    assert!(matches!(run(photos), Err(Error::Value { .. })));
}

#[test]
fn many_copies_of_one_photo_are_one_photo() {
    let copies: Vec<_> = (0..9).map(|i| photo(&format!("copy {i}"), vec![face(1, 0)])).collect();
    let profile = run(copies).unwrap();
    assert_eq!((profile.summary().kept, profile.summary().duplicates), (1, 8));
}
