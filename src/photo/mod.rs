//! Photos: finding them in folders, and reading one into upright RGB pixels within limits.
//! What is in a photo is the business of [`crate::face`].

mod broken;
mod clock;
mod find;
mod heif;
mod limits;
mod memory;
mod read;
mod reduced;
mod rgb;
mod scans;
mod source;

pub use find::{find, is_photo_name, walk};
pub use limits::Limits;
pub use read::{Photo, PhotoFile, decode, load, read};
pub use source::{Moment, Source};
