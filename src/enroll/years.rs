//! The years of a person's photos, and photos that are far from them in time: a face changes, a child's within a
//! few years.
//!
//! The limit is a rule of thumb, because no dated photos were available to measure it: ten years, or half of a
//! child's age.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::photo::Date;
use crate::profile::{PhotoRecord, Profile};

/// After this many years, an adult's face has changed.
const FAR: u16 = 10;

/// The years of the photos that a person was enrolled from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Years {
    /// Photos whose date is known.
    pub dated: usize,
    /// Photos whose date is not known.
    pub undated: usize,
    /// Each year with photos, in order.
    pub years: Vec<Year>,
    /// Long stretches without a photo between those years.
    pub gaps: Vec<Gap>,
}

/// One year with photos.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Year {
    /// The year.
    pub year: u16,
    /// The number of its photos that count.
    pub photos: usize,
    /// Their median score by the other photos; null if there are no others.
    #[cfg_attr(feature = "serve", schema(required))]
    pub score: Option<f64>,
}

/// A long stretch without a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Gap {
    /// The last year with a photo before the gap.
    pub after: u16,
    /// The first year with a photo after it.
    pub before: u16,
}

/// How far a photo is in time from those that a person was enrolled from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Apart {
    /// The number of years to the nearest of them.
    pub years: u16,
    /// The year of that photo.
    pub nearest: u16,
    /// Whether the person was a child in one of both years, by the year of birth.
    pub child: bool,
}

impl Years {
    /// The years of the photos that count; `None` if none has a date.
    #[must_use]
    pub fn of(profile: &Profile) -> Option<Self> {
        let mut scores: BTreeMap<u16, Vec<Option<f64>>> = BTreeMap::new();
        for (date, photo) in dated(profile) {
            scores.entry(date.year).or_default().push(photo.score);
        }
        let photos = scores.values().map(Vec::len).sum();
        let years: Vec<u16> = scores.keys().copied().collect();
        let gaps = years.windows(2).filter_map(|pair| {
            let [after, before] = [pair[0], pair[1]];
            is_far(profile.born, after, before).then_some(Gap { after, before })
        });
        let gaps = gaps.collect();
        let year = |(year, of): (u16, Vec<_>)| Year { year, photos: of.len(), score: middle(of) };
        let undated = profile.kept().count() - photos;
        let years = scores.into_iter().map(year).collect();
        (photos > 0).then_some(Self { dated: photos, undated, years, gaps })
    }
}

/// How far a photo of this day is from the nearest enrolled photo, if that is too far.
#[must_use]
pub fn apart(profile: &Profile, taken: Date) -> Option<Apart> {
    let years = dated(profile).map(|(date, _)| date.year);
    let nearest = years.min_by_key(|year| year.abs_diff(taken.year))?;
    let child = youngest(profile.born, nearest, taken.year).is_some_and(|age| age < 2 * FAR);
    let apart = Apart { years: nearest.abs_diff(taken.year), nearest, child };
    is_far(profile.born, nearest, taken.year).then_some(apart)
}

fn dated(profile: &Profile) -> impl Iterator<Item = (Date, &PhotoRecord)> {
    profile.kept().filter_map(|photo| Some((photo.taken?, photo)))
}

/// The person's age in the earlier of two years.
fn youngest(born: Option<u16>, one: u16, other: u16) -> Option<u16> {
    Some(one.min(other).saturating_sub(born?))
}

/// Whether a face has changed between two years.
fn is_far(born: Option<u16>, one: u16, other: u16) -> bool {
    let limit = youngest(born, one, other).map_or(FAR, |age| (age / 2).clamp(1, FAR));
    one.abs_diff(other) >= limit.max(2)
}

fn middle(scores: Vec<Option<f64>>) -> Option<f64> {
    let mut known: Vec<f64> = scores.into_iter().flatten().collect();
    known.sort_by(f64::total_cmp);
    known.get(known.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Method;
    use crate::enroll::tests::face;
    use crate::profile::{Calibrate, Choice, Status, ThresholdChoice};

    fn profile(born: Option<u16>, dates: &[Option<&str>]) -> Profile {
        let record = |(number, date): (usize, &Option<&str>)| PhotoRecord {
            path: format!("{number}.jpg").into(),
            sha256: String::new(),
            status: Status::Kept,
            face: Some(face(1, number as u64)),
            bystanders: 0,
            number: None,
            score: Some(number as f64),
            sent: false,
            choice: Choice::Auto,
            taken: date.map(|date| date.parse().unwrap()),
        };
        Profile {
            version: 1,
            name: "Anna".into(),
            models: String::new(),
            method: Method::DEFAULT,
            threshold: ThresholdChoice::Far(1e-4),
            photos: dates.iter().enumerate().map(record).collect(),
            negatives: Vec::new(),
            look_alikes: Vec::new(),
            strangers: None,
            calibrate: Calibrate::Auto,
            born,
        }
    }

    const DATES: [Option<&str>; 6] = [
        Some("2015-01-02"),
        Some("2004-05-06"),
        None,
        Some("2004-12-31"),
        Some("2017-01-01"),
        Some("2004-01-01"),
    ];

    #[test]
    fn years_are_counted_and_the_gaps_between_them_named() {
        let years = Years::of(&profile(None, &DATES)).unwrap();
        assert_eq!((years.dated, years.undated), (5, 1));
        let rows: Vec<_> = years.years.iter().map(|y| (y.year, y.photos, y.score)).collect();
        assert_eq!(rows, [(2004, 3, Some(3.0)), (2015, 1, Some(0.0)), (2017, 1, Some(4.0))]);
        assert_eq!(years.gaps, [Gap { after: 2004, before: 2015 }]);
        assert_eq!(Years::of(&profile(None, &[None, None])), None);
    }

    #[test]
    fn a_photo_is_far_from_the_nearest_after_ten_years() {
        let profile = profile(None, &DATES);
        let of = |date: &str| apart(&profile, date.parse().unwrap());
        assert_eq!(of("2009-06-01"), None);
        assert_eq!(of("2026-06-01"), None);
        assert_eq!(of("2027-06-01"), Some(Apart { years: 10, nearest: 2017, child: false }));
        assert_eq!(of("1990-06-01"), Some(Apart { years: 14, nearest: 2004, child: false }));
    }

    #[test]
    fn a_child_changes_sooner_the_younger_it_is() {
        for (born, taken, expected) in [
            (2004, "2005-06-01", None),
            (2004, "2006-06-01", Some(2)),
            (1996, "2007-06-01", None),
            (1996, "2008-06-01", Some(4)),
            (1974, "2013-06-01", None),
        ] {
            let profile = profile(Some(born), &[Some("2004-01-01")]);
            let found = apart(&profile, taken.parse().unwrap());
            assert_eq!(found.map(|apart| apart.years), expected, "born {born}, {taken}");
            assert!(found.is_none_or(|apart| apart.child));
        }
    }
}
