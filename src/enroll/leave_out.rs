//! The self-test of a profile: the score of each kept photo by a profile made from the other photos.

use crate::decision::{Method, Population};
use crate::error::Result;
use crate::pipeline::in_order;
use crate::profile::Profile;

/// The most photos that are left out, evenly sampled, because each needs a fit.
const MOST_LEFT_OUT: usize = 100;

/// The most parts that photos are divided into to score all of them.
const PARTS: usize = 20;

/// The score of every kept photo, in order, by other photos: photos are divided into at most 20 parts, and
/// each part is scored by the profile's method fitted to the other parts. Empty for a single photo.
///
/// # Errors
/// If the method cannot be fitted.
pub fn by_others(profile: &Profile, population: &Population) -> Result<Vec<f64>> {
    let all = profile.embeddings();
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    let mut scores = vec![0.0; all.len()];
    let parts = all.len().min(PARTS);
    for part in 0..parts {
        let rest: Vec<Vec<f32>> =
            (0..all.len()).filter(|at| at % parts != part).map(|at| all[at].clone()).collect();
        let decision = profile.decision_from(profile.method, population, &rest)?;
        for at in (part..all.len()).step_by(parts) {
            scores[at] = decision.score(&all[at]);
        }
    }
    Ok(scores)
}

/// The scores of one method on photos that it was not fitted to.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaveOut {
    /// The method.
    pub method: Method,
    /// The score of each left-out photo, rising.
    pub scores: Vec<f64>,
    /// The score from which a photo is accepted.
    pub threshold: f64,
}

impl LeaveOut {
    /// How many of the left-out photos match.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.scores.iter().filter(|score| **score >= self.threshold).count()
    }

    /// How far the median photo is above the threshold.
    #[must_use]
    pub fn typical_margin(&self) -> Option<f64> {
        self.scores.get(self.scores.len() / 2).map(|score| score - self.threshold)
    }

    /// How far the lowest photo is above the threshold; negative if it is below.
    #[must_use]
    pub fn least_margin(&self) -> Option<f64> {
        self.scores.first().map(|score| score - self.threshold)
    }
}

/// Leave out each of the profile's kept photos, at most 100 of them, and score it with `method` fitted to the
/// others, on `threads` threads. The result is empty for a single photo.
///
/// # Errors
/// If the method cannot be fitted.
pub fn leave_out(
    profile: &Profile,
    method: Method,
    population: &Population,
    threads: usize,
) -> Result<LeaveOut> {
    let all = profile.embeddings();
    let every = all.len().div_ceil(MOST_LEFT_OUT).max(1);
    let left_out: Vec<usize> = (0..all.len()).step_by(every).filter(|_| all.len() > 1).collect();
    let judge = |(): &mut (), at: &usize| {
        let mut others = all.clone();
        let left_out = others.remove(*at);
        Ok(profile.decision_from(method, population, &others)?.score(&left_out))
    };
    let mut scores = Vec::with_capacity(left_out.len());
    in_order(
        left_out,
        threads,
        || Ok(()),
        judge,
        |_, judged: Result<f64>| {
            scores.push(judged?);
            Ok(())
        },
    )?;
    scores.sort_by(f64::total_cmp);
    Ok(LeaveOut { method, scores, threshold: profile.threshold() })
}
