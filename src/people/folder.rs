//! The folder of the people's profiles, one file each, and an optional profile outside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::file::{Readers, folder_of, is_name_anywhere, replace};
use crate::profile::{Profile, default_path, name_in};
use crate::words::{composed, same_name};

/// The id of the profile outside the folder.
pub const APART: &str = "profile";
/// The extension of a profile's file.
const ENDING: &str = "json";
/// The longest id made from a name, in characters.
const LONGEST_ID: usize = 48;
/// The file with the id of the person enrolled last.
const LAST: &str = "last-enrolled";

/// The folder of the people's profiles. Another program may change it at any time.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    apart: Option<PathBuf>,
}

impl Folder {
    /// The people in the folder at `path`, which need not exist.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path, apart: None }
    }

    /// The people in the user's data folder.
    #[must_use]
    pub fn of_user() -> Self {
        Self::beside(default_path())
    }

    /// The people in the folder beside the profile `apart`, which is one of them if the file exists.
    #[must_use]
    pub fn beside(apart: PathBuf) -> Self {
        Self { path: folder_of(&apart).join("people"), apart: Some(apart) }
    }

    /// Make the profile `apart` one of the people, if the file exists.
    #[must_use]
    pub fn with(self, apart: PathBuf) -> Self {
        Self { apart: Some(apart), ..self }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of each person, by id.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, PathBuf> {
        let mut files = BTreeMap::new();
        if let Some(apart) = self.apart.as_ref().filter(|path| path.is_file()) {
            files.insert(APART.to_owned(), apart.clone());
        }
        // A missing folder holds nobody.
        for entry in std::fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let path = entry.path();
            let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let is_profile = path.extension().is_some_and(|ending| ending == ENDING);
            match id {
                Some(id) if is_profile && is_id(&id) => files.insert(id, path),
                _ => None,
            };
        }
        files
    }

    /// The file of the person with this id, which need not exist.
    ///
    /// # Errors
    /// [`Error::NoPerson`] if the id is not valid, for example because it leads out of the folder.
    pub fn file(&self, id: &str) -> Result<PathBuf> {
        match (&self.apart, id) {
            (Some(apart), APART) => Ok(apart.clone()),
            _ if is_id(id) => Ok(self.path.join(id).with_extension(ENDING)),
            _ => Err(self.nobody(id)),
        }
    }

    /// The id of the person whose profile is the file at `path`.
    #[must_use]
    pub fn id_of_file(&self, path: &Path) -> Option<String> {
        self.files().into_iter().find(|(_, file)| file == path).map(|(id, _)| id)
    }

    /// Check that nobody except the person whose profile is the file at `path` is called `name`: names are
    /// unique.
    ///
    /// # Errors
    /// [`Error::Value`].
    pub fn check_free(&self, name: &str, path: &Path) -> Result<()> {
        match self.files().iter().find(|(_, file)| *file != path && is_called(file, name)) {
            None => Ok(()),
            Some((id, _)) => {
                let problem = format!("somebody else has this name ({id}); choose another name");
                Err(Error::value(format!("{name:?}"), problem))
            }
        }
    }

    /// The id of the person with this name, ignoring case, or with this id. Names in encrypted profiles cannot be
    /// read, so these people are found by their ids.
    ///
    /// # Errors
    /// [`Error::NoPerson`], or [`Error::SeveralPeople`] if several have the name.
    pub fn find(&self, name: &str) -> Result<String> {
        let files = self.files();
        let called: Vec<&String> =
            files.iter().filter(|(_, path)| is_called(path, name)).map(|(id, _)| id).collect();
        match called[..] {
            [id] => Ok(id.clone()),
            [] if files.contains_key(name) => Ok(name.to_owned()),
            [] => {
                let id = id_of(name);
                let locked = files.get(&id).is_some_and(|path| name_in(path).is_none());
                if locked { Ok(id) } else { Err(self.nobody(name)) }
            }
            _ if called.iter().any(|id| *id == name) => Ok(name.to_owned()),
            _ => Err(Error::SeveralPeople {
                name: name.to_owned(),
                ids: called.into_iter().cloned().collect(),
            }),
        }
    }

    /// The id of the person with this name, or the id for a new person of this name.
    ///
    /// # Errors
    /// [`Error::SeveralPeople`] if several have the name already.
    pub fn id_for(&self, name: &str) -> Result<String> {
        match self.find(name) {
            Err(Error::NoPerson { .. }) => Ok(self.free_id(name)),
            found => found,
        }
    }

    /// An unused id for a new person of this name.
    #[must_use]
    pub fn free_id(&self, name: &str) -> String {
        let (taken, base) = (self.files(), id_of(name));
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = |id: &String| !taken.contains_key(id) && id != APART;
        std::iter::once(base.clone()).chain(numbered).find(free).unwrap_or(base)
    }

    /// The id of the person enrolled last; of the only person, if that is not known or the profile is gone; `None` if
    /// there is no profile.
    ///
    /// # Errors
    /// [`Error::WhichPerson`] if it could be any of several.
    pub fn last(&self) -> Result<Option<String>> {
        let files = self.files();
        let noted = std::fs::read_to_string(self.path.join(LAST)).unwrap_or_default();
        if files.contains_key(noted.trim()) {
            return Ok(Some(noted.trim().to_owned()));
        }
        let mut ids = files.into_keys();
        match (ids.next(), ids.next()) {
            (None, _) => Ok(None),
            (only, None) => Ok(only),
            (Some(first), Some(second)) => {
                Err(Error::WhichPerson { folder: self.path.clone(), first, second })
            }
        }
    }

    /// Create the folder, accessible only to its owner, unless it exists.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn make(&self) -> Result<()> {
        private_folder(&self.path)
    }

    /// Note who was enrolled last.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn note_last(&self, id: &str) -> Result<()> {
        self.make()?;
        replace(&self.path.join(LAST), format!("{id}\n").as_bytes(), Readers::Owner)
    }

    /// Delete a person's profile, even a damaged one, and the pictures kept with it. The caller holds the
    /// [`crate::profile::Lock`] on the folder.
    ///
    /// # Errors
    /// [`Error::NoPerson`], or if something cannot be removed.
    pub fn delete(&self, id: &str) -> Result<()> {
        let (path, faces) = (self.file(id)?, self.faces(id));
        if !path.exists() {
            return Err(self.nobody(id));
        }
        // Faces first, so that deleting can be repeated after a failure.
        if faces.exists() {
            std::fs::remove_dir_all(&faces).map_err(|e| Error::write(&faces, e))?;
        }
        Profile::delete(&path)?;
        // Their name must not remain either.
        let last = self.path.join(LAST);
        if std::fs::read_to_string(&last).is_ok_and(|noted| noted.trim() == id) {
            std::fs::remove_file(&last).map_err(|e| Error::write(&last, e))?;
        }
        Ok(())
    }

    /// The folder with the pictures of a person's faces.
    pub(super) fn faces(&self, id: &str) -> PathBuf {
        self.path.join(format!("{id}.faces"))
    }

    /// The error that nobody has this name.
    #[must_use]
    pub fn nobody(&self, name: &str) -> Error {
        Error::NoPerson { name: name.to_owned(), folder: self.path.clone() }
    }
}

