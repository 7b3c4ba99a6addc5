//! Profiles on disk: their default place, and the checks on reading and writing.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::beside::{encrypt_beside, remove_beside};
use super::encryption::{Fault, decrypt, encrypt, is_encrypted};
use super::{Passphrase, Profile, VERSION, told};
use crate::error::{Error, Result, one_line};
use crate::file::{Readers, check_replaceable, folder_of, replace, sweep};
use crate::folders;

/// The largest profile that is read, in bytes: some 50,000 photos.
const MOST_BYTES: u64 = 256 << 20;
/// The first bytes of every profile.
const START: &[u8] = b"{\"version\":";
/// A draft that has not changed for this long belongs to a killed program.
const ABANDONED: Duration = Duration::from_secs(600);

/// The default path of a profile, in the user's data folder.
#[must_use]
pub fn default_path() -> PathBuf {
    folders::data().unwrap_or_else(|| PathBuf::from(".")).join("profile.json")
}

/// The fields that every version of the format has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The profile at `path`; if it is encrypted, `passphrase` is called.
pub(super) fn read(
    path: &Path,
    passphrase: impl FnOnce() -> Result<Passphrase>,
) -> Result<Profile> {
    let bytes = bytes_of(path)?;
    if !is_encrypted(&bytes) {
        return parse(&bytes, path);
    }
    let json = decrypt(&bytes, &passphrase()?).map_err(|fault| match fault {
        Fault::WrongPassphrase => Error::WrongPassphrase { path: path.to_owned() },
        Fault::Otherwise => Error::EncryptedOtherwise { path: path.to_owned() },
        Fault::TooMuchWork => damaged(path, "opening it would take more than 1 GiB of memory"),
        Fault::Damaged => damaged(path, "its encrypted content was changed or is incomplete"),
    })?;
    parse(&json, path)
}

/// The name in the profile at `path`, of any pack, if it can be read without a passphrase.
#[must_use]
pub fn name_in(path: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    let bytes = bytes_of(path).ok().filter(|bytes| !is_encrypted(bytes))?;
    serde_json::from_slice(&bytes).ok().map(|Named { name }| name)
}

/// The error if no passphrase is known.
pub(super) fn locked<T>(path: &Path) -> Result<T> {
    Err(Error::Encrypted { path: path.to_owned() })
}

fn damaged(path: &Path, reason: &str) -> Error {
    Error::DamagedProfile { path: path.to_owned(), reason: reason.to_owned() }
}

/// The profile in `bytes`; errors name it by `path`.
pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Profile> {
    let broken = |e: serde_json::Error| damaged(path, &one_line(&e.to_string()));
    let Versioned { version } = serde_json::from_slice(bytes).map_err(broken)?;
    if version > VERSION {
        return Err(Error::NewerProfile { path: path.to_owned(), found: version, known: VERSION });
    }
    let profile: Profile = serde_json::from_slice(bytes).map_err(broken)?;
    consistent(&profile).map_err(|reason| damaged(path, reason))?;
    tracing::info!(photos = profile.photos.len(), "opened a profile");
    Ok(profile)
}

/// `profile`, if it is of the pack `identity`.
pub(super) fn of_models(profile: Profile, path: &Path, identity: &str) -> Result<Profile> {
    if profile.models != identity {
        let (found, here) = (profile.models, identity.to_owned());
        return Err(Error::OtherModels { path: path.to_owned(), found, here });
    }
    Ok(profile)
}

/// The content of a file that may be a profile.
fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::NoProfile { path: path.to_owned() },
        _ => Error::read(path, e),
    })?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| Error::read(path, e))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(damaged(path, "the file is too large"));
    }
    Ok(bytes)
}

/// Whether the length of an embedding is 1 within 0.005; a profile with any other embedding is not read.
#[must_use]
pub fn is_unit(embedding: &[f32]) -> bool {
    let square: f32 = embedding.iter().map(|v| v * v).sum();
    (0.99..1.01).contains(&square)
}

/// Check what the JSON parser cannot: lengths and ranges.
fn consistent(profile: &Profile) -> std::result::Result<(), &'static str> {
    let faces = profile.photos.iter().filter_map(|photo| Some(&photo.face.as_ref()?.embedding));
    let others = profile.look_alikes.iter().flat_map(|other| &other.embeddings);
    let mut embeddings = faces.chain(&profile.negatives).chain(others).peekable();
    let Some(dimensions) = embeddings.peek().map(|first| first.len()) else {
        return Err("it holds no face");
    };
    for embedding in embeddings {
        if embedding.len() != dimensions || !is_unit(embedding) {
            return Err("an embedding is not a unit vector of the right size");
        }
    }
    if profile.kept().any(|photo| photo.face.is_none()) || profile.kept().next().is_none() {
        return Err("a photo that counts has no face");
    }
    if profile.strangers.as_ref().is_some_and(|strangers| !strangers.is_sound()) {
        return Err("its numbers about strangers are out of range");
    }
    if !profile.threshold().is_finite() {
        return Err("the threshold is not a number");
    }
    Ok(())
}

