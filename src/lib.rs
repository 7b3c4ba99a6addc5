//! Learns one person's face from a folder of photos, and says whether that person is in any other
//! photo.
//!
//! The data flows one way: photo → faces → crop → embedding → score → verdict.
//!
//! | module | what it does |
//! |---|---|
//! | [`photo`] | reads a photo file into upright RGB pixels |
//! | [`video`] | reads a video's frames with ffmpeg |
//! | [`face`] | finds faces in pixels, and aligns a face to a crop |
//! | [`model`] | runs networks with ONNX Runtime; from a crop to an embedding |
//! | [`pack`] | the networks that belong together, with their settings |
//! | [`pipeline`] | analyses many photos on all cores, with the modules above |
//! | [`index`] | keeps the faces found in photos, so that no photo is analysed twice |
//! | [`decision`] | computes a score from embeddings, and a verdict from the score |
//! | [`enroll`] | makes a profile from a folder of photos |
//! | [`profile`] | what is saved about a person |
//! | [`check`] | checks a photo against a profile |
//! | [`review`] | a human's review of the faces that a scan found |
//! | [`people`] | everybody who is enrolled, one profile each in a folder |
//! | [`identify`] | says which enrolled people are in a photo |
//! | [`xmp`] | names of faces in XMP, in sidecars and in photos |
//! | [`cluster`] | groups a library's unknown faces by person |
//! | [`eval`] | measures how accurate the decisions are |
//! | [`projection`], [`plot`] | draw pictures |
//! | [`export`] | writes embeddings to a file for other programs |
//!
//! `docs/library.md` describes the Cargo features: `export`, `index` and `plot` (with [`projection`]) are modules
//! here, `cli` and `serve` are for the program. All other modules are always available.
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
//!         println!("{}: {:.2}", path.display(), decision.score(&face.embedding));
//!     }
//!     Ok(())
//! })?;
//! # Ok(())
//! # }
//! ```

// docs.rs shows at each item which feature it needs; that takes a nightly compiler.
#![cfg_attr(docsrs, feature(doc_cfg))]

// Hidden modules belong to the program and are not part of the stable API. `src/main.rs` uses only `cli`; the others are
// public because a build with one feature uses only a part of them and would report the rest as dead code.
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

/// The example of docs/library.md, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../docs/library.md")]
struct Library;

pub use error::{Error, Result};
