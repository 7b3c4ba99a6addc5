//! Counts and rates in words, the same for pictures, pages and the terminal; and whether two names are equal.

use unicode_normalization::UnicodeNormalization;

/// Whether two names are equal after Unicode normalisation: a keyboard types `ü` as one character, and a
/// Mac's disk may store it as two.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || one.nfc().eq(other.nfc())
}

/// Whether two names are equal after Unicode normalisation, ignoring case.
#[must_use]
pub fn same_in_any_case(one: &str, other: &str) -> bool {
    same_name(&one.to_lowercase(), &other.to_lowercase())
}

/// A name in Unicode's composed form, as keyboards type it.
#[must_use]
pub fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// A count with its noun, as in "1 photo" and "1,204 photos".
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number as u64), if number == 1 { "" } else { "s" })
}

/// A number with a comma after every thousand.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share of strangers, between 0 and 1, as in "one stranger in 10,000".
#[must_use]
pub fn strangers(far: f64) -> String {
    let strangers = 1.0 / far.max(1e-15);
    // Rates are not known to more than two digits.
    let unit = 10f64.powf((strangers.log10().floor() - 1.0).max(0.0));
    match ((strangers / unit).round() * unit) as u64 {
        0 | 1 => "every stranger".to_owned(),
        many => format!("one stranger in {}", grouped(many)),
    }
}

/// By which factor the measured rate exceeded the rate asked for, at most, among people of kinds that the
/// population was not estimated from; see docs/accuracy.md.
pub const MOST_TIMES: f64 = 50.0;
/// The same among strangers of a user's own photos that the threshold was not set by.
pub const MOST_TIMES_AT_HAND: f64 = 20.0;

/// Whom a threshold accepts, in full: the share `far` of `at_hand` faces of local strangers, or of people
/// like those that the population was estimated from.
#[must_use]
pub fn accepted(far: f64, at_hand: Option<usize>) -> String {
    let strangers = strangers(far);
    match at_hand {
        Some(faces) => {
            let faces = count(faces, "face");
            format!("{strangers}, measured on {faces} of strangers in your photos")
        }
        None => format!("{strangers} among people like those it was measured on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_the_same_are_the_same() {
        assert!(same_name("Mu\u{308}ller.jpg", "M\u{fc}ller.jpg") && same_name("a", "a"));
        assert!(!same_name("Muller.jpg", "M\u{fc}ller.jpg") && !same_name("a", "A"));
        assert_eq!(composed("Mu\u{308}ller"), "M\u{fc}ller");
    }

    #[test]
    fn shares_are_said_in_strangers() {
        for (far, words) in [
            (1e-4, "one stranger in 10,000"),
            (0.01, "one stranger in 100"),
            (10f64.powf(-3.5), "one stranger in 3,200"),
            (0.49, "one stranger in 2"),
            (1.0, "every stranger"),
        ] {
            assert_eq!(strangers(far), words);
        }
    }

    #[test]
    fn counts_have_a_plural() {
        assert_eq!(count(1, "photo"), "1 photo");
        assert_eq!(count(0, "photo"), "0 photos");
        assert_eq!(count(1_234_567, "photo"), "1,234,567 photos");
    }
}
