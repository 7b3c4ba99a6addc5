//! Photos put together in a folder, as copies or as links. What is there is never replaced.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::file::{Readers, copy_beside, folder_of};

/// Puts photos into folders.
pub(super) struct Collector {
    copies: Option<PathBuf>,
    links: Option<PathBuf>,
}

impl Collector {
    /// One that copies into the first folder and links into the second, where there are such, and
    /// makes them now.
    ///
    /// # Errors
    /// [`Error::Write`] where a folder cannot be made.
    pub fn new(copies: Option<&Path>, links: Option<&Path>) -> Result<Self> {
        for folder in [copies, links].into_iter().flatten() {
            std::fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
        }
        Ok(Self { copies: copies.map(Path::to_owned), links: links.map(Path::to_owned) })
    }

    /// Put the photo, whose file has this SHA-256, where it belongs.
    ///
    /// # Errors
    /// [`Error::Write`] where a file cannot be written, [`Error::Read`] where the photo is gone.
    pub fn collect(&self, photo: &Path, sha256: &str) -> Result<()> {
        self.collect_in(Path::new(""), photo, sha256)
    }

    /// The same, into folders of the name `below` in those folders, which are made.
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_in(&self, below: &Path, photo: &Path, sha256: &str) -> Result<()> {
        let made = |folder: &Path| {
            let folder = folder.join(below);
            std::fs::create_dir_all(&folder).map_err(|e| Error::write(&folder, e))?;
            Ok::<_, Error>(folder)
        };
        if let Some(folder) = &self.copies {
            let copied = |there: &Path| has_content(there, sha256);
            let copy = |there: &Path| copy_beside(photo, there, Readers::Everybody);
            put(photo, &made(folder)?, copied, copy)?;
        }
        if let Some(folder) = &self.links {
            let photo = std::path::absolute(photo).map_err(|e| Error::read(photo, e))?;
            let linked = |there: &Path| links_to(there, &photo);
            put(&photo, &made(folder)?, linked, |there| link(&photo, there))?;
        }
        Ok(())
    }
}

/// Put `photo` into `folder` under its own name, or that with a number where another file has it;
/// nothing, where a file of these is the photo already. `make` must fail where there is a file.
fn put(
    photo: &Path,
    folder: &Path,
    is_photo: impl Fn(&Path) -> bool,
    make: impl Fn(&Path) -> Result<()>,
) -> Result<()> {
    for number in 1.. {
        let there = folder.join(numbered(photo, number));
        match make(&there) {
            Err(Error::Write { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists => {
                if is_photo(&there) {
                    return Ok(());
                }
            }
            done => return done,
        }
    }
    Ok(())
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

/// Hard links cannot be told from files, so the content decides.
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
        let collector = Collector::new(Some(&copies), Some(&links)).unwrap();
        std::fs::write(copies.join("x.y-2.jpg"), "another's").unwrap();
        for _ in 0..2 {
            for name in ["a", "b"] {
                let sha256 = format!("{:x}", Sha256::digest(name));
                collector.collect(&at(name).join("x.y.jpg"), &sha256).unwrap();
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
