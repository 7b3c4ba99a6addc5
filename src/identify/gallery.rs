//! The gallery: everybody who is enrolled, to be compared with faces at once.

use std::collections::HashMap;

use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::check::CheckSettings;
use crate::decision::{Decision, Population, Scorer, threshold_among};
use crate::error::{Error, Result};
use crate::face::Face;
use crate::people::People;
use crate::profile::ThresholdChoice;

/// One of the people in a gallery.
pub struct Member {
    /// The person's id.
    pub id: String,
    /// The person's name.
    pub name: String,
    /// Their decision, with the threshold raised for the number of people.
    pub decision: Decision,
    /// The photos that a human confirmed, by the SHA-256 of their file, with the confirmed face.
    pub by_hand: HashMap<String, Face>,
}

/// The people that faces are compared with.
pub struct Gallery {
    /// The people, in the order given.
    pub members: Vec<Member>,
    /// The share of strangers that get a name: at most the mean of the members' own false accept rates.
    pub far: f64,
    population: Population,
    /// The mean of each person who uses the centroid method, one row each, and whose row it is.
    means: Array2<f64>,
    by_mean: Vec<usize>,
}

impl Gallery {
    /// The people with these ids, names and decisions. However many they are, no more strangers match any of them
    /// than one decision's threshold accepts: see [`threshold_among`].
    #[must_use]
    pub fn new(
        people: impl IntoIterator<Item = (String, String, Decision)>,
        population: &Population,
    ) -> Self {
        let people: Vec<_> = people.into_iter().collect();
        let among = people.len();
        let accepted: f64 = people.iter().map(|(_, _, decision)| decision.far()).sum();
        let far = accepted / among.max(1) as f64;
        let member = |(id, name, decision): (String, String, Decision)| {
            let threshold = threshold_among(decision.threshold, among);
            let decision = Decision { threshold, ..decision };
            Member { id, name, decision, by_hand: HashMap::new() }
        };
        let members: Vec<Member> = people.into_iter().map(member).collect();
        let (mut means, mut by_mean) = (Vec::new(), Vec::new());
        for (at, member) in members.iter().enumerate() {
            if let Scorer::Centroid(centroid) = &member.decision.scorer {
                means.extend(centroid.mean().iter().map(|value| f64::from(*value)));
                by_mean.push(at);
            }
        }
        let shape = (by_mean.len(), population.mean.len());
        // Every mean has as many numbers as an embedding.
        let means = Array2::from_shape_vec(shape, means).unwrap_or_else(|_| Array2::zeros((0, 0)));
        Self { members, far, population: population.clone(), means, by_mean }
    }

