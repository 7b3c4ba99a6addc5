//! The people who are enrolled, a profile each. The command line, the server and Python share one
//! folder of them. Another program may change it at any time, so a profile is read again when its
//! file is another.

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

/// Who knows the passphrase of the profile at a path.
pub type Unlock = Box<dyn Fn(&Path) -> Result<Passphrase> + Send + Sync>;

/// All people.
pub struct People {
    /// Where their profiles are.
    pub folder: Folder,
    /// People in general.
    pub population: Population,
    identity: String,
    duplicates: DuplicateLimits,
    unlock: Unlock,
    /// What every profile that is saved is encrypted with, if anything.
    encrypt: Option<Passphrase>,
    known: Mutex<HashMap<String, Arc<Person>>>,
    /// Held while a profile is changed, beside the lock on its folder, so that no change is lost to
    /// another.
    changing: Mutex<()>,
}

/// One person.
pub struct Person {
    /// The name of the profile's file, by which the person goes among the people.
    pub id: String,
    /// The profile's file.
    pub path: PathBuf,
    /// What was learnt.
    pub profile: Profile,
    /// The decision fitted to it.
    pub decision: Decision,
    /// What opened the profile, if it is encrypted.
    passphrase: Option<Passphrase>,
    stamp: Option<Stamp>,
    test: OnceLock<Option<LeaveOut>>,
}

impl Person {
    /// The profile's test of itself by its own method.
    pub fn test(&self, population: &Population, threads: usize) -> Option<&LeaveOut> {
        let test = || leave_out(&self.profile, self.profile.method, population, threads).ok();
        self.test.get_or_init(test).as_ref()
    }
}

impl People {
    /// Those in `folder` whose embeddings are of `pack`. Profiles that are encrypted are opened with
    /// what `unlock` knows; with `encrypt` every profile that is saved is encrypted.
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
    /// [`Error::NoPerson`]; if the profile cannot be read or is of other models.
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

    /// Everybody, in the order of their ids; those whose profile cannot be used with the reason.
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
        // Nothing but a person's own profile can fail.
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
    /// As [`Self::person`], what `change` says, and if the profile cannot be written.
    pub fn change(
        &self,
        id: &str,
        change: impl FnOnce(&Person) -> Result<Profile>,
    ) -> Result<Arc<Person>> {
        let _changing = self.changing(&self.folder.file(id)?);
        let person = self.person(id)?;
        self.save(id, change(&person)?, person.passphrase.clone())
    }

    /// Call the person of this name, or with this id, otherwise: the id stays.
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

    /// Delete a person's profile and the pictures that were kept.
    ///
    /// # Errors
    /// As [`Folder::delete`].
    pub fn delete(&self, id: &str) -> Result<()> {
        let _changing = self.changing(&self.folder.file(id)?);
        self.folder.delete(id)?;
        self.known().remove(id);
        Ok(())
    }

    /// Keep small pictures of faces, JPEGs by the SHA-256 of their photo.
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
            // Nothing may be left of somebody who was deleted in the meantime.
            return Err(self.folder.nobody(id));
        }
        for (sha256, jpeg) in faces {
            private_folder(&folder)?;
            replace(&folder.join(format!("{sha256}.jpg")), &jpeg, Readers::Owner)?;
        }
        Ok(())
    }

    /// The picture that was kept of the face in a photo.
    #[must_use]
    pub fn kept_face(&self, id: &str, sha256: &str) -> Option<Vec<u8>> {
        std::fs::read(self.face(id, sha256)?).ok()
    }

    /// Whether there is one.
    #[must_use]
    pub fn has_kept_face(&self, id: &str, sha256: &str) -> bool {
        self.face(id, sha256).is_some_and(|path| path.is_file())
    }

    /// The file of such a picture; none if a photo has no SHA-256.
    fn face(&self, id: &str, sha256: &str) -> Option<PathBuf> {
        let plain = !sha256.is_empty() && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| self.folder.faces(id).join(format!("{sha256}.jpg")))
    }

    /// Whether pictures of a person's faces are kept.
    #[must_use]
    pub fn keeps_faces(&self, id: &str) -> bool {
        !self.encrypts() && self.folder.faces(id).is_dir()
    }

    /// Whether every profile that is saved is encrypted; nothing that shows a person is then kept in
    /// clear.
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

    /// Have the profile at `path` to oneself. Whoever waits for another program holds up only those who
    /// want a profile of the same folder.
    fn changing(&self, path: &Path) -> (MutexGuard<'_, ()>, Lock) {
        let lock = Lock::wait(path);
        (self.changing.lock().unwrap_or_else(PoisonError::into_inner), lock)
    }
}

#[cfg(test)]
mod tests;
