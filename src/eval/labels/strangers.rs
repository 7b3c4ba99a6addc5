//! Finds photos in a person's folder that show somebody else.

use super::likeness::Likeness;
use super::measure::Measure;
use super::{Finding, kept};
use crate::decision::Population;
use crate::eval::{People, Person};

/// The people without photos of somebody else: first the photos that fit another folder, then those that are less
/// like their own folder than strangers are.
pub(super) fn without(
    mut people: People,
    population: &Population,
    measure: &Measure,
) -> (People, Vec<Finding>) {
    let mut findings = Vec::new();
    for claimed in [true, false] {
        // Remove only the worst photo of each folder at a time, because it lowers the likeness of the others.
        loop {
            let likeness = Likeness::new(&people, population);
            let search = Search { people: &people, likeness: &likeness, measure, claimed };
            let numbered = people.0.iter().enumerate();
            let wrong: Vec<Wrong> =
                numbered.filter_map(|(number, person)| search.worst(number, person)).collect();
            if wrong.is_empty() {
                break;
            }
            let left_out = |person, photo| wrong.iter().any(|w| w.is(person, photo));
            let rest = kept(&people, |person, photo| !left_out(person, photo));
            findings.extend(wrong.into_iter().map(|wrong| wrong.finding));
            people = rest;
        }
    }
    (people, findings)
}

struct Search<'a> {
    people: &'a People,
    likeness: &'a Likeness,
    measure: &'a Measure,
    claimed: bool,
}

struct Wrong {
    person: usize,
    photo: usize,
    finding: Finding,
}

impl Wrong {
    fn is(&self, person: usize, photo: usize) -> bool {
        (self.person, self.photo) == (person, photo)
    }
}

impl Search<'_> {
    /// The photo that fits its folder least, if it does not belong there; of two equal ones the later.
    fn worst(&self, number: usize, person: &Person) -> Option<Wrong> {
        let photos = if person.embeddings.len() < 2 { 0 } else { person.embeddings.len() };
        let own = (0..photos).map(|photo| (photo, self.likeness.own(number, photo)));
        let disowned = own.filter(|(_, own)| self.measure.is_disowned(*own));
        let wrong =
            disowned.filter_map(|(photo, own)| Some((photo, own, self.claim(number, photo, own)?)));
        let (photo, likeness, claimed) =
            wrong.min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        let left_out = person.photos[photo].clone();
        let name = person.name.clone();
        let finding = Finding::WrongPerson { name, left_out, likeness, claimed };
        Some(Wrong { person: number, photo, finding })
    }

    /// The folder that a disowned photo fits: `None` if the photo is not wrong, `Some(None)` if it is only less alike
    /// than strangers are.
    fn claim(&self, person: usize, photo: usize, own: f64) -> Option<Option<(String, f64)>> {
        if !self.claimed {
            return self.measure.is_a_stranger(own).then_some(None);
        }
        let (nearest, likeness) = self.likeness.nearest_other(person, photo);
        let name = || self.people.0[nearest].name.clone();
        self.measure.is_claimed(likeness).then(|| Some((name(), likeness)))
    }
}
