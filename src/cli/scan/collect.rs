//! Collecting photos in a folder, as copies or links. Existing files are never replaced. With --dry-run
//! nothing is written.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::super::output::shown;

use crate::error::{Error, Result};
use crate::file::{Readers, copy_beside, folder_of};

/// Copies or links photos into folders.
pub(super) struct Collector {
    copies: Option<PathBuf>,
    links: Option<PathBuf>,
    /// With --dry-run: the files that would be made, with their content.
    planned: Option<RefCell<HashMap<PathBuf, String>>>,
}

/// The files that were, or would be, made of a photo; empty if the photo is there already.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Placed {
    #[serde(serialize_with = "paths_as_text")]
    pub copy_to: Vec<PathBuf>,
    #[serde(serialize_with = "paths_as_text")]
    pub link_to: Vec<PathBuf>,
}

/// A line of JSON with the result of --dry-run.
#[derive(Serialize)]
pub(super) struct Dry<'a, T> {
    #[serde(flatten)]
    pub line: &'a T,
    pub dry_run: &'a Placed,
}

impl Placed {
    /// A line for each file that would be made.
    pub fn lines(&self) -> Vec<String> {
        let copies = self.copy_to.iter().map(|path| format!("would be copied to {}", shown(path)));
        let links = self.link_to.iter().map(|path| format!("would be linked as {}", shown(path)));
        copies.chain(links).collect()
    }

    /// Add those of `other`.
    pub fn extend(&mut self, other: Self) {
        self.copy_to.extend(other.copy_to);
        self.link_to.extend(other.link_to);
    }
}

fn paths_as_text<S: Serializer>(paths: &[PathBuf], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}

impl Collector {
    /// A collector that copies into the first folder and links into the second, if given, and creates these
    /// folders; if `dry`, it writes nothing.
    ///
    /// # Errors
    /// [`Error::Write`] if a folder cannot be created.
    pub fn new(copies: Option<&Path>, links: Option<&Path>, dry: bool) -> Result<Self> {
        for folder in [copies, links].into_iter().flatten().filter(|_| !dry) {
            std::fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
        }
        let (copies, links) = (copies.map(Path::to_owned), links.map(Path::to_owned));
        Ok(Self { copies, links, planned: dry.then(RefCell::default) })
    }

    /// Whether it writes nothing.
    pub fn is_dry(&self) -> bool {
        self.planned.is_some()
    }

    /// Copy or link the photo, whose file has this SHA-256.
    ///
    /// # Errors
    /// [`Error::Write`] if a file cannot be written, [`Error::Read`] if the photo is gone.
    pub fn collect(&self, photo: &Path, sha256: &str) -> Result<Placed> {
        self.collect_in(Path::new(""), photo, sha256)
    }

    /// The same, into a folder called `below` in each of the folders, which is created.
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_in(&self, below: &Path, photo: &Path, sha256: &str) -> Result<Placed> {
        let made = |folder: &Path| {
            let folder = folder.join(below);
            if self.is_dry() {
                return Ok(folder);
            }
            std::fs::create_dir_all(&folder).map_err(|e| Error::write(&folder, e))?;
            Ok::<_, Error>(folder)
        };
        let mut placed = Placed::default();
        if let Some(folder) = &self.copies {
            let copied = |there: &Path| self.plans(there, sha256) || has_content(there, sha256);
            let copy = |there: &Path| match &self.planned {
                Some(planned) => plan(planned, there, sha256),
                None => copy_beside(photo, there, Readers::Everybody),
            };
            placed.copy_to.extend(put(photo, &made(folder)?, copied, copy)?);
        }
        if let Some(folder) = &self.links {
            let photo = std::path::absolute(photo).map_err(|e| Error::read(photo, e))?;
            let name = photo.to_string_lossy();
            let linked = |there: &Path| self.plans(there, &name) || links_to(there, &photo);
            let link = |there: &Path| match &self.planned {
                Some(planned) => plan(planned, there, &name),
                None => link(&photo, there),
            };
            placed.link_to.extend(put(&photo, &made(folder)?, linked, link)?);
        }
        Ok(placed)
    }

    /// Whether this file with this content is planned already.
    fn plans(&self, there: &Path, content: &str) -> bool {
        let planned = self.planned.as_ref().map(RefCell::borrow);
        planned.is_some_and(|planned| planned.get(there).is_some_and(|held| held == content))
    }
}

/// Note that a file would be made.
///
/// # Errors
/// [`Error::Write`] if the file exists or is planned already.
fn plan(planned: &RefCell<HashMap<PathBuf, String>>, there: &Path, content: &str) -> Result<()> {
    if there.symlink_metadata().is_ok() || planned.borrow().contains_key(there) {
        return Err(Error::write(there, io::ErrorKind::AlreadyExists.into()));
    }
    planned.borrow_mut().insert(there.to_owned(), content.to_owned());
    Ok(())
}

