//! What the report says, and that all of it is text.

use super::*;
use crate::eval::Scores;

/// A profile of `kept` photos, of which the others would reject some.
fn expected(kept: usize, rejected: usize) -> Expected {
    let share = Estimate::of_share(rejected, kept);
    Expected {
        name: "Ann <3".to_owned(),
        kept,
        threshold: 4.0,
        rejected,
        reject: (kept > 1).then_some(share),
        at_hand: None,
        rare: false,
        far: 1e-4,
        strangers: 100,
        accepted: 0,
        accept: Estimate::of_share(0, 100),
        scores: Scores::new(&[], &[]),
    }
}

/// What is said of how often strangers are accepted.
fn accepted(expected: &Expected) -> String {
    let [_, Rate { interval, from, .. }, _] = rates(expected);
    format!("{interval}, {from}")
}

#[test]
fn the_rate_says_of_whom_it_is_true_and_how_far_it_may_be_off() {
    let general = accepted(&expected(9, 0));
    for part in ["people like those it was measured on", "0.0 to 500 in 100,000"] {
        assert!(general.contains(part), "{part} is not in {general}");
    }
    assert!(!general.contains("few people like"), "{general}");
    let rare = accepted(&Expected { rare: true, ..expected(9, 0) });
    assert!(rare.contains("few people like this one") && rare.contains("--strangers"), "{rare}");
    let known = Expected { at_hand: Some(1_240), rare: true, ..expected(9, 0) };
    let known = accepted(&known);
    for part in ["1,240 faces of strangers in your photos", "0.0 to 200 in 100,000"] {
        assert!(known.contains(part), "{part} is not in {known}");
    }
    assert!(!known.contains("few people like"), "local strangers measure the rate: {known}");
}

#[test]
fn a_profile_is_trusted_where_it_has_photos_enough_that_recognise_each_other() {
    let trusted = trust(&expected(20, 1));
    assert!(!trusted.doubt);
    for words in ["Reliable", "19 of 20 photos match"] {
        assert!(trusted.words.contains(words), "{}", trusted.words);
    }
    for (kept, rejected, words) in [
        (1, 0, "made from one photo cannot be tested"),
        (4, 0, "4 photos are few"),
        (20, 2, "2 of 20 photos do not match"),
        // That they are rejected is worse than that they are few.
        (3, 1, "1 of 3 photos do not match"),
    ] {
        let doubted = trust(&expected(kept, rejected));
        assert!(doubted.words.contains(words) && doubted.doubt, "{}", doubted.words);
    }
    assert!(trust(&expected(20, 9)).words.contains("not Ann <3"));
}

/// Whatever is said of a person or a photo is text, in every place of the page.
#[test]
fn nothing_that_is_said_is_markup() {
    let nasty = || "</script><script>alert(1)</script>\" onerror='x' &amp;".to_owned();
    let pair = || (nasty(), nasty());
    let card = |href: Option<String>, crop: Option<String>| {
        let (name, words) = pair();
        Card { crop, name, href, words }
    };
    let rate = || Rate { what: nasty(), value: nasty(), interval: nasty(), from: nasty() };
    let page = Page {
        frame: Frame {
            title: nasty(),
            subtitle: nasty(),
            style: STYLE,
            script: None,
            with_faces: false,
        },
        tiles: [pair(), pair(), pair(), pair()],
        trust: Trust { doubt: true, words: nasty() },
        rates: [rate(), rate(), rate()],
        over_years: None,
        histogram: String::new(),
        by_score: String::new(),
        by_component: String::new(),
        least: vec![card(Some(nasty()), Some(nasty())), card(None, None)],
        aside: vec![card(None, None)],
        copies: vec![pair()],
        quality: vec![pair()],
    };
    let page = page.render().unwrap();
    // Two titles, a subtitle, 4 × 2 in tiles, the trust, 3 × 4 rates, 4 + 2 + 2 in cards, and 2 × 2.
    assert_eq!(page.matches("alert(1)").count(), 36, "{page}");
    for markup in ["<script", "</script", "\" onerror", "'x'", "&amp;"] {
        assert!(!page.contains(markup), "{markup} is in {page}");
    }
}
