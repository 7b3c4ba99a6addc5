//! Videos: their frames as pixels, one after another, as ffmpeg decodes them. Other rooms find the faces in
//! them, as with [`crate::photo`].

mod every;
mod ffmpeg;
mod frames;
mod scene;
mod sources;
mod stretches;

pub use every::Every;
pub use ffmpeg::Ffmpeg;
pub use frames::{Frame, Frames, Step};
pub use sources::{Asked, Ending, Endings, Sources};
pub use stretches::{Stretch, Stretches, clock};
