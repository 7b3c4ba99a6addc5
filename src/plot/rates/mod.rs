//! The figure of error rates: the ROC and DET curves, and the score distributions of genuine and impostor trials.
//! `figure` computes its content, `layout` arranges it, `paint` draws it.

mod axis;
mod figure;
mod layout;
mod paint;
#[cfg(test)]
mod tests;

pub use figure::{Curve, Histogram, RatesFigure};
