//! Odd files of `../shared/data/odd`: each shows what its photo shows, or says why it cannot be read.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "../common/skipped.rs"]
mod skipped;

#[cfg(feature = "heif")]
mod heic;
