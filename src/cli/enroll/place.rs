//! Where the enrolled or changed person's profile is kept.

use std::path::PathBuf;

use super::super::Context;
use super::EnrollArgs;
use crate::error::{Error, Result};
use crate::profile::Profile;

/// Where the person's profile is kept.
pub(super) struct Place {
    /// The id among the people; `None` with --profile.
    pub id: Option<String>,
    pub path: PathBuf,
}

impl Place {
    pub fn of(args: &EnrollArgs, context: &Context) -> Result<Self> {
        if !args.is_new() {
            let (id, path) = (context.person_named()?, context.profile_path()?.to_owned());
            return Ok(Self { id, path });
        }
        let name = args.name.clone().unwrap_or_else(|| args.called());
        let (id, path) = context.new_profile(&name)?;
        Ok(Self { id, path })
    }

    /// Create the people's folder, if the person is to be one of them.
    pub fn make(&self, context: &Context) -> Result<()> {
        if self.id.is_some() { context.folder.make() } else { Ok(()) }
    }

    /// Note that this person was enrolled last.
    pub fn note(&self, context: &Context) -> Result<()> {
        self.id.as_ref().map_or(Ok(()), |id| context.folder.note_last(id))
    }
}

/// The profile to change, or the name in the profile that will be replaced.
pub(super) fn saved(
    args: &EnrollArgs,
    context: &Context,
    place: &Place,
) -> Result<(Option<Profile>, Option<String>)> {
    match context.profile_at(&place.path) {
        // An encrypted profile is never replaced without its passphrase.
        Err(error @ (Error::Encrypted { .. } | Error::WrongPassphrase { .. })) => Err(error),
        old if !args.is_new() => Ok((Some(old?), None)),
        old => Ok((None, old.ok().map(|profile| profile.name))),
    }
}
