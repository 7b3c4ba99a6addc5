//! Local strangers: the scores of faces in a user's own library, of which most are other people's and any
//! number may be the person's own.

use kodama::{Method as Linkage, linkage};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use super::calibration::{LIMIT, SCORES, bent, far_of, threshold_for};
use super::{Decision, Reading, Tail};

/// The most faces that are used, evenly sampled from the library: more would change the threshold for one in
/// 10,000 by less than another library does.
const MOST_FACES: usize = 20_000;
/// The most faces that are clustered: those most like the person, evenly sampled if there are more.
const MOST_GATHERED: usize = 3_000;
/// From this score a face may be the person's, and is clustered.
const GATHERED: f64 = 1.0;
/// Two groups of faces are one person's if their mean cosine has at least this score.
const LINKED: f64 = 2.5;
/// The group most like the person is the person's if its faces have at least this mean score.
const PERSON: f64 = 2.0;
/// How the tail of the strangers' scores is fitted. Scores of people in general have a scale of 1 / ln 10;
/// without a bound, a few of the person's photos among the strangers could make it any number.
const TAIL: Reading =
    Reading { counted: 8, share: 0.02, fitted: 25, most: 1.3 * std::f64::consts::LOG10_E };
/// The share of the person's own photos that are too unlike the others to be clustered with them, assumed if
/// too few were clustered to estimate it.
const STRAY: f64 = 0.15;
/// The fewest photos of the person to estimate that share from.
const ENOUGH_OWN: usize = 8;
/// The highest threshold that is set; with a higher one, not even the best face would match.
const MOST: f64 = LIMIT - 0.1;
/// The fewest strangers that a threshold can be set by.
const LEAST_STRANGERS: usize = 20;

/// The scores of local strangers, in a few numbers that hold nobody's face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct Strangers {
    /// Faces that were taken for strangers'.
    pub faces: usize,
    /// Faces that were taken for the person's own.
    pub own: usize,
    /// The scores that the shares 10^−0.3, 10^−0.5, 10^−1, 10^−1.5, … 10^−5 (`SCORES`) of these strangers reach,
    /// rising.
    #[cfg_attr(feature = "serve", schema(value_type = Vec<f64>, min_items = 11, max_items = 11))]
    #[serde(rename = "evidence")]
    pub scores: [f64; SCORES.len()],
}

impl Strangers {
    /// Learn from the embeddings of unlabelled faces, a row each. `None` if there are fewer than twenty
    /// strangers among them.
    #[must_use]
    pub fn learn(decision: &Decision, faces: ArrayView2<f32>) -> Option<Self> {
        let every = faces.nrows().div_ceil(MOST_FACES).max(1);
        let rows: Vec<usize> = (0..faces.nrows()).step_by(every).collect();
        let faces = faces.select(Axis(0), &rows);
        let raw_scores = decision.scorer.raw_scores(&decision.population.probes(faces.view()));
        // By definition, scores of people in general fall exponentially; raw scores do not.
        let scores = raw_scores.mapv(|raw| decision.calibration.score(raw));
        let linked = decision.population.likeness(1).raw_score(LINKED);
        let own = own_faces(&faces, &scores, linked);
        let (gathered, others): (Vec<usize>, Vec<usize>) =
            (0..scores.len()).partition(|&at| own[at]);
        let mut strangers: Vec<f32> = others.iter().map(|&at| scores[at] as f32).collect();
        strangers.sort_by(|a, b| b.total_cmp(a));
        let stray = stray_share(faces.select(Axis(0), &gathered).view(), linked);
        let stray = (gathered.len() as f64 * stray / (1.0 - stray)).round() as usize;
        // A face less alike than the person's must be is a stranger's.
        let alike = strangers.partition_point(|score| f64::from(*score) >= PERSON);
        let stray = stray.min(alike);
        strangers.drain(..stray);
        if strangers.len() < LEAST_STRANGERS {
            return None;
        }
        let fitted = TAIL.fitted.min(strangers.len() / 2);
        let tail = Tail::new(&strangers, Reading { fitted, ..TAIL })?;
        Some(Self {
            faces: strangers.len(),
            own: gathered.len() + stray,
            scores: SCORES.map(|wanted| bent(tail.value(far_of(wanted)))),
        })
    }

