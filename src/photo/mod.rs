//! Photos: finding them in folders, and reading one into upright RGB pixels within limits.
//! What is in a photo is the business of [`crate::face`].

mod find;
mod heif;
mod read;
mod reduced;
mod scans;
mod source;

pub use find::{find, is_photo_name, walk};
pub use read::{Limits, Photo, PhotoFile, decode, load, read};
pub use source::Source;
