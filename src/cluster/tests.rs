//! Simulated people in simulated photos, grouped.

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::decision::{Decision, Method, Population};
use crate::enroll::tests::{POPULATION, embedding};
use crate::face::tests::face_at;
use crate::face::{Concern, Quality};
use crate::identify::Gallery;
use crate::pack::Pack;
use crate::pipeline::{AnalysedFace, AnalysedPhoto};

/// Photo `name`, which shows photo `seed` of each `(who, seed)`, side by side.
fn photo(name: &str, people: &[(u64, u64)]) -> AnalysedPhoto {
    let face = |(at, (who, seed)): (usize, &(u64, u64))| AnalysedFace {
        face: face_at(10.0 + 100.0 * at as f32, 10.0, 60.0),
        quality: quality(),
        embedding: embedding(&POPULATION, *who, *seed),
    };
    AnalysedPhoto {
        path: name.into(),
        at: None,
        sha256: format!("{name:0>64}"),
        width: 400,
        height: 300,
        // The largest first, as they come: here the one on the right.
        faces: people.iter().enumerate().map(face).rev().collect(),
        missing: None,
        taken: None,
    }
}

fn quality() -> Quality {
    Quality { eye_distance: 60.0, sharpness: 1.0, yaw: 0.0, confidence: 0.9, concerns: Vec::new() }
}

/// Ten photos of each of 20 people, and one each of 60 others; those of a pair show two.
fn library() -> Vec<AnalysedPhoto> {
    let of = |who: u64| (0..10).map(move |seed| photo(&format!("{who}-{seed}"), &[(who, seed)]));
    let others = (100..160).map(|who| photo(&format!("{who}"), &[(who, 0), (who + 100, 0)]));
    (0..20).flat_map(of).chain(others).collect()
}

fn add(collection: &mut Collection, photos: Vec<AnalysedPhoto>) {
    photos.into_iter().for_each(|photo| collection.add(photo.path, photo.sha256, photo.faces));
}

fn gathered(photos: Vec<AnalysedPhoto>, gallery: Option<&Gallery>, known: Known) -> Gathered {
    let mut collection = Collection::new(&POPULATION, gallery, known);
    add(&mut collection, photos);
    collection.gather("models", 2, 2).unwrap()
}

