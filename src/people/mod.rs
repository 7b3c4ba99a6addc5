//! The enrolled people, one profile each, in a folder that the command line, the server and Python share. Another
//! program may change it at any time, so a profile is read again if its file has changed.

mod apart;
mod folder;
mod review;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use folder::private_folder;
pub use folder::{APART, Folder};

use crate::decision::{Decision, Population};
use crate::enroll::{LeaveOut, leave_out};
use crate::error::{Error, Result};
use crate::file::{Readers, replace};
use crate::pack::{DuplicateLimits, Pack};
use crate::pipeline::{Stamp, in_order};
use crate::profile::{Lock, Passphrase, Profile};

/// A function that gives the passphrase of the profile at a path.
pub type Unlock = Box<dyn Fn(&Path) -> Result<Passphrase> + Send + Sync>;

/// All people.
pub struct People {
    /// The folder with their profiles.
    pub folder: Folder,
    /// The pack's population.
    pub population: Population,
    identity: String,
    duplicates: DuplicateLimits,
    unlock: Unlock,
    /// The passphrase that every saved profile is encrypted with, if any.
    encrypt: Option<Passphrase>,
    known: Mutex<HashMap<String, Arc<Person>>>,
    /// Held, besides the lock on the folder, while a profile is changed, so that no change is lost.
    changing: Mutex<()>,
}

/// One person.
pub struct Person {
    /// The person's id, which is the name of the profile's file.
    pub id: String,
    /// The profile's file.
    pub path: PathBuf,
    /// The profile.
    pub profile: Profile,
    /// The decision fitted to it.
    pub decision: Decision,
    /// The passphrase that opened the profile, if it is encrypted.
    passphrase: Option<Passphrase>,
    stamp: Option<Stamp>,
    test: OnceLock<Option<LeaveOut>>,
}

impl Person {
    /// The profile's self-test with its own method.
    pub fn test(&self, population: &Population, threads: usize) -> Option<&LeaveOut> {
        let test = || leave_out(&self.profile, self.profile.method, population, threads).ok();
        self.test.get_or_init(test).as_ref()
    }
}

impl People {
    /// The people in `folder` whose profiles are of `pack`. Encrypted profiles are opened with the passphrase from
    /// `unlock`; with `encrypt`, every saved profile is encrypted.
    ///
    /// # Errors
    /// If the pack's population is damaged.
    pub fn new(
        folder: Folder,
        pack: &Pack,
        unlock: Unlock,
        encrypt: Option<Passphrase>,
    ) -> Result<Self> {
        Ok(Self {
            folder,
            population: Population::of(pack)?,
            identity: pack.identity(),
            duplicates: pack.description.duplicates,
            unlock,
            encrypt,
            known: Mutex::default(),
            changing: Mutex::default(),
        })
    }

    /// The person with this id.
    ///
    /// # Errors
    /// [`Error::NoPerson`]; if the profile cannot be read or is of another pack.
    pub fn person(&self, id: &str) -> Result<Arc<Person>> {
        let path = self.folder.file(id)?;
        let stamp = Stamp::of(&path);
        if stamp.is_none() {
            self.known().remove(id);
            return Err(self.folder.nobody(id));
        }
        let known = self.known().get(id).cloned();
        if let Some(person) = known.filter(|person| person.stamp == stamp) {
            return Ok(person);
        }
        let mut passphrase = None;
        let unlock = || Ok(passphrase.insert((self.unlock)(&path)?).clone());
        let profile = Profile::unlock(&path, &self.identity, unlock)?;
        self.keep(id, path, profile, passphrase, stamp)
    }

    /// Everybody in the order of their ids, with the error if the profile cannot be used.
    #[must_use]
    pub fn everybody(&self) -> Vec<(String, Result<Arc<Person>>)> {
        let (ids, mut people) = (self.folder.files().into_keys(), Vec::new());
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let read = |(): &mut (), id: &String| self.person(id);
        let done = in_order(
            ids,
            threads,
            || Ok(()),
            read,
            |id, person| {
                people.push((id.clone(), person));
                Ok(())
            },
        );
        // Only a person's own profile can fail.
        done.map_or_else(|_| Vec::new(), |()| people)
    }

    /// Save a new person's profile.
    ///
    /// # Errors
    /// If it cannot be written, or its method cannot be fitted.
    pub fn create(&self, profile: Profile) -> Result<Arc<Person>> {
        self.folder.make()?;
        let _changing = self.changing(&self.folder.path().join("new"));
        let id = self.folder.free_id(&profile.name);
        let person = self.save(&id, profile, None)?;
        self.folder.note_last(&id)?;
        Ok(person)
    }