    /// Whether the numbers are what [`Self::learn`] gives.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let rising = self.scores.windows(2).all(|pair| pair[0] <= pair[1]);
        rising && self.scores.iter().all(|score| score.is_finite() && *score <= LIMIT)
    }

    /// The threshold that the share `far` of these strangers reach, but never less than that of people in
    /// general.
    #[must_use]
    pub fn threshold(&self, far: f64) -> f64 {
        let general = threshold_for(far);
        between(&SCORES, &self.scores, general).min(MOST).max(general)
    }

    /// The score among these strangers of a face with this `score` among people in general: −log₁₀ of the share of
    /// them that reach it, but never more than that among people in general.
    #[must_use]
    pub fn among(&self, score: f64) -> f64 {
        between(&self.scores, &SCORES, score).min(score)
    }
}

/// The value at `x` of the line through the points (`from`, `to`), both rising: linear between them, and with
/// slope 1 beyond either end.
fn between(from: &[f64], to: &[f64], x: f64) -> f64 {
    let last = from.len() - 1;
    if x <= from[0] {
        return to[0] + (x - from[0]);
    }
    if x >= from[last] {
        return to[last] + (x - from[last]);
    }
    let at = from.partition_point(|from| *from <= x).clamp(1, last);
    let width = (from[at] - from[at - 1]).max(f64::EPSILON);
    to[at - 1] + (x - from[at - 1]) / width * (to[at] - to[at - 1])
}

/// The share of the person's photos that are too unlike the others to be clustered with them, estimated from
/// those that were (rows of `own`): their mean cosines are assumed to be normally distributed, with those
/// below `linked` missing.
fn stray_share(own: ArrayView2<f32>, linked: f64) -> f64 {
    if own.nrows() < ENOUGH_OWN {
        return STRAY;
    }
    let sum = own.sum_axis(Axis(0));
    let others = (own.nrows() - 1) as f32;
    let cosines = own.dot(&sum).mapv(|cosine| f64::from((cosine - 1.0) / others));
    let (mean, deviation) = (cosines.mean().unwrap_or_default(), cosines.std(1.0));
    below((linked - mean) / deviation.max(f64::EPSILON))
}

/// The share of a standard normal distribution below `z`, to 0.001: the logistic approximation of
/// Bowling et al., "A logistic approximation to the cumulative normal distribution", 2009.
fn below(z: f64) -> f64 {
    1.0 / (1.0 + (-(0.07056 * z.powi(3) + 1.5976 * z)).exp())
}

/// Which of `faces`, with these `scores`, are the person's own.
///
/// A stranger's photos are alike too, so faces are first clustered by person (average linkage down to the mean
/// cosine `linked`). The person's is the cluster most like the profile, if it is like it at all.
fn own_faces(faces: &Array2<f32>, scores: &Array1<f64>, linked: f64) -> Vec<bool> {
    let alike: Vec<usize> = (0..scores.len()).filter(|&at| scores[at] >= GATHERED).collect();
    let every = alike.len().div_ceil(MOST_GATHERED).max(1);
    let sample: Vec<usize> = alike.iter().copied().step_by(every).collect();
    let mut own = vec![false; scores.len()];
    let groups = gathered(&faces.select(Axis(0), &sample), linked);
    let mean = |group: &Vec<usize>| {
        group.iter().map(|&at| scores[sample[at]]).sum::<f64>() / group.len() as f64
    };
    let best = groups.iter().max_by(|a, b| mean(a).total_cmp(&mean(b)));
    let Some(best) = best.filter(|group| mean(group) >= PERSON) else { return own };
    best.iter().for_each(|&at| own[sample[at]] = true);
    if every > 1 {
        // The faces that were not sampled join the cluster that they are most like.
        let centre = |group: &Vec<usize>| {
            let rows: Vec<usize> = group.iter().map(|&at| sample[at]).collect();
            faces.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap_or_default()
        };
        let centres: Vec<Array1<f32>> = groups.iter().map(centre).collect();
        let person = groups.iter().position(|group| group == best);
        for at in alike.into_iter().enumerate().filter(|(i, _)| i % every != 0).map(|(_, at)| at) {
            let likeness = |group: &usize| centres[*group].dot(&faces.row(at));
            let nearest = (0..centres.len()).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
            own[at] = nearest == person
                && nearest.is_some_and(|group| f64::from(likeness(&group)) >= linked);
        }
    }
    own
}