pub(super) fn save(profile: &Profile, path: &Path, passphrase: Option<&Passphrase>) -> Result<()> {
    // Do not log the path, because a profile's file is named after the person.
    let encrypted = passphrase.is_some();
    let _saving = tracing::info_span!("save the profile", encrypted).entered();
    let failed = |e| Error::write(path, e);
    let json = Zeroizing::new(profile.to_json().map_err(failed)?);
    let encrypted = passphrase.map(|passphrase| encrypt(&json, passphrase)).transpose();
    let bytes = encrypted.map_err(failed)?;
    std::fs::create_dir_all(folder_of(path)).map_err(failed)?;
    replace(path, bytes.as_deref().unwrap_or(&json), Readers::Owner)?;
    // Drafts of a killed program hold embeddings too.
    sweep(path, ABANDONED);
    let Some(passphrase) = passphrase else { return Ok(()) };
    // With an encrypted profile, this list would tell anybody with the photos which of them show the person.
    told::forget(path)?;
    encrypt_beside(path, passphrase)
}

pub(super) fn delete(path: &Path) -> Result<()> {
    let target = check_deletable(path)?;
    for path in [path, &target] {
        told::forget(path)?;
        remove_beside(path)?;
    }
    std::fs::remove_file(&target).map_err(|e| Error::write(path, e))?;
    if std::fs::symlink_metadata(path).is_ok() {
        std::fs::remove_file(path).map_err(|e| Error::write(path, e))?;
    }
    sweep(&target, Duration::ZERO);
    Ok(())
}

/// The file of the profile at `path`, with links followed. A damaged profile, or one of another version or pack,
/// counts as a profile.
///
/// # Errors
/// [`Error::NoProfile`], [`Error::Read`], or [`Error::NotAProfile`] for a file that must not be deleted.
pub fn check_deletable(path: &Path) -> Result<PathBuf> {
    let target = path.canonicalize().map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::NoProfile { path: path.to_owned() },
        _ => Error::read(path, e),
    })?;
    let bytes = bytes_of(&target)?;
    let is_profile = bytes.starts_with(START) || is_encrypted(&bytes);
    if !is_profile && parse(&bytes, path).is_err() {
        return Err(Error::NotAProfile { path: path.to_owned() });
    }
    Ok(target)
}

