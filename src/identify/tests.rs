use super::*;
use crate::decision::{Decision, Method};
use crate::enroll::tests::{POPULATION, embedding, face};
use crate::error::Error;

fn decision(who: u64) -> Decision {
    let photos: Vec<_> = (0..4).map(|i| embedding(&POPULATION, who, i)).collect();
    Decision::fit(Method::Centroid, &POPULATION, &photos, &[], &[], 2.0).unwrap()
}

fn gallery(people: std::ops::Range<u64>) -> Gallery {
    let person = |who: u64| (format!("id-{who}"), format!("person {who}"), decision(who));
    Gallery::new(people.map(person), &POPULATION)
}

fn photo(faces: Vec<AnalysedFace>) -> Result<AnalysedPhoto> {
    let (width, height, sha256) = (100, 100, String::new());
    Ok(AnalysedPhoto {
        path: "a.jpg".into(),
        sha256,
        width,
        height,
        faces,
        missing: None,
        taken: None,
        at: None,
    })
}

fn said(gallery: &Gallery, faces: Vec<AnalysedFace>) -> Identified {
    identify(gallery, CheckSettings::default(), "a.jpg".as_ref(), photo(faces))
}

fn names(photo: &Identified) -> Vec<&str> {
    photo.faces.iter().map(|face| face.name.as_str()).collect()
}

#[test]
fn each_face_gets_the_name_of_its_person_or_none() {
    let gallery = gallery(1..6);
    let photo = said(&gallery, vec![face(3, 60), face(900, 1), face(1, 60)]);
    assert_eq!(names(&photo), ["person 3", "unknown", "person 1"]);
    let [third, stranger, _] = &photo.faces[..] else { panic!() };
    assert_eq!(third.person.as_deref(), Some("id-3"));
    assert_eq!(third.judgement.verdict, Verdict::Match);
    assert_eq!((third.ranking.len(), third.ranking[0].name.as_str()), (RANKED, "person 3"));
    assert_eq!(third.ranking[0].score, third.judgement.score);
    assert!(third.ranking.windows(2).all(|pair| pair[0].score >= pair[1].score));
    assert!((third.threshold - (2.0 + 5f64.log10())).abs() < 1e-12);
    assert_eq!((&stranger.person, stranger.judgement.verdict), (&None, Verdict::NoMatch));
    assert!(stranger.judgement.probability < third.judgement.probability);
    assert!(photo.shows_somebody());
}

#[test]
fn of_one_person_identify_says_what_check_says() {
    let gallery = gallery(1..2);
    for (who, i) in [(1, 60), (1, 61), (900, 1), (901, 1), (14, 2)] {
        let found = said(&gallery, vec![face(who, i)]).faces.remove(0);
        let decision = decision(1);
        let score = decision.score(&face(who, i).embedding);
        let alone = CheckSettings::default().judge(&decision, score);
        assert_eq!(found.judgement.verdict, alone.verdict);
        assert!((found.judgement.score - alone.score).abs() < 1e-9);
        assert!((found.judgement.probability - alone.probability).abs() < 1e-9);
        assert_eq!(found.threshold, decision.threshold);
    }
}

/// The same person twice in a photo: one face is hers, of the other it is said that it would be.
#[test]
fn a_person_is_one_face_of_a_photo_and_the_other_is_in_doubt() {
    let gallery = gallery(1..3);
    let two = || vec![face(1, 60), face(1, 61)];
    let photo = said(&gallery, two());
    let mut found = names(&photo);
    found.sort_unstable();
    assert_eq!(found, ["person 1", "unknown"]);
    let other = photo.faces.iter().find(|face| face.person.is_none()).unwrap();
    let own = photo.faces.iter().find(|face| face.person.is_some()).unwrap();
    assert_eq!(other.judgement.verdict, Verdict::Uncertain);
    assert!(other.judgement.score >= other.threshold);
    assert!(own.judgement.score >= other.judgement.score, "the surer one has the name");
    assert_eq!(other.also().map(|also| also.name.as_str()).collect::<Vec<_>>(), ["person 1"]);
    let strict = CheckSettings { strict: true, ..CheckSettings::default() };
    let photo = identify(&gallery, strict, "a.jpg".as_ref(), super::tests::photo(two()));
    assert!(photo.faces.iter().any(|face| face.judgement.verdict == Verdict::NoMatch));
}

/// Of twins each face goes to one, not both to the likelier.
#[test]
fn names_are_given_so_that_all_faces_fit_best() {
    let twin = |id: &str, photos: std::ops::Range<u64>| {
        let photos: Vec<_> = photos.map(|i| embedding(&POPULATION, 1, i)).collect();
        let decision =
            Decision::fit(Method::Centroid, &POPULATION, &photos, &[], &[], 2.0).unwrap();
        (id.to_owned(), id.to_owned(), decision)
    };
    let gallery = Gallery::new([twin("a", 0..4), twin("b", 4..8)], &POPULATION);
    for seed in 60..70 {
        let photo = said(&gallery, vec![face(1, seed), face(1, seed + 10)]);
        let mut found = names(&photo);
        found.sort_unstable();
        assert_eq!(found, ["a", "b"]);
        let sum: f64 = photo.faces.iter().map(|face| face.judgement.score).sum();
        let other: f64 = photo
            .faces
            .iter()
            .map(|face| {
                let other = face.ranking.iter().find(|r| Some(&r.person) != face.person.as_ref());
                other.unwrap().score
            })
            .sum();
        assert!(sum >= other - 1e-5, "{sum} {other}");
        assert!(photo.faces.iter().all(|face| face.also().count() == 1));
    }
}

#[test]
fn nobody_is_made_up() {
    let gallery = gallery(1..3);
    assert!(said(&gallery, Vec::new()).faces.is_empty());
    assert!(!said(&gallery, Vec::new()).shows_somebody());
    let broken = identify(
        &gallery,
        CheckSettings::default(),
        "x".as_ref(),
        Err(Error::NotAPhoto { path: "x".into(), what: "a PDF" }),
    );
    assert!(broken.error.unwrap().starts_with("x: a PDF") && broken.faces.is_empty());
    let empty = Gallery::new([], &POPULATION);
    let face = said(&empty, vec![face(1, 0)]).faces.remove(0);
    assert_eq!((face.name.as_str(), face.judgement.verdict), ("unknown", Verdict::NoMatch));
    assert!(face.ranking.is_empty());
}

#[test]
fn whom_a_human_put_into_a_photo_is_there_whatever_the_score() {
    let (mut meant, stranger) = (face(900, 1), face(901, 1));
    meant.face.bounds.x += 7.0;
    let mut gallery = gallery(1..3);
    gallery.members[1].by_hand.insert("ab".into(), meant.face.clone());
    let said = |sha256: &str, faces: &[AnalysedFace]| {
        let photo =
            photo(faces.to_vec()).map(|photo| AnalysedPhoto { sha256: sha256.into(), ..photo });
        identify(&gallery, CheckSettings::default(), "a.jpg".as_ref(), photo)
    };
    let found = said("ab", &[stranger.clone(), meant.clone()]);
    assert_eq!(names(&found), ["unknown", "person 2"]);
    let named = &found.faces[1];
    assert_eq!(named.judgement.verdict, Verdict::Match);
    assert!(named.judgement.score < named.threshold);
    assert_eq!(names(&said("cd", &[stranger, meant.clone()])), ["unknown", "unknown"]);
    // They are another face of it, by the score.
    assert_eq!(names(&said("ab", &[face(2, 60), meant])), ["person 2", "unknown"]);
}
