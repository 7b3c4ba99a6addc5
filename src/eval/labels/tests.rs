//! Tests with made-up people and wrong labels planted among them.

use ndarray::Array1;

use super::*;
use crate::decision::toy_population;

const DIMENSIONS: usize = 32;

/// 240 people, as distinct as with a good embedder, with one to six photos each.
fn people() -> People {
    People((0..240).map(|who| person(who, 1 + who as usize % 6)).collect())
}

/// `photos` photos of a made-up person.
fn person(who: u64, photos: usize) -> Person {
    let population = toy_population(DIMENSIONS);
    let name = format!("Given{} Family{}", letters(who), letters(who));
    let identity = &population.diagonal(&population.strangers(1, who)[0]) * 4.0;
    let drawn = population.strangers(photos, 10_000 + who);
    let photo = |noise: &Vec<f32>| -> Vec<f32> {
        let point: Array1<f64> = &identity + &(population.diagonal(noise) * 0.8);
        population.embedding(point.view())
    };
    let embeddings: Vec<Vec<f32>> = drawn.iter().map(photo).collect();
    let photos = (0..photos).map(|i| format!("{name}/{i}.jpg").into()).collect();
    Person { name, enrolling: embeddings.clone(), embeddings, photos, ..Person::default() }
}

/// A number as letters that differ a lot from those of other numbers.
fn letters(number: u64) -> String {
    let letter = |digit: u64| char::from(b'a' + (digit % 26) as u8);
    (0..6).map(|i| letter(number * (7 + 2 * i) + number / 26)).collect()
}

#[test]
fn nothing_is_found_among_right_labels() {
    let people = people();
    assert_eq!(check_labels(&people), Checked { people, findings: Vec::new() });
}

#[test]
fn planted_labels_are_found_and_nothing_else() {
    let right = people();
    let mut people = right.clone();
    let name = |i: usize| right.0[i].name.clone();
    // One picture under two names: 25 has two photos, 6 has one.
    people.0[6].embeddings[0] = right.0[25].embeddings[1].clone();
    // One person under two names: four photos of a person with five, under a name of their own.
    let mut double = person(28, 9);
    people.0[28].embeddings = double.embeddings.split_off(4);
    people.0[28].photos = double.photos.split_off(4);
    double.name = "Another Name".into();
    people.0.push(double);
    // Wrong people: a photo of somebody in the set, and of somebody outside it.
    people.0[33].embeddings[1] = person(41, 9).embeddings[8].clone();
    let strangers: Vec<usize> = (35..240).step_by(36).collect();
    for i in &strangers {
        people.0[*i].embeddings[3] = person(1_000 + *i as u64, 1).embeddings[0].clone();
    }
    let Checked { people: left, findings } = check_labels(&people);
    let path = |i: usize, photo: usize| PathBuf::from(format!("{}/{photo}.jpg", name(i)));
    let mut found = findings.iter();
    match found.next() {
        Some(Finding::SamePicture { left_out, stays, .. }) => {
            assert_eq!((left_out, stays), (&path(6, 0), &path(25, 1)));
        }
        other => panic!("{other:?}"),
    }
    match found.next() {
        Some(Finding::WrongPerson { left_out, claimed: Some((by, _)), .. }) => {
            assert_eq!((left_out, by), (&path(33, 1), &name(41)));
        }
        other => panic!("{other:?}"),
    }
    let nobodys =
        |finding: &&Finding| matches!(finding, Finding::WrongPerson { claimed: None, .. });
    let planted: Vec<PathBuf> = strangers.iter().map(|&i| path(i, 3)).collect();
    let mut noticed = 0;
    while let Some(Finding::WrongPerson { left_out, .. }) = found.clone().next().filter(nobodys) {
        assert!(planted.contains(left_out), "{left_out:?}");
        noticed += 1;
        found.next();
    }
    // One in four strangers is above the limit for a stranger.
    assert!(noticed >= 4, "{noticed} of {}", planted.len());
    match found.next() {
        Some(Finding::SamePerson { left_out, stays, .. }) => {
            assert_eq!((left_out, stays), (&"Another Name".to_owned(), &name(28)));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(found.next(), None);
    assert_eq!(left.0.len(), right.0.len() - 1, "the copy's folder holds nothing else");
    assert_eq!(left.0.iter().find(|p| p.name == name(33)).unwrap().embeddings.len(), 3);
}

#[test]
fn the_estimate_is_as_without_the_planted_labels() {
    let right = people();
    let mut people = right.clone();
    for i in (5..240).step_by(12) {
        people.0[i].embeddings[1] = right.0[i - 1].embeddings[0].clone();
    }
    let within = |people: &People| {
        TwoCovariances::estimate(&people.embeddings()).unwrap().within.diag().sum()
    };
    let expected = within(&right);
    let [wrong, checked] = [within(&people), within(&check_labels(&people).people)];
    assert!(wrong > 1.1 * expected, "{wrong} {expected}");
    assert!((checked / expected - 1.0).abs() < 0.03, "{checked} {expected}");
}

#[test]
fn relatives_and_few_people_are_left_alone() {
    // Siblings share half of what distinguishes people.
    let mut people = people();
    let population = toy_population(DIMENSIONS);
    let [a, b] = [100, 101].map(|i| population.diagonal(&people.0[i].embeddings[0]));
    let sibling = population.embedding((&a * 0.5 + &b * 0.5).view());
    let name = people.0[100].name.clone();
    let family = name.split_once(' ').unwrap().1;
    people.0.push(Person {
        name: format!("Sibling {family}"),
        enrolling: vec![sibling.clone()],
        embeddings: vec![sibling],
        photos: vec!["sibling.jpg".into()],
        ..Person::default()
    });
    assert_eq!(check_labels(&people).findings, []);
    people.0.truncate(4);
    people.0[1].name = format!("{}x", people.0[0].name);
    assert_eq!(check_labels(&people).findings, []);
}
