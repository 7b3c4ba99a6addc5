//! Which packs there are, and the one that a name stands for.

use std::path::{Path, PathBuf};

use super::{DESCRIPTION, Pack};
use crate::error::{Error, Result};
use crate::folders;

/// A pack, or what is wrong with it.
#[derive(Debug)]
pub struct Listed {
    /// Its folder; none for the one that is built in.
    pub folder: Option<PathBuf>,
    /// The pack, if it can be opened.
    pub pack: Result<Pack>,
}

/// The folder in which a pack is found by its folder's name: `packs` in the user's data folder.
#[must_use]
pub fn folder_of_user() -> Option<PathBuf> {
    Some(folders::data()?.join("packs"))
}

/// The pack that is built in, then those in the user's folder of packs by name.
#[must_use]
pub fn list() -> Vec<Listed> {
    let mut all = vec![Listed { folder: None, pack: Pack::default_pack() }];
    // A folder that is not there holds none.
    let entries = folder_of_user().and_then(|folder| std::fs::read_dir(folder).ok());
    let mut folders: Vec<PathBuf> =
        entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| folder.join(DESCRIPTION).is_file());
    folders.sort();
    all.extend(
        folders
            .into_iter()
            .map(|folder| Listed { pack: Pack::open(&folder), folder: Some(folder) }),
    );
    all
}

/// See [`Pack::named`].
pub(super) fn find(name: &str) -> Result<Pack> {
    let built_in = Pack::default_pack()?;
    if name == built_in.name() {
        return Ok(built_in);
    }
    let path = Path::new(name);
    if path.is_dir() {
        return Pack::open(path);
    }
    let plain = path.components().count() == 1;
    match folder_of_user().map(|folder| folder.join(name)) {
        Some(folder) if plain && folder.is_dir() => Pack::open(&folder),
        _ => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Error {
    let known = list().into_iter().filter_map(|listed| listed.pack.ok());
    let known: Vec<String> = known.map(|pack| pack.name().to_owned()).collect();
    let problem = format!(
        "{name:?} is not a pack; give the folder of a pack or one of these names: {}",
        known.join(", ")
    );
    Error::value("--pack", problem)
}
