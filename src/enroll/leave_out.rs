//! A profile's test of itself: each kept photo judged by the others alone.

use crate::decision::{Method, Population};
use crate::error::Result;
use crate::pipeline::in_order;
use crate::profile::Profile;

/// Most photos that are left out, evenly spread: every one of them is a fit of its own.
const MOST_LEFT_OUT: usize = 100;

/// Parts that photos are dealt into where all of them are judged.
const PARTS: usize = 20;

/// The evidence of every kept photo, in order, by photos other than itself: they are dealt into at
/// most 20 parts, and each part is judged by the profile's method fitted to the rest. Empty for a
/// single photo, which has no others.
///
/// # Errors
/// Where the method cannot be fitted.
pub fn by_others(profile: &Profile, population: &Population) -> Result<Vec<f64>> {
    let all = profile.embeddings();
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    let mut evidence = vec![0.0; all.len()];
    let parts = all.len().min(PARTS);
    for part in 0..parts {
        let rest: Vec<Vec<f32>> =
            (0..all.len()).filter(|at| at % parts != part).map(|at| all[at].clone()).collect();
        let decision = profile.decision_from(profile.method, population, &rest)?;
        for at in (part..all.len()).step_by(parts) {
            evidence[at] = decision.evidence(&all[at]);
        }
    }
    Ok(evidence)
}

/// How one method judges the photos it was not shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaveOut {
    /// The method.
    pub method: Method,
    /// The evidence of each left-out photo, rising.
    pub evidence: Vec<f64>,
    /// The evidence from which on a photo is accepted.
    pub threshold: f64,
}

impl LeaveOut {
    /// How many of the left-out photos the others accept.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.evidence.iter().filter(|evidence| **evidence >= self.threshold).count()
    }

    /// How far above the threshold the middle one of the photos is.
    #[must_use]
    pub fn typical_margin(&self) -> Option<f64> {
        self.evidence.get(self.evidence.len() / 2).map(|evidence| evidence - self.threshold)
    }

    /// How far above the threshold the photo is that is closest to falling below it; negative
    /// where some do.
    #[must_use]
    pub fn least_margin(&self) -> Option<f64> {
        self.evidence.first().map(|evidence| evidence - self.threshold)
    }
}

/// Leave each of the profile's kept photos out, at most 100 of them, and let `method` judge it by
/// the others, on `threads` threads. One photo alone has no others: the result is then empty.
///
/// # Errors
/// Where the method cannot be fitted.
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
        Ok(profile.decision_from(method, population, &others)?.evidence(&left_out))
    };
    let mut evidence = Vec::with_capacity(left_out.len());
    in_order(
        left_out,
        threads,
        || Ok(()),
        judge,
        |_, judged: Result<f64>| {
            evidence.push(judged?);
            Ok(())
        },
    )?;
    evidence.sort_by(f64::total_cmp);
    Ok(LeaveOut { method, evidence, threshold: profile.threshold() })
}
