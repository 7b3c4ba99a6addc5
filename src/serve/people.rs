//! The people: a profile each in one folder, and that of the command line. Another program may
//! change them at any time, so a profile is read again when its file is another.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::Settings;
use super::problem::{Answer, Problem};
use crate::decision::{Decision, Population};
use crate::enroll::{LeaveOut, leave_out};
use crate::error::{Error, Result};
use crate::file::{Readers, replace};
use crate::pack::Pack;
use crate::pipeline::Stamp;
use crate::profile::{Lock, Passphrase, Profile};

/// The name under which the command line's profile goes.
pub const COMMAND_LINE: &str = "profile";
/// What a profile's file ends with.
const ENDING: &str = "json";
/// The longest name of a file, in letters.
const LONGEST_ID: usize = 48;

/// All people.
pub struct People {
    folder: PathBuf,
    command_line: PathBuf,
    passphrase: Option<Passphrase>,
    identity: String,
    pub population: Population,
    known: Mutex<HashMap<String, Arc<Person>>>,
    /// Held while a profile is changed, beside the lock on its folder, so that no change is lost to
    /// another.
    changing: Mutex<()>,
}

/// One person.
pub struct Person {
    pub id: String,
    pub path: PathBuf,
    pub profile: Profile,
    pub decision: Decision,
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
    /// Those of the settings' folder and the command line's.
    ///
    /// # Errors
    /// Where the pack's population is damaged.
    pub fn new(settings: &Settings, pack: &Pack) -> Result<Self> {
        Ok(Self {
            folder: settings.people.clone(),
            command_line: settings.command_line.clone(),
            passphrase: settings.passphrase.clone(),
            identity: pack.identity(),
            population: Population::of(pack)?,
            known: Mutex::default(),
            changing: Mutex::default(),
        })
    }

    /// The file of each person, by name.
    pub fn paths(&self) -> BTreeMap<String, PathBuf> {
        let mut paths = BTreeMap::new();
        if self.command_line.is_file() {
            paths.insert(COMMAND_LINE.to_owned(), self.command_line.clone());
        }
        // A folder that is not there yet holds nobody.
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
            let is_profile = path.extension().is_some_and(|ending| ending == ENDING);
            match id {
                Some(id) if is_profile && is_id(&id) => paths.insert(id, path),
                _ => None,
            };
        }
        paths
    }

    /// The person of this name.
    pub fn person(&self, id: &str) -> Answer<Arc<Person>> {
        let path = self.path(id)?;
        let stamp = Stamp::of(&path);
        if stamp.is_none() {
            self.known().remove(id);
            return Err(nobody(id));
        }
        let known = self.known().get(id).cloned();
        if let Some(person) = known.filter(|person| person.stamp == stamp) {
            return Ok(person);
        }
        let passphrase = || self.passphrase.clone().ok_or(Error::Encrypted { path: path.clone() });
        let profile = Profile::unlock(&path, &self.identity, passphrase)?;
        self.keep(id, path, profile, stamp)
    }

    /// Save a new person's profile.
    pub fn create(&self, profile: Profile) -> Answer<Arc<Person>> {
        let base = id_of(&profile.name);
        private_folder(&self.folder)?;
        let _changing = self.changing(&self.folder.join(&base));
        let taken = self.paths();
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let free = |id: &String| !taken.contains_key(id) && id != COMMAND_LINE;
        let id = std::iter::once(base.clone()).chain(numbered).find(free).unwrap_or(base);
        self.save(&id, profile)
    }

    /// Change a person's profile, which is saved before this returns.
    pub fn change(
        &self,
        id: &str,
        change: impl FnOnce(&Person) -> Answer<Profile>,
    ) -> Answer<Arc<Person>> {
        let _changing = self.changing(&self.path(id)?);
        let profile = change(&*self.person(id)?)?;
        self.save(id, profile)
    }

    /// Delete a person's profile, whatever is in it, and the pictures that were kept.
    pub fn delete(&self, id: &str) -> Answer<()> {
        let path = self.path(id)?;
        let _changing = self.changing(&path);
        if !path.exists() {
            return Err(nobody(id));
        }
        // Faces first: what is left after a failure can be deleted again.
        let faces = self.faces(id);
        if faces.exists() {
            std::fs::remove_dir_all(&faces).map_err(|e| Error::write(&faces, e))?;
        }
        Profile::delete(&path)?;
        self.known().remove(id);
        Ok(())
    }

    /// Keep small pictures of faces, JPEGs by the SHA-256 of their photo.
    pub fn keep_faces<'a>(
        &self,
        id: &str,
        faces: impl Iterator<Item = (&'a str, Vec<u8>)>,
    ) -> Answer<()> {
        let (path, folder) = (self.path(id)?, self.faces(id));
        let _changing = self.changing(&path);
        if !path.exists() {
            // Nothing may be left of somebody who was deleted in the meantime.
            return Err(nobody(id));
        }
        for (sha256, jpeg) in faces {
            private_folder(&folder)?;
            replace(&folder.join(format!("{sha256}.jpg")), &jpeg, Readers::Owner)?;
        }
        Ok(())
    }

    /// The picture that was kept of the face in a photo.
    pub fn kept_face(&self, id: &str, sha256: &str) -> Option<Vec<u8>> {
        std::fs::read(self.face(id, sha256)?).ok()
    }

    /// Whether there is one.
    pub fn has_kept_face(&self, id: &str, sha256: &str) -> bool {
        self.face(id, sha256).is_some_and(|path| path.is_file())
    }

    /// The file of such a picture; none where a photo has no SHA-256.
    fn face(&self, id: &str, sha256: &str) -> Option<PathBuf> {
        let plain = !sha256.is_empty() && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| self.faces(id).join(format!("{sha256}.jpg")))
    }

    /// Whether a person's photos are files of this machine. The names of photos that were sent are not
    /// to be looked up on the disk: whoever sends them could ask what is there.
    pub fn has_files(&self, id: &str) -> bool {
        id == COMMAND_LINE
    }

    /// Whether pictures of a person's faces are kept.
    pub fn keeps_faces(&self, id: &str) -> bool {
        !self.encrypts() && self.faces(id).is_dir()
    }

    /// Whether profiles are encrypted; nothing that shows a person is then kept in clear.
    pub fn encrypts(&self) -> bool {
        self.passphrase.is_some()
    }

    fn faces(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.faces"))
    }

    fn path(&self, id: &str) -> Answer<PathBuf> {
        match id {
            COMMAND_LINE => Ok(self.command_line.clone()),
            _ if is_id(id) => Ok(self.folder.join(id).with_extension(ENDING)),
            _ => Err(nobody(id)),
        }
    }

    fn save(&self, id: &str, profile: Profile) -> Answer<Arc<Person>> {
        let path = self.path(id)?;
        if id != COMMAND_LINE {
            private_folder(&self.folder)?;
        }
        profile.save(&path, self.passphrase.as_ref())?;
        let stamp = Stamp::of(&path);
        self.keep(id, path, profile, stamp)
    }

    fn keep(
        &self,
        id: &str,
        path: PathBuf,
        profile: Profile,
        stamp: Option<Stamp>,
    ) -> Answer<Arc<Person>> {
        let decision = profile.decision(&self.population)?;
        let (id, test) = (id.to_owned(), OnceLock::new());
        let person = Arc::new(Person { id: id.clone(), path, profile, decision, stamp, test });
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

/// Make a folder that its owner alone may enter, unless it is there.
fn private_folder(folder: &Path) -> Answer<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder).map_err(|e| Error::write(folder, e))?)
}

