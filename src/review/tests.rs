//! Reviews of simulated people: answers, undoing them, and the order of the faces.

use std::path::Path;

use super::*;
use crate::decision::Verdict;
use crate::enroll::tests::{POPULATION, embedding, face, photo};
use crate::enroll::{Change, Setting};
use crate::pack::DuplicateLimits;
use crate::pipeline::AnalysedPhoto;
use crate::profile::ThresholdChoice;

fn setting() -> Setting<'static> {
    let duplicates = DuplicateLimits { same_look: 0.99, same_shape: 0.07 };
    Setting { population: &POPULATION, models: "pack".into(), duplicates }
}

/// Ann is person 1, enrolled with one photo.
fn ann() -> Profile {
    let add = vec![photo("1-0", vec![face(1, 0)])];
    let name = Some("Ann".into());
    Change { name, add, ..Change::default() }.apply(None, &setting()).unwrap()
}

/// Photo `seed` of person `who`, as a scan finds it.
fn finding(who: u64, seed: u64) -> Finding {
    let name = format!("{who}x{seed}");
    let (number, faces, face, taken) = (1, 1, face(who, seed), None);
    Finding { photo: name.clone().into(), sha256: name, number, faces, face, taken }
}

/// A review of these faces.
fn review(faces: &[(u64, u64)]) -> Review {
    let findings = faces.iter().map(|(who, seed)| finding(*who, *seed)).collect();
    Review { findings, ..Review::new("pack") }
}

fn id(who: u64, seed: u64) -> String {
    finding(who, seed).id()
}

fn listed(review: &Review, profile: &Profile) -> List {
    review.list(profile, &profile.decision(&POPULATION).unwrap())
}

/// Somebody whom Ann's profile of one photo takes for her, or nearly.
fn double() -> u64 {
    let decision = ann().decision(&POPULATION).unwrap();
    let is_like = |who: &u64| decision.score(&embedding(&POPULATION, *who, 0)) > 3.0;
    (2..20_000).find(is_like).unwrap()
}

#[test]
fn a_yes_is_enrolled_a_no_kept_apart_and_both_can_be_undone() {
    let (start, twin) = (ann(), double());
    let mut review = review(&[(1, 1), (1, 2), (twin, 0)]);
    assert_eq!(listed(&review, &start).faces.len(), 3);
    let answers = [(id(1, 1), Answer::Yes), (id(twin, 0), Answer::No)];
    let profile = review.answer(start.clone(), &setting(), &answers).unwrap();
    assert_eq!(profile.kept().count(), 2);
    let record = &profile.photos[1];
    assert_eq!((record.path.as_path(), record.choice), (Path::new("1x1"), Choice::Keep));
    assert_eq!(profile.look_alikes.len(), 1);
    let decision = profile.decision(&POPULATION).unwrap();
    let judged = decision.verdict(decision.score(&face(twin, 0).embedding));
    assert_eq!(judged, Verdict::NoMatch, "whoever is kept apart is no match");
    let list = listed(&review, &profile);
    assert_eq!((list.yes, list.no, list.open, list.steps), (1, 1, 1, 1));
    assert_eq!(list.faces[0].face, id(1, 2));
    let (profile, undone) = review.undo(profile, &setting()).unwrap().unwrap();
    assert_eq!((&profile, undone.len()), (&start, 2), "as if nothing had been said");
    assert_eq!(listed(&review, &profile).open, 3);
    assert_eq!(review.undo(profile, &setting()).unwrap(), None);
}

#[test]
fn an_answer_can_be_changed_and_undoing_that_gives_the_first_again() {
    let mut review = review(&[(1, 1), (1, 2)]);
    let say = |review: &mut Review, profile, answer| {
        review.answer(profile, &setting(), &[(id(1, 1), answer)]).unwrap()
    };
    let yes = say(&mut review, ann(), Answer::Yes);
    let no = say(&mut review, yes.clone(), Answer::No);
    assert_eq!((no.kept().count(), no.look_alikes.len()), (1, 1));
    let unsure = say(&mut review, no, Answer::Unsure);
    assert_eq!((unsure.kept().count(), unsure.look_alikes.len()), (1, 0));
    let list = listed(&review, &unsure);
    let order: Vec<_> = list.faces.iter().map(|face| face.unsure).collect();
    assert_eq!((order, list.open, list.unsure), (vec![false, true], 1, 1));
    let (no, _) = review.undo(unsure, &setting()).unwrap().unwrap();
    let (again, _) = review.undo(no, &setting()).unwrap().unwrap();
    assert_eq!(again, yes);
}

