//! Photos: finding them in folders, and reading one into upright RGB pixels within limits. [`crate::face`]
//! finds the faces in them.

mod apart;
mod broken;
mod clock;
mod ending;
mod find;
mod format;
mod formats;
mod ifd;
mod kind;
mod limits;
mod memory;
mod metadata;
mod orientation;
mod passed;
mod read;
mod reduced;
#[cfg(any(feature = "heif", feature = "jxl"))]
mod rows;
mod source;
mod spliced;
mod taken;
mod task;

pub use apart::{answer, decode_apart};
pub use find::{Exclude, Walk, find, find_counting, is_photo_name, is_video, walk};
pub use format::Format;
pub use kind::Kind;
pub use limits::Limits;
pub use metadata::{MOST_XMP, Metadata};
pub use passed::{Found, Passed};
pub use read::{Photo, PhotoFile, decode, load, read};
pub use source::{Moment, Source};
pub use taken::Date;
// For the program only; not part of the stable API.
#[doc(hidden)]
pub use {apart::TOO_SLOW, broken::not_a_photo};
