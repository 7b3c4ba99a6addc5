//! The decision: from embeddings of enrolled photos to a raw score, from that to a score by calibration, and
//! from the score to a verdict. Nothing here reads pixels.

pub mod calibration;
mod kinds;
mod lookalike;
mod method;
mod plda;
mod population;
mod scorer;
mod simple;
mod strangers;
mod svm;
mod tail;

pub use calibration::{Calibration, Curve, far_of, threshold_among, threshold_for};
pub use kinds::{Kinds, template};
pub use lookalike::LookAlikes;
pub use method::Method;
pub use plda::{Plda, TwoCovariances};
pub use population::{Population, Probe, Probes};
pub use scorer::{Decision, Scorer, Verdict};
pub use simple::{Centroid, Nearest};
pub use strangers::Strangers;
pub use svm::{OneClassSvm, Supervised};
pub use tail::{Reading, Tail};

#[cfg(test)]
pub(crate) use population::tests::toy as toy_population;

/// The cosine of two unit vectors: their dot product.
#[must_use]
pub fn cosine(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}
