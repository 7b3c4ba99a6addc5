//! `verify people --from-xmp`: enrols everybody whom other programs named in photos.

use std::path::PathBuf;

use serde::Serialize;

use super::super::Context;
use super::super::enroll::enrolled;
use super::super::from_xmp::{NamedPhotos, OfPerson, Said};
use super::super::intake::note_passed;
use super::super::output::{count, print, print_json, printable, problem};
use super::super::photos_in;
use super::{Exit, PeopleArgs};
use crate::decision::Population;
use crate::enroll::Change;
use crate::error::{Front, Result};
use crate::photo::{Kind, Passed, Source};
use crate::profile::{Lock, Profile};

/// The result for one person.
#[derive(Serialize)]
struct Line<'a> {
    person: Option<String>,
    name: &'a str,
    kept: Option<usize>,
    new: Option<usize>,
    #[serde(flatten)]
    said: Said,
    error: Option<String>,
}

/// Somebody who would be enrolled.
#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    photos: usize,
}

/// A person who was enrolled, now or before.
struct Learnt {
    person: String,
    profile: Profile,
    /// How many photos were not enrolled before.
    new: usize,
}

/// Enrol everybody who is named in the photos' XMP, or print who that would be.
///
/// # Errors
/// If the photos cannot be found or name nobody, or the models do not load.
pub fn learn(args: &PeopleArgs, context: &Context) -> Result<Exit> {
    let mut passed = Passed::default();
    let photos = photos_in(&args.from_xmp, &args.walk.walk(), &mut passed)?;
    let mut photos: Vec<Source> = photos.into_iter().map(Source::File).collect();
    let named = NamedPhotos::read(&mut photos, None)?;
    if args.dry_run {
        for (name, photos) in named.people() {
            match args.json {
                true => print_json(&Named { name: &name, photos })?,
                false => print(&format!("{}: {}\n", printable(&name), count(photos, "photo")))?,
            }
        }
        return Ok(Exit::Success);
    }
    let population = context.population()?;
    let mut all = true;
    for person in named.analysed(context, photos)? {
        let said = person.said();
        let (name, counted) = (person.name.clone(), person.counted());
        let learnt = one(args, context, &population, person);
        all &= learnt.is_ok();
        match (args.json, learnt) {
            (true, learnt) => print_json(&line(&name, said, learnt))?,
            (false, Ok(learnt)) => print(&text(&learnt, &counted))?,
            (false, Err(error)) => {
                problem(&format!("{}: {}", printable(&name), error.told(Front::Command)));
            }
        }
    }
    note_passed(&passed.without(Kind::Sidecar));
    Ok(if all { Exit::Success } else { Exit::Error })
}

/// Enrol one person, or add photos to the existing profile.
fn one(
    args: &PeopleArgs,
    context: &Context,
    population: &Population,
    person: OfPerson,
) -> Result<Learnt> {
    context.folder.make()?;
    let id = context.folder.id_for(&person.name)?;
    let path = context.folder.file(&id)?;
    let lock = Lock::wait(&path);
    let old = path.exists().then(|| context.profile_at(&path)).transpose()?;
    let mut add = person.photos;
    // Photos that are in the profile already stay as they are, with a human's choices.
    let known = old.iter().flat_map(|old| &old.photos);
    let known: Vec<(PathBuf, String)> =
        known.map(|photo| (photo.path.clone(), photo.sha256.clone())).collect();
    add.retain(|photo| !known.iter().any(|(p, sha)| *p == photo.path && *sha == photo.sha256));
    let new = add.len();
    let profile = match old {
        Some(old) if add.is_empty() => old,
        old => {
            let name = old.is_none().then(|| person.name.clone());
            let folder = args.from_xmp.first().cloned().unwrap_or_default();
            let change = Change { name, add, folder, ..Change::default() };
            let profile = enrolled(change, context, population, old)?;
            profile.save(&path, context.passphrase_to_save(false)?.as_ref())?;
            profile
        }
    };
    drop(lock);
    Ok(Learnt { person: id, profile, new })
}

fn line(name: &str, said: Said, learnt: Result<Learnt>) -> Line<'_> {
    let error = learnt.as_ref().err().map(|error| error.told(Front::Command));
    let learnt = learnt.ok();
    let kept = learnt.as_ref().map(|learnt| learnt.profile.kept().count());
    let new = learnt.as_ref().map(|learnt| learnt.new);
    Line { person: learnt.map(|learnt| learnt.person), name, kept, new, said, error }
}

fn text(learnt: &Learnt, counted: &str) -> String {
    let name = printable(&learnt.profile.name);
    let kept = count(learnt.profile.kept().count(), "photo");
    match learnt.new {
        0 => format!("{name}: nothing new in {counted}; enrolled with {kept}\n"),
        new => format!("{name}: {counted}, {new} of them new; enrolled with {kept}\n"),
    }
}
