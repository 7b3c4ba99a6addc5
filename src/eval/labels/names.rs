//! Compares the names of two folders: one name in two spellings, or the same family name.

/// How two names are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kinship {
    /// Nothing relevant in common.
    None,
    /// Only the last word in common: perhaps relatives.
    Family,
    /// The same words in any order, or a difference of a few letters.
    Same,
}

/// Two spellings of a name may differ in one letter per this number of letters.
const LETTERS_A_SLIP: usize = 5;

/// A folder's name, in the forms that are compared.
pub(super) struct Name {
    /// Its words in lower case, sorted.
    words: Vec<String>,
    /// Its letters in lower case, in order.
    letters: Vec<char>,
    /// The last word.
    family: String,
}

impl Name {
    /// The name of `folder`; `None` if it has a digit or fewer than two words.
    pub(super) fn of(folder: &str) -> Option<Self> {
        if folder.chars().any(char::is_numeric) {
            return None;
        }
        let words = folder.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_lowercase).collect();
        let letters = words.concat().chars().collect();
        let family = words.last()?.clone();
        words.sort();
        (words.len() >= 2).then_some(Self { words, letters, family })
    }

    /// What two names have in common.
    pub(super) fn kinship(&self, other: &Self) -> Kinship {
        let slips = self.letters.len().min(other.letters.len()) / LETTERS_A_SLIP;
        if self.words == other.words || within(&self.letters, &other.letters, slips) {
            Kinship::Same
        } else if self.family == other.family {
            Kinship::Family
        } else {
            Kinship::None
        }
    }
}

/// Whether at most `most` changed, added or removed letters turn `a` into `b` (Levenshtein).
fn within(a: &[char], b: &[char], most: usize) -> bool {
    if a.len().abs_diff(b.len()) > most {
        return false;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
        if row.iter().all(|distance| *distance > most) {
            return false;
        }
    }
    row[b.len()] <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_told_from_relatives_and_numbers() {
        let related = |a, b| Some(Name::of(a)?.kinship(&Name::of(b)?));
        for (a, b, expected) in [
            ("Ada_Maria Lind", "lind-ada-maria", Some(Kinship::Same)),
            ("Jon_Ferber", "John_Ferber", Some(Kinship::Same)),
            ("Ada_Lind", "Olga_Lind", Some(Kinship::Family)),
            ("Ada_Lind", "Ada_Moser", Some(Kinship::None)),
            ("Ada_Lind", "Ida_Mund", Some(Kinship::None)),
            ("person_01", "person_02", None),
            ("ada", "ada2", None),
        ] {
            assert_eq!(related(a, b), expected, "{a} {b}");
        }
    }
}
