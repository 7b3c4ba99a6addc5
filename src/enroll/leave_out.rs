//! A profile's test of itself: each kept photo judged by the others alone.

use crate::decision::{Method, Population};
use crate::error::Result;
use crate::profile::Profile;

/// Most photos that are left out, evenly spread: every one of them is a fit of its own.
const MOST_LEFT_OUT: usize = 100;

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
/// the others. One photo alone has no others: the result is then empty.
///
/// # Errors
/// Where the method cannot be fitted.
pub fn leave_out(profile: &Profile, method: Method, population: &Population) -> Result<LeaveOut> {
    let all = profile.embeddings();
    let mut evidence = Vec::new();
    let every = all.len().div_ceil(MOST_LEFT_OUT).max(1);
    for at in (0..all.len()).step_by(every).filter(|_| all.len() > 1) {
        let mut others = all.clone();
        let left_out = others.remove(at);
        evidence.push(profile.decision_from(method, population, &others)?.evidence(&left_out));
    }
    evidence.sort_by(f64::total_cmp);
    Ok(LeaveOut { method, evidence, threshold: profile.threshold.evidence() })
}
