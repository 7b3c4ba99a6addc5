//! Where the person who is enrolled or changed is kept.

use std::path::PathBuf;

use super::super::Context;
use super::EnrollArgs;
use crate::error::{Error, Result};
use crate::profile::Profile;

/// Where the person is kept.
pub(super) struct Place {
    /// The id among the people; none if the profile's file is named.
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

    /// Make the folder of the people, if the person is to be one of them.
    pub fn make(&self, context: &Context) -> Result<()> {
        if self.id.is_some() { context.folder.make() } else { Ok(()) }
    }

    /// Note that this person was enrolled last.
    pub fn note(&self, context: &Context) -> Result<()> {
        self.id.as_ref().map_or(Ok(()), |id| context.folder.note_last(id))
    }
}

/// The profile that is to be changed, or the name in that which is to be replaced.
pub(super) fn saved(
    args: &EnrollArgs,
    context: &Context,
    place: &Place,
) -> Result<(Option<Profile>, Option<String>)> {
    match context.profile_at(&place.path) {
        // What is encrypted is not replaced by something in clear, nor by whoever cannot open it.
        Err(error @ (Error::Encrypted { .. } | Error::WrongPassphrase { .. })) => Err(error),
        old if !args.is_new() => Ok((Some(old?), None)),
        old => Ok((None, old.ok().map(|profile| profile.name))),
    }
}
