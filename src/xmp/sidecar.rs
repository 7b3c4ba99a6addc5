//! Sidecars: files beside photos that hold their XMP. They are written completely or not at all; photos are
//! never written.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use image::metadata::Orientation;
use serde::Serialize;

use super::frame::{Area, Frame, pairs};
use super::merge::{Kept, Merged, Named, carried_over, merged};
use super::read::{Region, regions};
use crate::error::{Error, Result};
use crate::face::FaceBox;
use crate::file::{Readers, replace};
use crate::photo::{Limits, MOST_XMP, Metadata};
use crate::words::same_in_any_case;

/// How a sidecar is called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Naming {
    /// As the photo with `.xmp` behind it, as digiKam, darktable, Immich and PhotoPrism do.
    #[default]
    Whole,
    /// As the photo with `.xmp` instead of its ending, as Adobe's programs do.
    Stem,
}

/// What became of a sidecar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was written.
    Written,
    /// It would be written, if that were not only tried.
    WouldWrite,
    /// It had all of it already, or nothing is to be added.
    Unchanged,
}

/// What became of a photo's sidecar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sidecar {
    /// Its file.
    #[serde(rename = "sidecar", serialize_with = "crate::profile::path_as_text")]
    pub path: PathBuf,
    /// What became of it.
    pub outcome: Outcome,
    /// The names for which something was added, or would be.
    pub added: Vec<String>,
    /// The names that were not written, since something else is there.
    pub kept: Vec<Kept>,
}

/// The regions that a photo has, in its sidecars and in itself.
#[derive(Debug)]
pub struct Found {
    /// They, without those that repeat another.
    pub regions: Vec<Region>,
    /// How the photo's stored pixels are turned.
    pub turn: Orientation,
    /// What could not be read of it.
    pub problems: Vec<Error>,
}

/// The file of a photo's sidecar.
#[must_use]
pub fn sidecar_of(photo: &Path, naming: Naming) -> PathBuf {
    match naming {
        Naming::Stem => photo.with_extension("xmp"),
        Naming::Whole => {
            let mut name = photo.as_os_str().to_owned();
            name.push(".xmp");
            name.into()
        }
    }
}

/// Add the names of a photo's faces that are missing to its sidecar; `size` is the width and height of
/// the upright photo. A new sidecar begins with the photo's own regions and keywords. If nothing is missing, or
/// this is a `trial`, nothing is written.
///
/// # Errors
/// [`Error::Xmp`] if the sidecar is no XMP that can be added to, [`Error::Read`] and [`Error::Write`]. What was
/// there is then untouched.
pub fn write(
    photo: &Path,
    size: (u32, u32),
    faces: &[Named],
    naming: Naming,
    trial: bool,
) -> Result<Sidecar> {
    let path = sidecar_of(photo, naming);
    let metadata = Metadata::read(photo, &Limits::default())?;
    // A link to a sidecar stays one.
    let file = path.canonicalize().unwrap_or_else(|_| path.clone());
    let old = read(&file)?;
    let merged = merged_with(old.as_deref(), &metadata, size, faces);
    let Merged { text, added, kept } =
        merged.map_err(|reason| Error::Xmp { path: path.clone(), reason })?;
    let outcome = match text {
        None => Outcome::Unchanged,
        Some(_) if trial => Outcome::WouldWrite,
        Some(text) => {
            replace(&file, text.as_bytes(), readers(&file))?;
            Outcome::Written
        }
    };
    Ok(Sidecar { path, outcome, added, kept })
}

/// The text of a new sidecar for a photo that lies nowhere; `None` if there is nothing to say.
///
/// # Errors
/// [`Error::Xmp`].
pub fn text_for(
    photo: &Path,
    metadata: &Metadata,
    size: (u32, u32),
    faces: &[Named],
) -> Result<Option<String>> {
    let merged = merged_with(None, metadata, size, faces);
    let merged = merged.map_err(|reason| Error::Xmp { path: photo.to_owned(), reason })?;
    Ok(merged.text)
}

fn merged_with(
    old: Option<&str>,
    metadata: &Metadata,
    (width, height): (u32, u32),
    faces: &[Named],
) -> std::result::Result<Merged, String> {
    let frame = Frame { width, height, turn: metadata.turn };
    if old.is_some() || faces.is_empty() {
        return merged(old, &frame, faces);
    }
    let own =
        carried_over(&metadata.xmp.iter().map(|packet| packet_text(packet)).collect::<Vec<_>>());
    // Regions in the photo may be for another size, as after a crop: they are ignored then.
    merged(own.as_deref(), &frame, faces).or_else(|_| merged(None, &frame, faces))
}