/// Put `photo` into `folder` under its own name, or with a number if another file has that name. Returns the
/// file's path, or `None` if one of these files is the photo already. `make` must fail if the file exists.
fn put(
    photo: &Path,
    folder: &Path,
    is_photo: impl Fn(&Path) -> bool,
    make: impl Fn(&Path) -> Result<()>,
) -> Result<Option<PathBuf>> {
    for number in 1.. {
        let there = folder.join(numbered(photo, number));
        match make(&there) {
            Err(Error::Write { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                if is_photo(&there) {
                    return Ok(None);
                }
            }
            done => return done.map(|()| Some(there)),
        }
    }
    Ok(None)
}

/// `a.jpg`, `a-2.jpg`, `a-3.jpg`.
fn numbered(photo: &Path, number: u32) -> PathBuf {
    let name = photo.file_name().unwrap_or(photo.as_os_str());
    if number == 1 {
        return name.into();
    }
    let mut numbered = photo.file_stem().unwrap_or(name).to_owned();
    numbered.push(format!("-{number}"));
    if let Some(ending) = photo.extension() {
        numbered.push(".");
        numbered.push(ending);
    }
    numbered.into()
}

fn has_content(file: &Path, sha256: &str) -> bool {
    sha256_of(file).is_ok_and(|found| found == sha256)
}

/// The SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// [`Error::Read`].
pub(super) fn sha256_of(file: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    let read = File::open(file).and_then(|mut file| io::copy(&mut file, &mut hash));
    read.map_err(|e| Error::read(file, e))?;
    Ok(format!("{:x}", hash.finalize()))
}

#[cfg(unix)]
fn link(photo: &Path, there: &Path) -> Result<()> {
    std::os::unix::fs::symlink(photo, there).map_err(|e| Error::write(there, e))
}

#[cfg(not(unix))]
fn link(photo: &Path, there: &Path) -> Result<()> {
    std::fs::hard_link(photo, there).map_err(|e| Error::write(there, e))
}

/// Whether there is a link to this very photo.
fn links_to(there: &Path, photo: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    match std::fs::read_link(there) {
        Ok(target) => whole(&folder_of(there).join(target)) == whole(photo),
        Err(_) => same_file(there, photo),
    }
}

#[cfg(unix)]
fn same_file(_: &Path, _: &Path) -> bool {
    false
}

/// Hard links cannot be distinguished from files, so the content decides.
#[cfg(not(unix))]
fn same_file(there: &Path, photo: &Path) -> bool {
    matches!((std::fs::read(there), std::fs::read(photo)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_get_a_number_and_what_is_there_stays_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a", "b"] {
            std::fs::create_dir(at(name)).unwrap();
            std::fs::write(at(name).join("x.y.jpg"), name).unwrap();
        }
        let (copies, links) = (at("new/copies"), at("links"));
        let collector = Collector::new(Some(&copies), Some(&links), false).unwrap();
        std::fs::write(copies.join("x.y-2.jpg"), "another's").unwrap();
        let dry = Collector::new(Some(&copies), Some(&links), true).unwrap();
        for again in [false, true] {
            for (name, copy, link) in [("a", "x.y.jpg", "x.y.jpg"), ("b", "x.y-3.jpg", "x.y-2.jpg")]
            {
                let sha256 = format!("{:x}", Sha256::digest(name));
                let placed = |collector: &Collector| {
                    collector.collect(&at(name).join("x.y.jpg"), &sha256).unwrap()
                };
                let planned = placed(&dry);
                assert_eq!(
                    (planned.copy_to.is_empty(), planned.link_to.is_empty()),
                    (again, again)
                );
                if !again {
                    let (copy_to, link_to) = (vec![copies.join(copy)], vec![links.join(link)]);
                    assert_eq!(planned, Placed { copy_to, link_to });
                    assert!(!copies.join(copy).exists() && !links.join(link).exists());
                }
                assert_eq!(placed(&collector), planned, "what is said is what is done");
            }
        }
        let content = |folder: &Path| {
            let mut files: Vec<_> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .map(|path| (numbered(&path, 1), std::fs::read_to_string(&path).unwrap()))
                .collect();
            files.sort();
            files
        };
        let file = |name: &str, text: &str| (PathBuf::from(name), text.to_owned());
        let copied = [file("x.y-2.jpg", "another's"), file("x.y-3.jpg", "b"), file("x.y.jpg", "a")];
        assert_eq!(content(&copies), copied);
        assert_eq!(content(&links), [file("x.y-2.jpg", "b"), file("x.y.jpg", "a")]);
        let gone = collector.collect(&at("gone.jpg"), "");
        assert!(matches!(gone, Err(Error::Read { .. })), "{gone:?}");
    }
}