/// Create a folder that only its owner may enter, unless it exists.
pub(super) fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|e| Error::write(folder, e))
}

fn is_called(path: &Path, name: &str) -> bool {
    name_in(path).is_some_and(|own| same_name(&own.to_lowercase(), &name.to_lowercase()))
}

/// Whether an id is a plain file name that cannot lead out of the folder.
fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !id.is_empty() && id.len() <= LONGEST_ID + 8 && id.bytes().all(plain)
}

/// A file name for a person's name.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in composed(name).chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => id.push(letter),
            _ if id.ends_with('-') || id.is_empty() => {}
            _ => id.push('-'),
        }
    }
    id.truncate(LONGEST_ID);
    let id = id.trim_end_matches('-');
    match id {
        "" => "person".to_owned(),
        // Windows reserves some names for devices, with any extension.
        device if !is_name_anywhere(device) => format!("{device}-1"),
        id => id.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        for (name, id) in [
            ("Anna", "anna"),
            ("Nicolas Cage", "nicolas-cage"),
            ("../../etc/passwd", "etc-passwd"),
            ("安娜", "person"),
            ("", "person"),
            ("Con", "con-1"),
            ("José!", "jos"),
            ("Jose\u{301}!", "jos"),
        ] {
            assert_eq!(id_of(name), id);
            assert!(is_id(id));
        }
        assert!(id_of(&"x".repeat(500)).len() <= LONGEST_ID);
        for bad in ["", "..", "a/b", "A", "a.json", "a b", &"x".repeat(200)] {
            assert!(!is_id(bad), "{bad}");
        }
    }
}