#[test]
fn faces_of_one_stranger_are_kept_apart_as_one_person() {
    let twin = double();
    let mut review = review(&[(twin, 0), (twin, 1), (900, 0)]);
    let mut profile = ann();
    for (who, seed) in [(twin, 0), (900, 0), (twin, 1)] {
        let answers = [(id(who, seed), Answer::No)];
        profile = review.answer(profile, &setting(), &answers).unwrap();
    }
    let known: Vec<_> = profile.look_alikes.iter().map(|other| other.embeddings.len()).collect();
    assert_eq!(known, [1, 2], "who was met again comes last");
    let (profile, _) = review.undo(profile, &setting()).unwrap().unwrap();
    assert!(profile.look_alikes.iter().all(|other| other.embeddings.len() == 1));
}

#[test]
fn the_most_doubtful_come_first_and_strangers_are_not_shown() {
    let faces: Vec<(u64, u64)> =
        (1..8).map(|seed| (1, seed)).chain((2..60).map(|who| (who, 0))).collect();
    let (review, profile) = (review(&faces), ann());
    let list = listed(&review, &profile);
    let doubts: Vec<f64> =
        list.faces.iter().map(|face| (face.judgement.score - list.threshold).abs()).collect();
    assert!(doubts.len() >= 3 && doubts.is_sorted(), "{doubts:?}");
    assert!(list.faces.iter().all(|face| face.judgement.score >= list.threshold - 1.0));
    assert!(list.faces.iter().all(|face| face.nearest.len() == 1));
}

/// What is answered counts as long as the profile has what followed from it.
#[test]
fn a_photo_that_was_taken_out_again_is_asked_about_again() {
    let (mut review, twin) = (review(&[(1, 1), (double(), 0)]), double());
    let answers = [(id(1, 1), Answer::Yes), (id(twin, 0), Answer::No)];
    let profile = review.answer(ann(), &setting(), &answers).unwrap();
    assert_eq!(listed(&review, &profile).open, 0);
    let remove = vec!["1x1".into()];
    let fewer = Change { remove, ..Change::default() };
    let fewer = fewer.apply(Some(profile.clone()), &setting()).unwrap();
    assert_eq!(listed(&review, &fewer).open, 1);
    let forget = vec![profile.look_alikes[0].name.clone()];
    let known = Change { forget, ..Change::default() };
    let known = known.apply(Some(profile), &setting()).unwrap();
    assert_eq!(listed(&review, &known).no, 0);
}

#[test]
fn one_photo_has_the_person_once_and_unknown_faces_are_refused() {
    let mut review = review(&[(1, 1), (1, 2)]);
    (review.findings[1].sha256, review.findings[1].number) = (review.findings[0].sha256.clone(), 2);
    let [one, two] = [0, 1].map(|at| review.findings[at].id());
    let both = [(one.clone(), Answer::Yes), (two, Answer::Yes)];
    let error = review.answer(ann(), &setting(), &both).unwrap_err().to_string();
    assert!(error.contains("another face of this photo"), "{error}");
    let profile = review.answer(ann(), &setting(), &both[..1]).unwrap();
    assert_eq!(listed(&review, &profile).faces, [], "the other face cannot be hers");
    assert!(review.answer(profile, &setting(), &both[1..]).is_err());
    let gone = review.answer(ann(), &setting(), &[("x-1".into(), Answer::No)]).unwrap_err();
    assert!(gone.to_string().contains("no face to review has this id"), "{gone}");
}

