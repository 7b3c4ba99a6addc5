//! Any bytes as a profile: read, fitted and written again.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sameface::Error;
use sameface::decision::Population;
use sameface::enroll::report::EnrolReport;
use sameface::pack::Pack;
use sameface::profile::{Passphrase, Profile};

static POPULATION: LazyLock<Population> = LazyLock::new(|| {
    Pack::default_pack().and_then(|pack| Population::of(&pack)).expect("the pack is whole")
});
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the profile").keep();
    folder.join("profile.json")
});

/// Nobody knows a passphrase: guesses take scrypt's time.
fn locked() -> sameface::Result<Passphrase> {
    Err(Error::Encrypted { path: FILE.clone() })
}

fuzz_target!(|bytes: &[u8]| {
    std::fs::write(&*FILE, bytes).expect("the profile is written");
    let profile = match Profile::read(&FILE, locked) {
        Ok(profile) => profile,
        Err(error) => return assert_eq!(error.to_string().lines().count(), 1, "{error}"),
    };
    let again = profile.to_json().expect("a profile that was read can be written");
    std::fs::write(&*FILE, again).expect("the profile is written");
    let read = Profile::read(&FILE, locked).expect("what was written can be read");
    assert_eq!(read.photos.len(), profile.photos.len());
    let _ = EnrolReport::new(&profile, &FILE, None, &[], None, Vec::new());
    // Only embeddings of the models at hand are ever judged.
    let embeddings = profile.embeddings();
    if embeddings.len() <= 20
        && embeddings[0].len() == POPULATION.mean.len()
        && let Ok(decision) = profile.decision(&POPULATION)
    {
        assert!(!decision.score(&embeddings[0]).is_nan());
    }
});
