//! Names in XMP: read from photos and sidecars, written into sidecars.

use std::path::{Path, PathBuf};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use sameface::face::FaceBox;
use sameface::photo::{Limits, load};
use sameface::words::same_in_any_case;
use sameface::xmp::{self, Frame, Kept, Named, Naming, Outcome, Sidecar};

use crate::errors::raised;

/// The file, the outcome, the names that were added, and those that were not, with the names already there.
type Written = (PathBuf, &'static str, Vec<String>, Vec<(String, Option<String>)>);

/// The width and height of the upright photo.
fn size_of(photo: &Path) -> sameface::Result<(u32, u32)> {
    let limits = Limits::default();
    // As few pixels as the format allows to decode.
    let decoded = load(photo, &limits)?.decode_reduced(1, &limits)?;
    Ok((decoded.width, decoded.height))
}

/// The faces that are marked in a photo's XMP: the name, if it has one, and the box in pixels of the upright
/// photo.
#[pyfunction]
pub fn read_regions(py: Python<'_>, photo: PathBuf) -> PyResult<Vec<(Option<String>, [f64; 4])>> {
    py.detach(|| {
        let found = xmp::found(&photo)?;
        if let Some(problem) = found.problems.into_iter().next() {
            return Err(problem);
        }
        let (width, height) = size_of(&photo)?;
        let frame = Frame { width, height, turn: found.turn };
        let regions = found.regions.into_iter().filter_map(|region| {
            let area = frame.meant_by(region.size)?.upright(region.area);
            let (w, h) = (f64::from(width), f64::from(height));
            let bounds = [area.left * w - 0.5, area.top * h - 0.5, area.width * w, area.height * h];
            Some((region.name, bounds))
        });
        Ok(regions.collect())
    })
    .map_err(raised)
}

/// Whether a photo's XMP has a face of this name.
#[pyfunction]
pub fn is_named(py: Python<'_>, photo: PathBuf, name: &str) -> PyResult<bool> {
    let found = py.detach(|| xmp::found(&photo)).map_err(raised)?;
    Ok(found.names().iter().any(|own| same_in_any_case(own, name)))
}

/// Write names, each with its box, into the sidecar of a photo.
#[pyfunction]
pub fn write_sidecar(
    py: Python<'_>,
    photo: PathBuf,
    faces: Vec<(String, [f32; 4])>,
    naming: &str,
    trial: bool,
) -> PyResult<Written> {
    let naming = match naming {
        "photo.jpg.xmp" => Naming::Whole,
        "photo.xmp" => Naming::Stem,
        _ => return Err(PyValueError::new_err("naming: give \"photo.jpg.xmp\" or \"photo.xmp\"")),
    };
    let named = |(name, [x, y, width, height]): (String, [f32; 4])| Named {
        name,
        bounds: FaceBox { x, y, width, height },
    };
    let faces: Vec<Named> = faces.into_iter().map(named).collect();
    let written = py.detach(|| xmp::write(&photo, size_of(&photo)?, &faces, naming, trial));
    let Sidecar { path, outcome, added, kept } = written.map_err(raised)?;
    let outcome = match outcome {
        Outcome::Written => "written",
        Outcome::WouldWrite => "would-write",
        Outcome::Unchanged => "unchanged",
    };
    let kept = kept.into_iter().map(|Kept { name, called }| (name, called));
    Ok((path, outcome, added, kept.collect()))
}