/// Check, before minutes of work, that a profile can be written to `path`: it is not a folder or another file, and
/// its folder is writable.
///
/// # Errors
/// [`Error::NotAProfile`], or [`Error::Write`] with the reason.
pub fn check_writable(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(Error::write(path, std::io::ErrorKind::IsADirectory.into()));
    }
    // A damaged profile may be replaced, so only the first bytes are checked.
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(40).read_to_end(&mut start));
    if read.is_ok() && !(start.is_empty() || start[0] == b'{' || is_encrypted(&start)) {
        return Err(Error::NotAProfile { path: path.to_owned() });
    }
    let mut folder = folder_of(path);
    while !folder.exists() {
        match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => folder = parent,
            _ => folder = Path::new("."),
        }
    }
    check_replaceable(&folder.join("profile"))
        .map_err(|_| Error::write(path, std::io::ErrorKind::PermissionDenied.into()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::decision::{Method, toy_population};
    use crate::face::Quality;
    use crate::face::tests::face_at;
    use crate::pipeline::AnalysedFace;
    use crate::profile::{PhotoRecord, Status, ThresholdChoice};

    pub fn profile() -> Profile {
        let quality = Quality {
            eye_distance: 40.0,
            sharpness: 0.1,
            yaw: 0.0,
            confidence: 1.0,
            concerns: Vec::new(),
        };
        let photos = toy_population(4).strangers(3, 1).into_iter().enumerate();
        let record = |(i, embedding): (usize, Vec<f32>)| PhotoRecord {
            path: format!("{i}.jpg").into(),
            sha256: format!("{i}"),
            status: Status::Kept,
            face: Some(AnalysedFace {
                face: face_at(9.0, 9.0, 4.0),
                quality: quality.clone(),
                embedding,
            }),
            bystanders: 1,
            number: None,
            sent: false,
            choice: crate::profile::Choice::Auto,
            score: Some(3.25),
            taken: None,
        };
        Profile {
            version: VERSION,
            name: "A".into(),
            models: "pack".into(),
            method: Method::Plda,
            threshold: ThresholdChoice::Far(1e-4),
            photos: photos.map(record).collect(),
            negatives: Vec::new(),
            look_alikes: Vec::new(),
            strangers: None,
            calibrate: crate::profile::Calibrate::Auto,
            born: None,
        }
    }

    #[test]
    fn a_profile_survives_its_file_and_only_the_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/profile.json");
        profile().save(&path, None).unwrap();
        assert_eq!(Profile::load(&path, "pack").unwrap(), profile());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn an_encrypted_profile_is_opened_by_its_passphrase_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.json");
        let phrase = |text: &str| Passphrase::new(text.to_owned()).unwrap();
        profile().save(&path, Some(&phrase("right"))).unwrap();
        assert!(!std::fs::read(&path).unwrap().windows(9).any(|window| window == b"embedding"));
        let unlocked = Profile::unlock(&path, "pack", || Ok(phrase("right")));
        assert_eq!(unlocked.unwrap(), profile());
        let wrong = Profile::unlock(&path, "pack", || Ok(phrase("wrong")));
        assert!(matches!(wrong, Err(Error::WrongPassphrase { .. })));
        assert!(matches!(Profile::load(&path, "pack"), Err(Error::Encrypted { .. })));
        assert!(check_writable(&path).is_ok());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.pop();
        std::fs::write(&path, bytes).unwrap();
        let short = Profile::unlock(&path, "pack", || Ok(phrase("right")));
        assert!(matches!(short, Err(Error::DamagedProfile { .. })));
        std::fs::write(&path, b"age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n").unwrap();
        let key = Profile::unlock(&path, "pack", || Ok(phrase("right")));
        assert!(matches!(key, Err(Error::EncryptedOtherwise { .. })));
        Profile::delete(&path).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn what_stands_in_a_profiles_way_is_seen_before_the_work() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(check_writable(&at("new/and/deep/profile.json")).is_ok());
        assert!(!at("new").exists());
        assert!(matches!(check_writable(folder.path()), Err(Error::Write { .. })));
        std::fs::write(at("photo.jpg"), b"\xFF\xD8").unwrap();
        let inside = at("photo.jpg").join("profile.json");
        assert!(matches!(check_writable(&inside), Err(Error::Write { .. })));
        assert!(matches!(check_writable(&at("photo.jpg")), Err(Error::NotAProfile { .. })));
        std::fs::write(at("damaged.json"), b"{\"version\": 1, \"na").unwrap();
        assert!(check_writable(&at("damaged.json")).is_ok());
    }

    #[test]
    fn a_profile_is_deleted_with_its_drafts_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        profile().save(&at("profile.json"), None).unwrap();
        std::fs::write(at(".profile.json.a1B2c3.draft"), b"half").unwrap();
        Profile::delete(&at("profile.json")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(matches!(Profile::delete(&at("profile.json")), Err(Error::NoProfile { .. })));
        for (name, bytes) in [("notes", &b"hello"[..]), ("package.json", b"{\"name\": 1}")] {
            std::fs::write(at(name), bytes).unwrap();
            assert!(matches!(Profile::delete(&at(name)), Err(Error::NotAProfile { .. })), "{name}");
            assert!(at(name).exists());
        }
        let whole = profile().to_json().unwrap();
        std::fs::write(at("half"), &whole[..whole.len() / 2]).unwrap();
        Profile::delete(&at("half")).unwrap();
        assert!(!at("half").exists());
    }

    #[cfg(unix)]
    #[test]
    fn where_the_name_is_a_link_the_profile_itself_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        profile().save(&at("real.json"), None).unwrap();
        std::os::unix::fs::symlink(at("real.json"), at("link.json")).unwrap();
        Profile::delete(&at("link.json")).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_text_is_kept_as_far_as_it_goes() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.json");
        let mut odd = profile();
        odd.photos[1].path = std::ffi::OsStr::from_bytes(b"a\xFF.jpg").into();
        odd.save(&path, None).unwrap();
        let read = Profile::load(&path, "pack").unwrap();
        assert_eq!(read.photos[1].path, PathBuf::from("a\u{FFFD}.jpg"));
    }

    #[test]
    fn every_kind_of_bad_profile_has_its_own_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.json");
        let load = || Profile::load(&path, "pack");
        assert!(matches!(load(), Err(Error::NoProfile { .. })));
        let write = |profile: &Profile| profile.save(&path, None).unwrap();
        write(&Profile { version: VERSION + 1, ..profile() });
        assert!(matches!(load(), Err(Error::NewerProfile { .. })));
        write(&Profile { models: "other".into(), ..profile() });
        assert!(matches!(load(), Err(Error::OtherModels { .. })));
        let json = std::fs::read(&path).unwrap();
        let from_json = Profile::from_json(&json, "it".as_ref(), "pack");
        assert!(from_json.unwrap_err().to_string().starts_with("it: made with the pack other"));
        write(&Profile { photos: Vec::new(), ..profile() });
        assert!(matches!(load(), Err(Error::DamagedProfile { .. })));
        let mut short = profile();
        short.photos[1].face.as_mut().unwrap().embedding.pop();
        write(&short);
        assert!(matches!(load(), Err(Error::DamagedProfile { .. })));
        let whole = serde_json::to_vec(&profile()).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(matches!(load(), Err(Error::DamagedProfile { .. })));
    }
}
