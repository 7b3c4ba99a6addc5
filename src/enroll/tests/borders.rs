//! Who counts and who does not, on either side of each border.

use super::*;

/// Photos of person 1 and of person 2, so many of each.
fn of_two(first: u64, second: u64) -> Result<Profile> {
    run(of_person(1, first).into_iter().chain(of_person(2, second)).collect())
}

#[test]
fn two_people_are_too_many_from_three_fifths_on() {
    for (first, second) in [(10, 6), (15, 9), (20, 12)] {
        assert!(matches!(of_two(first, second), Err(Error::TwoPeople { .. })), "{first} {second}");
    }
    for (first, second) in [(10, 5), (15, 8), (20, 11)] {
        let profile = of_two(first, second).unwrap();
        assert_eq!(profile.summary().kept, first as usize, "{first} {second}");
        assert_eq!(profile.summary().set_aside.len(), second as usize, "{first} {second}");
    }
}

#[test]
fn somebody_beside_the_person_is_meant_too_from_seventeen_photos_in_twenty_on() {
    let couple = |beside: u64| {
        let faces = |i| if i < beside { vec![face(2, i), face(1, i)] } else { vec![face(1, i)] };
        run((0..20).map(|i| photo(&format!("{i}"), faces(i))).collect())
    };
    assert!(couple(16).is_ok());
    assert!(matches!(couple(17), Err(Error::TwoPeople { .. })));
}

#[test]
fn a_person_is_in_a_quarter_of_the_photos_or_nobody_is_meant() {
    let among = |others: u64| {
        let strangers = (10..10 + others).flat_map(|who| of_person(who, 1));
        run(of_person(1, 3).into_iter().chain(strangers).collect())
    };
    assert_eq!(among(9).unwrap().summary().kept, 3);
    assert!(matches!(among(10), Err(Error::NoMajority { agreeing: 3, photos: 13, .. })));
}

/// Each photo is judged by the others alone: with itself among them none would ever be weak.
#[test]
fn the_score_of_a_photo_comes_from_the_others() {
    let stranger = photo("somebody", vec![face(2, 0)]);
    let profile = run(of_person(1, 4).into_iter().chain([stranger]).collect()).unwrap();
    let expected = |embedding: &[f32], others: &[u64]| {
        let others: Vec<_> = others.iter().map(|i| face(1, *i).embedding).collect();
        let calibration = POPULATION.likeness(others.len());
        Some(calibration.score(Centroid::fit(&others).raw_score(embedding)))
    };
    let found: Vec<_> = profile.photos.iter().map(|photo| photo.score).collect();
    assert_eq!(found[0], expected(&face(1, 0).embedding, &[1, 2, 3]));
    assert_eq!(found[2], expected(&face(1, 2).embedding, &[0, 1, 3]));
    assert_eq!(found[4], expected(&face(2, 0).embedding, &[0, 1, 2, 3]));
    let tested = leave_out(&profile, Method::Centroid, &POPULATION, 1).unwrap();
    let mut kept: Vec<_> = found[..4].iter().map(|score| score.unwrap()).collect();
    kept.sort_by(f64::total_cmp);
    let near = tested.scores.iter().zip(&kept).all(|(a, b)| (a - b).abs() < 1e-9);
    assert!(near, "the test of a method leaves it out too: {:?} {kept:?}", tested.scores);
    let mut judged = by_others(&profile, &POPULATION).unwrap();
    judged.sort_by(f64::total_cmp);
    let tested = leave_out(&profile, profile.method, &POPULATION, 1).unwrap();
    assert_eq!(judged, tested.scores, "so do those that are judged for the strangers at hand");
}

/// More than twenty photos are judged in twenty parts, each by the other parts.
#[test]
fn many_photos_are_judged_in_parts_by_photos_other_than_themselves() {
    let profile = run(of_person(1, 45)).unwrap();
    let judged = by_others(&profile, &POPULATION).unwrap();
    let all = profile.embeddings();
    for at in [0, 7, 20, 44] {
        let others: Vec<_> =
            (0..45).filter(|i| i % 20 != at % 20).map(|i| all[i].clone()).collect();
        let decision = profile.decision_from(profile.method, &POPULATION, &others).unwrap();
        assert_eq!(judged[at], decision.score(&all[at]), "{at}");
    }
}

#[test]
fn a_summary_counts_whom_the_others_accept_and_names_the_weakest_first() {
    let mut profile = run(of_person(1, 6)).unwrap();
    let scores = [4.5, 3.0, 4.0, 3.99, -1.0, 6.0];
    for (photo, score) in profile.photos.iter_mut().zip(scores) {
        photo.score = Some(score);
    }
    profile.photos[0].status = Status::SetAside { reason: Reason::Dropped };
    let summary = profile.summary();
    assert_eq!((summary.kept, summary.accepted), (5, 2));
    let weak: Vec<_> = summary.weak.iter().map(|photo| photo.path.to_str().unwrap()).collect();
    assert_eq!(weak, ["1-4", "1-1", "1-3"]);
    assert_eq!(profile.embeddings().len(), 5, "what was set aside decides nothing");
}

#[test]
fn a_poor_photo_that_a_human_keeps_stays() {
    let mut photos = of_person(1, 8);
    for poor in &mut photos[6..] {
        poor.faces.as_mut().unwrap()[0].quality.concerns = vec![Concern::Blurred];
    }
    photos[7].choice = Choice::Keep;
    let profile = run(photos.clone()).unwrap();
    let aside = Status::SetAside { reason: Reason::Poor(Concern::Blurred) };
    assert_eq!((&profile.photos[6].status, &profile.photos[7].status), (&aside, &Status::Kept));
    // Four good photos and one that is kept by hand are five; four are too few to spare any.
    let five: Vec<_> = photos[2..].to_vec();
    assert_eq!(run(five).unwrap().summary().kept, 5);
    let four: Vec<_> = photos[3..7].to_vec();
    assert_eq!(run(four).unwrap().summary().kept, 4);
}
