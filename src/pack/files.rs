//! Where a pack's files are: in the executable or in a folder.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sameface_models::FILES as BUILT_IN;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// The largest file of a pack in bytes: larger networks exist, but none for a single face.
const MOST_BYTES: u64 = 1 << 30;

/// The files of one pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Files {
    /// Those in the executable.
    BuiltIn,
    /// Those of a folder.
    Folder(PathBuf),
}

impl Files {
    /// Where they are, for people.
    pub fn place(&self) -> String {
        match self {
            Self::BuiltIn => "built in".to_owned(),
            Self::Folder(folder) => folder.display().to_string(),
        }
    }

    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::BuiltIn => None,
            Self::Folder(folder) => Some(folder),
        }
    }

    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::BuiltIn => BUILT_IN.iter().any(|(known, _)| *known == name),
            Self::Folder(folder) => folder.join(name).is_file(),
        }
    }

    /// The bytes of the file `name`.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>> {
        match self {
            Self::BuiltIn => BUILT_IN
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, bytes)| Cow::Borrowed(*bytes))
                .ok_or_else(|| Error::pack(&self.place(), format!("{name} is missing"))),
            Self::Folder(folder) => read(folder, name).map(Cow::Owned),
        }
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let place = || folder.display().to_string();
    let failed = |e: std::io::Error| Error::pack(&place(), format!("{name} cannot be read ({e})"));
    let mut bytes = Vec::new();
    let file = File::open(folder.join(name)).map_err(failed)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::pack(&place(), format!("{name} is larger than 1 GB")));
    }
    Ok(bytes)
}

/// The SHA-256 of `bytes` in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
