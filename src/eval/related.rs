//! Reads which people are related: relatives are not strangers and have rows of their own.

use std::path::Path;

use super::People;
use crate::error::{Error, Result};

/// Kinships, each with its converse.
const KINSHIPS: [(&str, &str); 3] =
    [("parent", "child"), ("grandparent", "grandchild"), ("great-grandparent", "great-grandchild")];

/// The pairs of a file, one per line: `A B parent` says that A is B's parent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Related(Vec<[String; 3]>);

impl Related {
    /// Read the pairs in `file`.
    ///
    /// # Errors
    /// If it cannot be read, or a line is not two names and a kinship.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).map_err(|e| Error::read(file, e))?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let pair = |(at, line): (usize, &str)| {
            let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            words.try_into().map_err(|_| {
                let (file, line) = (file.display(), at + 1);
                let problem = format!("{file}, line {line}: write two names and a kinship");
                Error::value("--related", problem)
            })
        };
        Ok(Self(lines.map(pair).collect::<Result<_>>()?))
    }

    /// Enter each person's relatives among `people`, with their kinship.
    pub fn enter(&self, people: &mut People) {
        for [a, b, kinship] in &self.0 {
            for person in &mut people.0 {
                if person.name == *b {
                    person.relatives.insert(a.clone(), kinship.clone());
                } else if person.name == *a {
                    person.relatives.insert(b.clone(), inverse(kinship).to_owned());
                }
            }
        }
    }
}

fn inverse(kinship: &str) -> &str {
    let other = KINSHIPS.iter().find_map(|(elder, younger)| match kinship {
        k if k == *elder => Some(*younger),
        k if k == *younger => Some(*elder),
        _ => None,
    });
    other.unwrap_or(kinship)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::people::tests::made_up;

    #[test]
    fn both_of_a_pair_know_each_other_and_as_what() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "0 1 parent\n\n1  2 sibling\n9 0 parent\n").unwrap();
        let mut people = made_up(4, 4);
        Related::read(file.path()).unwrap().enter(&mut people);
        let of = |at: usize, other: &str| people.0[at].relatives.get(other).map(String::as_str);
        assert_eq!((of(1, "0"), of(0, "1")), (Some("parent"), Some("child")));
        assert_eq!((of(1, "2"), of(2, "1")), (Some("sibling"), Some("sibling")));
        assert_eq!((of(0, "9"), of(3, "0")), (Some("parent"), None));
        std::fs::write(file.path(), "0 1 parent\n0 1\n").unwrap();
        let error = Related::read(file.path()).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