fn nobody(id: &str) -> Problem {
    Problem::missing(format!("no person {id:?}; GET /api/people lists them"))
}

/// Whether a name can be that of a file: it leads nowhere else.
fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !id.is_empty() && id.len() <= LONGEST_ID + 8 && id.bytes().all(plain)
}

/// A file's name for a person's.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => id.push(letter),
            _ if id.ends_with('-') || id.is_empty() => {}
            _ => id.push('-'),
        }
    }
    id.truncate(LONGEST_ID);
    let id = id.trim_end_matches('-');
    if id.is_empty() { "person".to_owned() } else { id.to_owned() }
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
            ("José!", "jos"),
        ] {
            assert_eq!(id_of(name), id);
            assert!(is_id(id));
        }
        assert!(id_of(&"x".repeat(500)).len() <= LONGEST_ID);
        for bad in ["", "..", "a/b", "A", "a.json", "a b", &"x".repeat(200)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    /// A request that enrols somebody keeps the pictures last; the person may have been deleted by then.
    #[test]
    fn no_picture_is_kept_of_somebody_who_was_deleted() {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings {
            address: ([127, 0, 0, 1], 0).into(),
            token: None,
            people: home.path().join("people"),
            command_line: home.path().join("profile.json"),
            passphrase: None,
            threads: 1,
            most_bytes: 1,
        };
        let people = People::new(&settings, &Pack::default_pack().unwrap()).unwrap();
        private_folder(&settings.people).unwrap();
        let picture = || std::iter::once(("ab", vec![1]));
        assert!(people.keep_faces("anna", picture()).is_err());
        assert!(people.kept_face("anna", "ab").is_none());
        std::fs::write(settings.people.join("anna.json"), b"").unwrap();
        people.keep_faces("anna", picture()).unwrap();
        assert_eq!(people.kept_face("anna", "ab"), Some(vec![1]));
    }
}
