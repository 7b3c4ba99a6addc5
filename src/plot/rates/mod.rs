//! The figure of an evaluation: the ROC, the DET, and where the evidence of genuine and impostor
//! trials lies. What it shows is computed in `figure`; how it is laid out and drawn comes after.

mod axis;
mod figure;
mod layout;
mod paint;
#[cfg(test)]
mod tests;

pub use figure::{Curve, Histogram, RatesFigure};