/// Who is in a group, by the names of its photos.
fn who(group: &Group) -> Vec<String> {
    let name = |member: &Member| {
        let name = member.photo.file_name().unwrap().to_string_lossy().into_owned();
        name.split('-').next().unwrap().to_owned()
    };
    let mut names: Vec<String> = group.faces.iter().map(name).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn the_photos_of_each_person_come_together_and_strangers_stay_alone() {
    let found = gathered(library(), None, Known::LeftOut);
    assert_eq!((found.photos, found.faces, found.known), (260, 320, 0));
    let large: Vec<&Group> = found.groups.iter().filter(|group| group.faces.len() > 5).collect();
    assert_eq!(large.len(), 20);
    for group in &large {
        // The simulated people have 24 dimensions: sometimes a stranger is as similar.
        assert!(who(group).len() <= 3 && (9..=12).contains(&group.faces.len()), "{:?}", who(group));
        assert!(group.faces.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }
    assert!(found.alone > 110, "{}", found.alone);
    let grouped: usize = found.groups.iter().map(|group| group.faces.len()).sum();
    assert_eq!(grouped + found.alone, found.faces);
    assert_eq!(
        found.groups.iter().map(|g| g.group).collect::<Vec<_>>(),
        (1..=found.groups.len()).collect::<Vec<_>>()
    );
}

#[test]
fn the_same_photos_come_to_the_same_groups_whatever_the_threads() {
    let of = |threads| {
        let mut collection = Collection::new(&POPULATION, None, Known::LeftOut);
        add(&mut collection, library());
        collection.gather("models", 2, threads).unwrap()
    };
    assert_eq!(of(1), of(5));
}

#[test]
fn who_is_enrolled_is_left_out_unless_asked_for_and_then_named() {
    let photos: Vec<_> = (50..54).map(|seed| embedding(&POPULATION, 3, seed)).collect();
    let decision = Decision::fit(Method::Centroid, &POPULATION, &photos, &[], &[], 3.0).unwrap();
    let gallery = Gallery::new([("anna".to_owned(), "Anna".to_owned(), decision)], &POPULATION);
    let without = gathered(library(), Some(&gallery), Known::LeftOut);
    assert!((9..=11).contains(&without.known), "{}", without.known);
    assert_eq!(without.groups.iter().filter(|group| group.faces.len() > 5).count(), 19);
    let with = gathered(library(), Some(&gallery), Known::TakenIn);
    assert_eq!(with.known, 0);
    let named: Vec<&Group> = with.groups.iter().filter(|group| group.name.is_some()).collect();
    assert_eq!(named.len(), 1);
    assert_eq!((named[0].name.as_deref(), who(named[0])), (Some("Anna"), vec!["3".to_owned()]));
}

#[test]
fn a_copy_counts_once_and_faces_are_counted_from_the_left() {
    let mut photos: Vec<_> =
        (0..4).map(|seed| photo(&format!("{seed}"), &[(50 + seed, 0), (1, seed)])).collect();
    let copy = AnalysedPhoto { path: "copy".into(), ..photos[0].clone() };
    photos.push(copy);
    let found = gathered(photos, None, Known::LeftOut);
    assert_eq!((found.photos, found.copies, found.faces), (5, 1, 8));
    assert_eq!(found.groups.len(), 1);
    assert!(found.groups[0].faces.iter().all(|face| face.number == 2), "{found:?}");
}

/// Blurred faces of strangers look alike because they are blurred.
#[test]
fn poor_faces_join_a_group_and_begin_none() {
    let poor = |name: &str, seed| {
        let mut photo = photo(name, &[(1, seed)]);
        photo.faces[0].quality.concerns = vec![Concern::Blurred];
        photo
    };
    let blurred: Vec<_> = (0..4).map(|seed| poor(&format!("{seed}"), seed)).collect();
    let alone = gathered(blurred.clone(), None, Known::LeftOut);
    assert_eq!((alone.groups.len(), alone.alone), (0, 4));
    let mut with: Vec<_> = (4..8).map(|seed| photo(&format!("{seed}"), &[(1, seed)])).collect();
    with.extend(blurred);
    let found = gathered(with, None, Known::LeftOut);
    assert_eq!((found.groups.len(), found.groups[0].faces.len()), (1, 8));
}

#[test]
fn what_was_gathered_is_read_again_from_json_or_a_page() {
    let found = gathered(library(), None, Known::LeftOut);
    let folder = tempfile::tempdir().unwrap();
    let json = serde_json::to_string(&found).unwrap();
    let page = format!("<p>1</p><script type=\"application/json\" id=\"data\">{json}</script><b>");
    for (name, content) in [("a.json", &json), ("a.html", &page)] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let read = Gathered::read(&path).unwrap();
        assert_eq!(read, found, "{name}");
        assert_eq!(read.group(1).unwrap(), &found.groups[0]);
        let error = read.group(99).unwrap_err().to_string();
        assert!(error.contains("group 99") && error.contains("from 1 to"), "{error}");
    }
    let other = folder.path().join("other.html");
    std::fs::write(&other, "<html>").unwrap();
    let error = Gathered::read(&other).unwrap_err().to_string();
    assert!(error.contains("other.html") && error.contains("verify faces"), "{error}");
    assert!(Gathered::read(&folder.path().join("gone")).is_err());
    assert_eq!(gathered(Vec::new(), None, Known::LeftOut).groups, []);
}

/// `cargo test --release --lib cluster -- --ignored --nocapture` says how long it takes.
#[test]
#[ignore = "takes minutes; it measures"]
fn a_hundred_thousand_faces_are_gathered_in_minutes() {
    let population = Population::of(&Pack::default_pack().unwrap()).unwrap();
    // As in a family's library: few people in many photos, many in few, and a third in one.
    let sizes: Vec<u64> = (1..10_000).map(|rank| (10_000 / rank).min(5_000)).collect();
    let mut people: Vec<u64> =
        (0..).zip(&sizes).flat_map(|(who, size)| vec![who; *size as usize]).collect();
    people.extend(10_000..110_000);
    people.truncate(100_000);
    let faces: Vec<(u64, u64)> = (0..).zip(&people).map(|(seed, who)| (*who, seed)).collect();
    let embeddings = made_up(&population, &faces);
    let mut collection = Collection::new(&population, None, Known::LeftOut);
    for (at, embedding) in embeddings.into_iter().enumerate() {
        let face = AnalysedFace { face: face_at(0.0, 0.0, 60.0), quality: quality(), embedding };
        collection.add(format!("{at}").into(), format!("{at:0>64}"), vec![face]);
    }
    let began = std::time::Instant::now();
    let found = collection.gather("models", 1, 2).unwrap();
    let took = began.elapsed();
    let (mut right, mut pairs, mut all) = (0.0, 0.0, 0.0);
    let of = |faces: usize| faces as f64 * (faces as f64 - 1.0) / 2.0;
    for group in &found.groups {
        let mut counts = std::collections::HashMap::<u64, usize>::new();
        for face in &group.faces {
            let at: usize = face.photo.to_str().unwrap().parse().unwrap();
            *counts.entry(people[at]).or_default() += 1;
        }
        right += counts.values().map(|count| of(*count)).sum::<f64>();
        pairs += of(group.faces.len());
    }
    let mut counts = std::collections::HashMap::<u64, usize>::new();
    people.iter().for_each(|who| *counts.entry(*who).or_default() += 1);
    all += counts.values().map(|count| of(*count)).sum::<f64>();
    let (precision, recall) = (right / pairs, right / all);
    println!(
        "100,000 faces of {} people in {took:.1?}: {} groups, pairwise precision {precision:.4}, recall {recall:.4}",
        counts.len(),
        found.groups.len()
    );
    assert!(precision > 0.9 && recall > 0.5, "{precision} {recall}");
}

/// Photos of simulated people of a population, `(who, seed)`.
fn made_up(population: &Population, faces: &[(u64, u64)]) -> Vec<Vec<f32>> {
    let mut points = ndarray::Array2::zeros((faces.len(), population.psi.len()));
    for (mut point, (who, seed)) in points.rows_mut().into_iter().zip(faces) {
        let mut person = Xoshiro256PlusPlus::seed_from_u64(*who);
        let mut photo = Xoshiro256PlusPlus::seed_from_u64(1_000_000 + seed);
        for (value, psi) in point.iter_mut().zip(&population.psi) {
            let identity: f64 = StandardNormal.sample(&mut person);
            let noise: f64 = StandardNormal.sample(&mut photo);
            *value = psi.sqrt() * identity + noise;
        }
    }
    population.embeddings(points.view())
}