/// A packet as text, without what fills it up. XMP in photos is UTF-8.
fn packet_text(packet: &[u8]) -> String {
    let text = String::from_utf8_lossy(packet);
    text.trim_matches(|c: char| c == '\0' || c.is_whitespace()).to_owned()
}

/// The sidecar at `path`; `None` if there is none.
fn read(path: &Path) -> Result<Option<String>> {
    let wrong = |reason: String| Error::Xmp { path: path.to_owned(), reason };
    match std::fs::metadata(path) {
        // A pipe or a device may never end.
        Ok(kind) if !kind.is_file() => return Err(wrong("not a file".to_owned())),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::read(path, error)),
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| Error::read(path, e))?;
    file.take(MOST_XMP as u64 + 1).read_to_end(&mut bytes).map_err(|e| Error::read(path, e))?;
    if bytes.len() > MOST_XMP {
        return Err(wrong(format!("more than {} MB", MOST_XMP >> 20)));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| wrong("not UTF-8".to_owned()))
}

/// Who may read the sidecar that is written: as before, if there was one.
fn readers(path: &Path) -> Readers {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).map(|old| old.permissions().mode());
        if mode.is_ok_and(|mode| mode & 0o077 == 0) {
            return Readers::Owner;
        }
    }
    let _ = path;
    Readers::Everybody
}

/// The regions of a photo: in its sidecars of either name, then in itself. Of several at one place the first
/// counts.
///
/// # Errors
/// If the photo cannot be read; what is wrong with its XMP is among the problems.
pub fn found(photo: &Path) -> Result<Found> {
    let metadata = Metadata::read(photo, &Limits::default())?;
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let mut take = |path: &Path, text: &str| match regions(text) {
        Ok(regions) => all.extend(regions),
        Err(reason) => problems.push(Error::Xmp { path: path.to_owned(), reason }),
    };
    let mut unread = Vec::new();
    for naming in [Naming::Whole, Naming::Stem] {
        let path = sidecar_of(photo, naming);
        match read(&path) {
            Ok(text) => text.iter().for_each(|text| take(&path, text)),
            Err(error) => unread.push(error),
        }
    }
    metadata.xmp.iter().for_each(|packet| take(photo, &packet_text(packet)));
    problems.extend(unread);
    let mut regions: Vec<Region> = Vec::new();
    for region in all {
        let repeats = |known: &Region| {
            known.size.is_none_or(|size| region.size.is_none_or(|other| other == size))
                && known.area.overlap(region.area) > 0.5
                && (known.name.is_some() || region.name.is_none())
        };
        if !regions.iter().any(repeats) {
            regions.push(region);
        }
    }
    Ok(Found { regions, turn: metadata.turn, problems })
}

impl Found {
    /// The names of the faces, each once.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.regions.iter().filter_map(|region| region.name.as_deref()) {
            if !names.iter().any(|known| same_in_any_case(known, name)) {
                names.push(name);
            }
        }
        names
    }

    /// For each region the face that it shows: its place among `faces`, boxes in the upright photo of this
    /// size.
    #[must_use]
    pub fn faces(&self, (width, height): (u32, u32), faces: &[FaceBox]) -> Vec<Option<usize>> {
        let frame = Frame { width, height, turn: self.turn };
        let upright = Frame { turn: Orientation::NoTransforms, ..frame };
        let faces: Vec<Area> = faces.iter().map(|bounds| upright.stored_area(*bounds)).collect();
        // Regions for another picture lie nowhere.
        let nowhere = Area { left: 9.0, top: 9.0, width: 1e-9, height: 1e-9 };
        let area = |region: &Region| {
            frame.meant_by(region.size).map_or(nowhere, |frame| frame.upright(region.area))
        };
        pairs(&self.regions.iter().map(area).collect::<Vec<_>>(), &faces)
    }

    /// The face of the person of this name, in the same way.
    #[must_use]
    pub fn face_of(&self, name: &str, size: (u32, u32), faces: &[FaceBox]) -> Option<usize> {
        let shown = self.faces(size, faces);
        let is =
            |region: &Region| region.name.as_ref().is_some_and(|own| same_in_any_case(own, name));
        let mut named = self.regions.iter().zip(shown).filter(|(region, _)| is(region));
        named.find_map(|(_, face)| face)
    }
}