    /// Everybody of `people` who can be recognised, each at their own threshold or at the one `asked` for, and the
    /// errors of the others.
    ///
    /// # Errors
    /// The first of those errors if nobody can be recognised, [`Error::NoProfile`] if nobody is enrolled.
    pub fn of(people: &People, asked: Option<ThresholdChoice>) -> Result<(Self, Vec<Error>)> {
        let (mut members, mut by_hand, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for (id, person) in people.everybody() {
            match person {
                Ok(person) => {
                    let profile = &person.profile;
                    let own = profile.threshold();
                    let threshold = asked.map_or(own, |asked| profile.threshold_at(asked));
                    let decision = Decision { threshold, ..person.decision.clone() };
                    members.push((id, profile.name.clone(), decision));
                    let kept = profile.kept_by_hand();
                    by_hand.push(kept.map(|(p, face)| (p.sha256.clone(), face.clone())).collect());
                }
                Err(error) => left_out.push(error),
            }
        }
        if members.is_empty() {
            let nobody = Error::NoProfile { path: people.folder.path().to_owned() };
            return Err(left_out.into_iter().next().unwrap_or(nobody));
        }
        let mut gallery = Self::new(members, &people.population);
        for (member, by_hand) in gallery.members.iter_mut().zip(by_hand) {
            member.by_hand = by_hand;
        }
        Ok((gallery, left_out))
    }

    /// The scores of several faces (one row of `embeddings` each) as each member: a row for each face, a column for
    /// each member. They equal those of each member's decision up to rounding.
    #[must_use]
    pub fn scores(&self, embeddings: ArrayView2<f32>) -> Array2<f64> {
        let probes = self.population.probes(embeddings);
        let mut scores = Array2::zeros((embeddings.nrows(), self.members.len()));
        let mut fill = |at: usize, raw_scores: ndarray::ArrayView1<f64>| {
            let decision = &self.members[at].decision;
            let faces = raw_scores.iter().zip(probes.diagonal.rows());
            let column = faces.map(|(raw, point)| decision.score_of(*raw, point));
            scores.column_mut(at).assign(&column.collect::<Array1<f64>>());
        };
        // One product for all who use the centroid method.
        let cosines = probes.embeddings.dot(&self.means.t());
        for (column, at) in cosines.axis_iter(Axis(1)).zip(&self.by_mean) {
            fill(*at, column);
        }
        for (at, member) in self.members.iter().enumerate() {
            if !matches!(member.decision.scorer, Scorer::Centroid(_)) {
                fill(at, member.decision.scorer.raw_scores(&probes).view());
            }
        }
        scores
    }

    /// The probability that a face is each member, from its scores: Bayes' rule over the members and a stranger,
    /// where the settings' prior is that of the face being any member, all equally probable. With one member it
    /// equals that of [`CheckSettings::judge`].
    #[must_use]
    pub fn probabilities(&self, scores: &[f64], settings: CheckSettings) -> Vec<f64> {
        let share = settings.prior / self.members.len().max(1) as f64;
        let odds = |(member, score): (&Member, &f64)| share.ln() + member.decision.log_odds(*score);
        let logs: Vec<f64> = self.members.iter().zip(scores).map(odds).collect();
        let stranger = (1.0 - settings.prior).ln();
        let most = logs.iter().copied().fold(stranger, f64::max);
        let whole: f64 = logs.iter().chain([&stranger]).map(|log| (log - most).exp()).sum();
        logs.iter().map(|log| (log - most).exp() / whole).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Method, cosine};
    use crate::enroll::tests::{POPULATION, embedding};

    fn decision(who: u64, method: Method) -> Decision {
        let photos: Vec<_> = (0..4).map(|i| embedding(&POPULATION, who, i)).collect();
        let twin = vec![vec![embedding(&POPULATION, who + 100, 0)]];
        Decision::fit(method, &POPULATION, &photos, &[], &twin, 2.0).unwrap()
    }

    fn gallery(people: std::ops::Range<u64>) -> Gallery {
        let methods = [Method::Centroid, Method::Plda];
        let person = |who: u64| {
            (who.to_string(), format!("person {who}"), decision(who, methods[who as usize % 2]))
        };
        Gallery::new(people.map(person), &POPULATION)
    }

    fn faces() -> Vec<Vec<f32>> {
        (0..30).map(|i| embedding(&POPULATION, i % 12, 50 + i)).collect()
    }

    #[test]
    fn all_at_once_is_what_each_decision_says() {
        let gallery = gallery(1..8);
        let faces = faces();
        let flat = faces.concat();
        let rows = ArrayView2::from_shape((faces.len(), faces[0].len()), &flat).unwrap();
        let all = gallery.scores(rows);
        for (at, face) in faces.iter().enumerate() {
            for (who, member) in gallery.members.iter().enumerate() {
                let alone = member.decision.score(face);
                assert!((all[[at, who]] - alone).abs() < 1e-9, "{at} {who}");
            }
        }
        assert!((cosine(&faces[0], &faces[0]) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_more_people_the_rarer_a_likeness_must_be() {
        let threshold = |people| gallery(0..people).members[0].decision.threshold;
        assert_eq!(threshold(1), 2.0);
        assert!((threshold(10) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn probabilities_are_those_of_one_decision_and_share_the_whole_among_several() {
        let settings = CheckSettings { prior: 0.2, strict: false };
        let one = gallery(1..2);
        for score in [-1.0, 1.5, 4.0] {
            let alone = settings.judge(&one.members[0].decision, score).probability;
            assert!((one.probabilities(&[score], settings)[0] - alone).abs() < 1e-12);
        }
        let two = gallery(1..3);
        let sure = two.probabilities(&[6.0, 0.0], settings);
        let torn = two.probabilities(&[6.0, 6.0], settings);
        assert!(sure[0] > 0.9 && sure[1] < 0.05, "{sure:?}");
        assert!(torn[0] < 0.95 && torn.iter().sum::<f64>() <= 1.0, "{torn:?}");
        assert!(Gallery::new([], &POPULATION).probabilities(&[], settings).is_empty());
    }
}
