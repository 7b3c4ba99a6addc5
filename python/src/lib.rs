//! The parts of the Rust library that the Python package `sameface` calls. Its public API, with
//! documentation and types, is in the Python files next to this crate.

mod asked;
mod border;
mod errors;
mod packs;
mod people;
mod person;
mod photos;
mod pools;
mod scores;
mod xmp;

/// The extension module.
#[pyo3::pymodule]
mod _sameface {
    #[pymodule_export]
    use super::border::Border;
    #[pymodule_export]
    use super::errors::VerifyError;
    #[pymodule_export]
    use super::packs::{OpenedPack, packs};
    #[pymodule_export]
    use super::people::{EnrolledPeople, Known};
    #[pymodule_export]
    use super::person::{Person, threshold_of};
    #[pymodule_export]
    use super::photos::{Seen, analyse, find};
    #[pymodule_export]
    use super::pools::{get_device, set_device, use_runtime};
    #[pymodule_export]
    use super::xmp::{is_named, read_regions, write_sidecar};
}