#[test]
fn answers_change_nothing_more_once_no_verdict_depends_on_them() {
    // Two faces of Ann just below the threshold, of which one vouches for the other.
    let decision = ann().decision(&POPULATION).unwrap();
    let score = |seed: u64| decision.score(&embedding(&POPULATION, 1, seed));
    let mut seeds: Vec<u64> = (1..40).collect();
    seeds.sort_by(|a, b| score(*a).total_cmp(&score(*b)));
    seeds.truncate(2);
    let threshold = ThresholdChoice::Score(score(seeds[1]) + 0.01);
    let (mut review, profile) = (review(&[(1, seeds[0]), (1, seeds[1])]), ann());
    let profile = Profile { threshold, ..profile };
    let first = listed(&review, &profile);
    assert_eq!((first.faces.len(), first.faces[0].judgement.verdict), (2, Verdict::Uncertain));
    assert!(!listed(&review, &profile).settled);
    let answers = [(id(1, seeds[0]), Answer::Yes)];
    let profile = review.answer(profile, &setting(), &answers).unwrap();
    let list = listed(&review, &profile);
    assert!(list.open == 1 && list.settled, "there is no other face any more");
    assert!(listed(&self::review(&[]), &profile).settled);
}

#[test]
fn it_is_kept_beside_the_profile_and_encrypted_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ann.json");
    let kept = review(&[(1, 1), (2, 0)]);
    kept.save(&path, None).unwrap();
    assert_eq!(Review::load(&path, "pack", None).unwrap(), kept);
    assert_eq!(Review::load(&path, "other", None).unwrap(), Review::new("other"));
    let passphrase = Passphrase::new("secret".into()).unwrap();
    ann().save(&path, Some(&passphrase)).unwrap();
    let bytes = std::fs::read(crate::profile::beside(&path)).unwrap();
    assert!(bytes.starts_with(b"age-encryption.org"), "it is encrypted with the profile");
    assert!(matches!(Review::load(&path, "pack", None), Err(Error::Review { .. })));
    assert_eq!(Review::load(&path, "pack", Some(&passphrase)).unwrap(), kept);
    Profile::delete(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and deleted with it");
    for bad in [
        &b"{\"version\":1"[..],
        b"[]",
        b"{\"version\":2,\"models\":\"pack\",\"findings\":[],\"answers\":[]}",
    ] {
        crate::profile::keep_beside(&path, bad, None).unwrap();
        assert!(matches!(Review::load(&path, "pack", None), Err(Error::Review { .. })));
    }
}

#[test]
fn a_scan_adds_to_what_is_known_and_forgets_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let analysed = |name: &str, sha256: &str, faces: Vec<AnalysedFace>| AnalysedPhoto {
        path: at(name),
        at: None,
        sha256: sha256.repeat(10),
        width: 100,
        height: 100,
        faces,
        missing: None,
        taken: None,
    };
    let scanned = |review: &mut Review, photos: &[AnalysedPhoto]| {
        let mut findings = Findings::default();
        for photo in photos {
            findings.add(4.0, photo, &vec![3.0; photo.faces.len()]);
        }
        review.take(findings);
        let mut known: Vec<_> = review.findings.iter().map(Finding::id).collect();
        known.sort();
        known
    };
    for name in ["a", "b", "c"] {
        std::fs::write(at(name), name).unwrap();
    }
    let right = |mut face: AnalysedFace| {
        face.face.bounds.x += 500.0;
        face
    };
    let mut review = Review::new("pack");
    let two = analysed("a", "aa", vec![right(face(1, 0)), face(2, 0)]);
    let known = scanned(&mut review, &[two.clone(), analysed("b", "bb", vec![face(1, 1)])]);
    assert_eq!(known, ["aaaaaaaaaa-1", "aaaaaaaaaa-2", "bbbbbbbbbb-1"]);
    let first = review.finding("aaaaaaaaaa-1").unwrap();
    assert_eq!(
        (first.face.embedding[0], first.faces),
        (face(2, 0).embedding[0], 2),
        "from the left"
    );
    // Another folder: what is known stays; but not of a file that is gone, or is another photo.
    std::fs::remove_file(at("b")).unwrap();
    let known = scanned(&mut review, &[analysed("c", "cc", vec![face(1, 2)])]);
    assert_eq!(known, ["aaaaaaaaaa-1", "aaaaaaaaaa-2", "cccccccccc-1"]);
    let known = scanned(&mut review, &[analysed("a", "dd", vec![face(1, 3)])]);
    assert_eq!(known, ["cccccccccc-1", "dddddddddd-1"]);
    let mut below = Findings::default();
    below.add(4.0, &two, &[1.9, 2.1]);
    below.add(4.0, &AnalysedPhoto { missing: Some(10), ..two }, &[9.0, 9.0]);
    review = Review::new("pack");
    review.take(below);
    assert_eq!(review.findings.len(), 1);
}
