//! Enrolled people who look alike: finding them, and keeping them apart.

use std::sync::Arc;

use super::{People, Person};
use crate::enroll::{Alike, Candidate, Change, alike};
use crate::error::{Error, Result};

impl People {
    /// The other people who look like `person`, the most alike first.
    #[must_use]
    pub fn alike(&self, person: &Person) -> Vec<Alike> {
        let others = self.everybody().into_iter().filter(|(id, _)| *id != person.id);
        let mut found: Vec<Alike> = others
            .filter_map(|(_, other)| {
                let other = other.ok()?;
                let score =
                    alike((&person.profile, &person.decision), (&other.profile, &other.decision))?;
                Some(Alike { person: other.id.clone(), name: other.profile.name.clone(), score })
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found
    }

    /// Keep two people apart: each becomes a look-alike of the other, with the photos that they are enrolled with.
    ///
    /// # Errors
    /// As [`Self::change`]; [`Error::Value`] if both are the same person.
    pub fn tell_apart(&self, a: &str, b: &str) -> Result<[Arc<Person>; 2]> {
        if a == b {
            return Err(Error::value(a, "both names mean the same person; name two people"));
        }
        let [first, second] = [self.person(a)?, self.person(b)?];
        Ok([self.keep_apart(a, &second)?, self.keep_apart(b, &first)?])
    }

    /// Make `other` a look-alike of the person with this id.
    fn keep_apart(&self, id: &str, other: &Person) -> Result<Arc<Person>> {
        let photos = other.profile.kept().cloned().map(Candidate::from_record).collect();
        let keep_apart = vec![(other.profile.name.clone(), photos)];
        let setting = self.setting();
        self.change(id, |person| {
            let folder = person.profile.name.clone().into();
            let change = Change { keep_apart, folder, ..Change::default() };
            change.apply(Some(person.profile.clone()), &setting)
        })
    }
}
