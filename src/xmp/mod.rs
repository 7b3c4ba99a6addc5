//! Names of faces in XMP, as other programs keep them: read from sidecars and from photos, and written into
//! sidecars. Other rooms decide whose face it is; photos themselves are never written.
//!
//! The input is treated as hostile, as photos are: its size, depth and attributes are limited, and a DTD is
//! refused, so that there are no entities.

mod frame;
mod merge;
mod ns;
mod rdf;
mod read;
mod sidecar;
mod splice;
#[cfg(test)]
mod tests;

pub use frame::{Area, Frame};
pub use merge::{Kept, Merged, Named, merged};
pub use read::{Region, regions};
pub use sidecar::{Found, Naming, Outcome, Sidecar, found, sidecar_of, text_for, write};