    /// Change a person's profile, which is saved before this returns.
    ///
    /// # Errors
    /// As [`Self::person`], the errors of `change`, and if the profile cannot be written.
    pub fn change(
        &self,
        id: &str,
        change: impl FnOnce(&Person) -> Result<Profile>,
    ) -> Result<Arc<Person>> {
        let _changing = self.changing(&self.folder.file(id)?);
        let person = self.person(id)?;
        self.save(id, change(&person)?, person.passphrase.clone())
    }

    /// Rename the person with this name or id; the id stays.
    ///
    /// # Errors
    /// As [`Folder::find`] and [`Self::change`]; [`Error::Value`] if the new name is empty or another's.
    pub fn rename(&self, name: &str, new: &str) -> Result<Arc<Person>> {
        let new = new.trim();
        if new.is_empty() {
            return Err(Error::value("name", "the new name is empty; give one"));
        }
        let id = self.folder.find(name)?;
        self.folder.check_free(new, &self.folder.file(&id)?)?;
        self.change(&id, |person| Ok(Profile { name: new.to_owned(), ..person.profile.clone() }))
    }

    /// Delete a person's profile and the pictures kept with it.
    ///
    /// # Errors
    /// As [`Folder::delete`].
    pub fn delete(&self, id: &str) -> Result<()> {
        let _changing = self.changing(&self.folder.file(id)?);
        self.folder.delete(id)?;
        self.known().remove(id);
        Ok(())
    }

    /// Keep small pictures of faces: JPEGs, named by the SHA-256 of their photo.
    ///
    /// # Errors
    /// [`Error::NoPerson`], or if a picture cannot be written.
    pub fn keep_faces<'a>(
        &self,
        id: &str,
        faces: impl Iterator<Item = (&'a str, Vec<u8>)>,
    ) -> Result<()> {
        let (path, folder) = (self.folder.file(id)?, self.folder.faces(id));
        let _changing = self.changing(&path);
        if !path.exists() {
            // Do not keep pictures of somebody who was deleted meanwhile.
            return Err(self.folder.nobody(id));
        }
        for (sha256, jpeg) in faces {
            private_folder(&folder)?;
            replace(&folder.join(format!("{sha256}.jpg")), &jpeg, Readers::Owner)?;
        }
        Ok(())
    }

    /// The kept picture of the face in a photo.
    #[must_use]
    pub fn kept_face(&self, id: &str, sha256: &str) -> Option<Vec<u8>> {
        std::fs::read(self.face(id, sha256)?).ok()
    }

    /// Whether there is one.
    #[must_use]
    pub fn has_kept_face(&self, id: &str, sha256: &str) -> bool {
        self.face(id, sha256).is_some_and(|path| path.is_file())
    }

    /// The file of such a picture; `None` if the photo has no SHA-256.
    fn face(&self, id: &str, sha256: &str) -> Option<PathBuf> {
        let plain = !sha256.is_empty() && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| self.folder.faces(id).join(format!("{sha256}.jpg")))
    }

    /// Whether pictures of a person's faces are kept.
    #[must_use]
    pub fn keeps_faces(&self, id: &str) -> bool {
        !self.encrypts() && self.folder.faces(id).is_dir()
    }

    /// Whether every saved profile is encrypted; pictures of people are then not kept.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.encrypt.is_some()
    }

    fn save(
        &self,
        id: &str,
        profile: Profile,
        passphrase: Option<Passphrase>,
    ) -> Result<Arc<Person>> {
        let path = self.folder.file(id)?;
        if id != APART {
            self.folder.make()?;
        }
        let passphrase = self.encrypt.clone().or(passphrase);
        profile.save(&path, passphrase.as_ref())?;
        let stamp = Stamp::of(&path);
        self.keep(id, path, profile, passphrase, stamp)
    }

    fn keep(
        &self,
        id: &str,
        path: PathBuf,
        profile: Profile,
        passphrase: Option<Passphrase>,
        stamp: Option<Stamp>,
    ) -> Result<Arc<Person>> {
        let decision = profile.decision(&self.population)?;
        let (id, test) = (id.to_owned(), OnceLock::new());
        let person = Person { id: id.clone(), path, profile, decision, passphrase, stamp, test };
        let person = Arc::new(person);
        self.known().insert(id, person.clone());
        Ok(person)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<Person>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acquire exclusive access to the profile at `path`. Waiting for another program blocks only callers that need a
    /// profile in the same folder.
    fn changing(&self, path: &Path) -> (MutexGuard<'_, ()>, Lock) {
        let lock = Lock::wait(path);
        (self.changing.lock().unwrap_or_else(PoisonError::into_inner), lock)
    }
}

#[cfg(test)]
mod tests;