/// Cluster the rows of `faces` by average linkage as long as the mean cosine of two clusters is at least
/// `cosine`.
fn gathered(faces: &Array2<f32>, cosine: f64) -> Vec<Vec<usize>> {
    let count = faces.nrows();
    let mut groups: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    if count < 2 {
        return groups;
    }
    let cosines = faces.dot(&faces.t());
    let mut distances: Vec<f32> = (0..count)
        .flat_map(|a| (a + 1..count).map(move |b| (a, b)))
        .map(|pair| 1.0 - cosines[pair])
        .collect();
    let tree = linkage(&mut distances, count, Linkage::Average);
    for step in tree.steps() {
        // Steps are in order of rising distance, and each makes the cluster with the next number.
        let close = f64::from(step.dissimilarity) <= 1.0 - cosine;
        let mut joined = Vec::new();
        if close {
            joined = std::mem::take(&mut groups[step.cluster1]);
            joined.append(&mut groups[step.cluster2]);
        }
        groups.push(joined);
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Method;
    use crate::enroll::tests::{POPULATION, embedding};

    /// Photos from number `first` on of person `who`, of a kind that shares so much of a direction.
    fn photos(who: u64, first: u64, count: u64, shared: f32) -> Vec<Vec<f32>> {
        let common = embedding(&POPULATION, 777, 0);
        let photo = |seed: u64| {
            let own = embedding(&POPULATION, who, seed);
            let mixed: Vec<f32> = own.iter().zip(&common).map(|(a, b)| a + shared * b).collect();
            crate::model::unit(&mixed)
        };
        (first..first + count).map(photo).collect()
    }

    fn people(who: std::ops::Range<u64>, count: u64, shared: f32) -> Vec<Vec<f32>> {
        who.flat_map(|who| photos(who, 0, count, shared)).collect()
    }

    fn rows(faces: &[Vec<f32>]) -> Array2<f32> {
        Array2::from_shape_fn((faces.len(), faces[0].len()), |(row, at)| faces[row][at])
    }

    /// The decision of person 1 after five photos.
    fn decision(shared: f32) -> Decision {
        let enrolled = photos(1, 0, 5, shared);
        Decision::fit(Method::Centroid, &POPULATION, &enrolled, &[], &[], 3.0).unwrap()
    }

    /// The local strangers of a library with `own` photos of person 1.
    fn learnt(strangers: &[Vec<f32>], own: u64, shared: f32) -> Strangers {
        let library = [strangers, &photos(1, 100, own, shared)].concat();
        Strangers::learn(&decision(shared), rows(&library).view()).unwrap()
    }

    #[test]
    fn the_rate_holds_among_strangers_never_seen_whoever_else_is_in_the_library() {
        const SHARED: f32 = 0.5;
        let at_hand = people(100..200, 10, SHARED);
        let others = people(1_000..1_200, 10, SHARED);
        let decision = decision(SHARED);
        let accepted = |threshold: f64| {
            let above = others.iter().filter(|face| decision.score(face) >= threshold).count();
            above as f64 / others.len() as f64
        };
        let general = accepted(2.0);
        assert!(general > 0.1, "{general}: among people in general they are alike");
        for own in [0, 20, 1_000] {
            let learnt = learnt(&at_hand, own, SHARED);
            let far = accepted(learnt.threshold(0.01));
            assert!((0.002..0.05).contains(&far), "{far} with {own} own photos: {learnt:?}");
            // In the larger dimensions of real embeddings it is closer: see docs/accuracy.md.
            assert!(learnt.own.abs_diff(own as usize) <= 10, "{own} own photos: {learnt:?}");
        }
    }

    #[test]
    fn a_library_larger_than_what_is_gathered_knows_the_persons_photos_too() {
        let strangers = people(100..2_100, 1, 0.0);
        let learnt = learnt(&strangers, MOST_GATHERED as u64 + 1_000, 0.0);
        assert!(learnt.faces.abs_diff(2_000) <= 40, "{learnt:?}");
        assert!(learnt.threshold(1e-2) < 3.0, "{learnt:?}");
    }

    #[test]
    fn a_threshold_only_rises_and_the_rate_is_its_inverse() {
        let at = |scores| Strangers { faces: 500, own: 0, scores };
        let alike = at(SCORES.map(|e| (e * 1.4).min(LIMIT)));
        assert!((alike.threshold(1e-3) - 4.2).abs() < 1e-9);
        assert!((alike.among(4.2) - 3.0).abs() < 1e-9);
        assert!(alike.threshold(1e-6) <= MOST);
        let unlike = at(SCORES.map(|e| e * 0.5));
        assert_eq!((unlike.threshold(1e-3), unlike.among(3.0)), (3.0, 3.0));
        assert!([0.1, 0.9, 2.2, 4.9, 6.2].iter().all(|e| alike.among(*e) <= *e));
        assert!(alike.is_sound() && !at([f64::NAN; SCORES.len()]).is_sound());
        let mut falling = SCORES;
        falling.reverse();
        assert!(!at(falling).is_sound());
    }

    #[test]
    fn too_few_strangers_teach_nothing() {
        let library = rows(&people(100..119, 1, 0.0));
        assert_eq!(Strangers::learn(&decision(0.0), library.view()), None);
        let nobody = Array2::<f32>::zeros((0, library.ncols()));
        assert_eq!(Strangers::learn(&decision(0.0), nobody.view()), None);
    }

    #[test]
    fn stray_photos_are_estimated_from_how_the_others_vary() {
        // scipy 1.16: norm.cdf(-1.5) = 0.0668, norm.cdf(0.5) = 0.6915
        assert!((below(-1.5) - 0.0668).abs() < 1e-3 && (below(0.5) - 0.6915).abs() < 1e-3);
        let own = rows(&photos(1, 0, 60, 0.0));
        let cosines = own.dot(&own.t());
        let mean = |row: usize| (cosines.row(row).sum() - 1.0) / 59.0;
        let mut means: Vec<f32> = (0..60).map(mean).collect();
        means.sort_by(f32::total_cmp);
        let share = stray_share(own.view(), f64::from(means[6]));
        assert!((0.04..0.2).contains(&share), "a tenth of them are less alike: {share}");
        assert!(stray_share(own.view(), 0.0) < 1e-3);
        let few: Vec<usize> = (0..7).collect();
        assert_eq!(stray_share(own.select(Axis(0), &few).view(), 0.0), STRAY);
    }

    #[test]
    fn faces_are_gathered_into_people() {
        let faces = rows(&people(100..106, 8, 0.0));
        let mut groups = gathered(&faces, 0.7);
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        let expected: Vec<Vec<usize>> =
            (0..6).map(|who| (who * 8..who * 8 + 8).collect()).collect();
        assert_eq!(groups, expected);
        assert_eq!(gathered(&faces.select(Axis(0), &[3]), 0.5), [[0]]);
    }
}
