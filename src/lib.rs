//! Learns one person's face from a folder of photos, and says of any photo whether that person is
//! in it.
//!
//! The data goes one way: photo → faces → crop → embedding → score → verdict.
//!
//! | room | what it does |
//! |---|---|
//! | [`photo`] | a file to upright RGB pixels |
//! | [`video`] | a video to its frames, by ffmpeg |
//! | [`face`] | pixels to faces, a face to an aligned crop |
//! | [`model`] | ONNX Runtime, a network, a crop to an embedding |
//! | [`pack`] | which networks belong together, and all that is particular to them |
//! | [`pipeline`] | the three above over many photos on all cores |
//! | [`index`] | what was found in photos, so that none is analysed twice |
//! | [`decision`] | embeddings to a score, a score to evidence, evidence to a verdict |
//! | [`enroll`] | a folder of photos to a profile |
//! | [`profile`] | what is saved |
//! | [`check`] | a profile and a photo to a report |
//! | [`review`] | what a scan found of a person, to be looked through |
//! | [`people`] | everybody who is enrolled, a profile each in one folder |
//! | [`identify`] | who of them is in a photo |
//! | [`xmp`] | names and boxes in XMP, in sidecars and in photos |
//! | [`cluster`] | who else is there: faces of a library to people |
//! | [`eval`] | how accurate all this is |
//! | [`projection`], [`plot`] | pictures |
//! | [`export`] | faces as rows of a file for other programs |
//!
//! `docs/library.md` says what each Cargo feature brings: `export`, `index` and `plot` (with [`projection`]) are rooms
//! here, `cli` and `serve` are the program's. All other rooms are always there.
//!
//! ```no_run
//! use sameface::decision::Population;
//! use sameface::pack::Pack;
//! use sameface::pipeline::{Settings, analyse_all};
//! use sameface::profile::Profile;
//!
//! # fn main() -> sameface::Result<()> {
//! let pack = Pack::default_pack()?;
//! let profile = Profile::load("anna.json".as_ref(), &pack.identity())?;
//! let decision = profile.decision(&Population::of(&pack)?)?;
//! analyse_all(&pack, &Settings::default(), &["party.jpg"], |path, photo| {
//!     for face in photo?.faces {
//!         println!("{}: {:.2}", path.display(), decision.evidence(&face.embedding));
//!     }
//!     Ok(())
//! })?;
//! # Ok(())
//! # }
//! ```

// Says at each item which feature it needs; docs.rs has the compiler for it.
#![cfg_attr(docsrs, feature(doc_cfg))]

// Hidden rooms are the program's own and promised to nobody. Only `cli` is called from elsewhere, by `src/main.rs`; the
// others are public because a build of one feature uses only a part of them, and would call the rest dead.
pub mod check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod cluster;
pub mod decision;
pub mod enroll;
pub mod error;
pub mod eval;
#[cfg(feature = "export")]
pub mod export;
pub mod face;
#[doc(hidden)]
pub mod file;
#[doc(hidden)]
pub mod folders;
pub mod identify;
#[cfg(feature = "index")]
pub mod index;
pub mod model;
pub mod pack;
#[cfg(feature = "plot")]
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod panics;
pub mod people;
pub mod photo;
pub mod pipeline;
#[cfg(feature = "plot")]
pub mod plot;
pub mod profile;
#[cfg(feature = "plot")]
pub mod projection;
pub mod review;
#[cfg(test)]
mod rooms;
#[cfg(feature = "serve")]
#[doc(hidden)]
pub mod serve;
pub mod video;
#[cfg(test)]
#[path = "../tests/common/waiting.rs"]
mod waiting;
#[doc(hidden)]
pub mod words;
pub mod xmp;

/// The program of docs/library.md, held to be one.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Library;

pub use error::{Error, Result};
