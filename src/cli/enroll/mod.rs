//! `verify enroll`: makes a profile from photos, or changes the existing one.

mod faces;
mod photos;
mod place;
pub(super) mod text;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::from_xmp::{NamedPhotos, Said};
use super::intake::{ListArgs, check_piped, is_piped, names, note_passed, piped};
use super::output::{print, print_json, problem};
use super::values::{self, CalibrateChoice, MethodChoice, ThresholdArgs};
use super::{Context, Exit, Working, measurable, photos_in};
use crate::decision::{Method, Population};
use crate::enroll::report::EnrolReport;
use crate::enroll::{
    Change, LeaveOut, NAMELESS, SetBy, Setting, Standing, enrolled_path, leave_out, with_seen,
};
use crate::error::{Error, Result};
use crate::photo::{Kind, Passed, Source};
use crate::profile::{Calibrate, Choice, Lock, Profile, check_writable};
use crate::words::same_name;
use photos::Photos;
use place::{Place, saved};

/// The arguments of `verify enroll`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify enroll photos/of/anna
  verify enroll --name Anna --far 1e-5 2019/ 2024/ passport.jpg
  verify enroll photos/of/anna --not-this-person photos/of/her/sister
  verify enroll photos/of/anna --strangers family/   let strangers like her set the threshold
  verify enroll --add new/ --remove blurred.jpg      change the existing profile
  verify enroll --keep profile.jpg                   count a photo that was set aside
  verify enroll --face party.jpg:2                   she is the second face from the left
  verify enroll --from-xmp Anna ~/Pictures           use names from digiKam, Lightroom or Picasa
  verify enroll --from-faces faces.html:3 --name Ben  group 3 of `verify faces` is Ben
  verify enroll --method compare                     compare the methods on these photos

Five to twenty photos from different days, in different light and from different angles are \
enough; one is enough to start. Photos of other people among them are found and set aside. Without \
DIR, the existing profile is changed; you do not need the old photos for that.")]
pub struct EnrollArgs {
    /// Folders with photos of the person, or photos; - is a photo on standard input
    #[arg(value_name = "DIR", required_unless_present_any = [
        "add", "remove", "keep", "drop", "not_this_person", "negatives", "method", "far", "threshold", "name", "encrypt",
        "strangers", "calibrate", "forget", "face", "files_from", "born", "from_faces", "add_faces",
    ])]
    photos: Vec<PathBuf>,
    #[command(flatten)]
    list: ListArgs,
    /// The person's name [default: the folder's name]
    #[arg(long)]
    name: Option<String>,
    /// Use only photos whose XMP (in the photo or in a sidecar) gives a face this name, and only that face
    #[arg(long, value_name = "NAME", conflicts_with = "face")]
    from_xmp: Option<String>,
    /// The method that computes scores [default: auto]
    #[arg(long, value_enum)]
    method: Option<MethodChoice>,
    #[command(flatten)]
    threshold: ThresholdArgs,
    /// Photos of a look-alike who must not match, such as a sibling (repeatable)
    #[arg(long, value_name = "DIR")]
    not_this_person: Vec<PathBuf>,
    /// No longer keep apart the look-alike with this name (repeatable)
    #[arg(long, value_name = "NAME", conflicts_with = "photos")]
    forget: Vec<String>,
    /// Photos of strangers, without names, that set the threshold; the person may be in some of them (repeatable)
    #[arg(long, value_name = "DIR")]
    strangers: Vec<PathBuf>,
    /// Whether faces already in the index set the threshold too [default: auto]
    #[arg(long, value_enum, conflicts_with = "strangers")]
    calibrate: Option<CalibrateChoice>,
    /// Photos of other people, for --method supervised
    #[arg(long, value_name = "DIR")]
    negatives: Vec<PathBuf>,
    /// Add photos to the existing profile (repeatable)
    #[arg(long, value_name = "DIR", conflicts_with = "photos")]
    add: Vec<PathBuf>,
    /// Remove a photo from the profile, by its path or name (repeatable)
    #[arg(long, value_name = "PHOTO", conflicts_with = "photos")]
    remove: Vec<PathBuf>,
    /// Count a photo that was set aside, by its path or name (repeatable)
    #[arg(long, value_name = "PHOTO", conflicts_with = "photos")]
    keep: Vec<PathBuf>,
    /// Set a photo aside: it stays in the profile but does not count (repeatable)
    #[arg(long, value_name = "PHOTO", conflicts_with = "photos")]
    drop: Vec<PathBuf>,
    /// Which face in a photo is the person's, counting from the left from 1; a photo that was enrolled before is
    /// read again (repeatable)
    #[arg(long, value_name = "PHOTO:N", value_parser = values::face)]
    face: Vec<(PathBuf, usize)>,
    #[command(flatten)]
    groups: faces::FacesArgs,
    /// Encrypt the profile with a passphrase, which verify asks for; later changes keep it encrypted. The photos
    /// are then not added to the index
    #[arg(long)]
    encrypt: bool,
    /// The year in which the person was born; a child's photos stay useful for fewer years
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(1800..=2200))]
    born: Option<u16>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Enrol, save, and print the result.
///
/// # Errors
/// If the photos show no face, two people equally often, or no person in most of them; if the existing profile
/// cannot be read, or the new one cannot be written.
pub fn run(args: &EnrollArgs, context: &Context) -> Result<Exit> {
    let place = Place::of(args, context)?;
    check_writable(&place.path)?;
    let faces = args.groups.named(context, args.name.as_deref())?;
    let change = args.change(&place, context)?;
    // Errors of the profile come before photos are analysed.
    let mut passed = Passed::default();
    let mut photos = Photos::find(args, &mut passed)?;
    let change = photos.called(change);
    let named = args.from_xmp.as_deref();
    let named = named.map(|name| NamedPhotos::read(&mut photos.person, Some(name))).transpose()?;
    photos.person.extend(faces.photos().map(Source::File));
    if let (Some(old), _) = saved(args, context, &place)? {
        let again = args.read_again(&old, &photos.person)?;
        photos.person.extend(again.into_iter().map(Source::File));
        change.changed(old.photos)?;
    }
    let passphrase = context.passphrase_to_save(args.encrypt)?;
    let (photos, said) = photos.analysed(context, named)?;
    let population = context.population()?;
    place.make(context)?;
    let lock = Lock::wait(&place.path);
    // Analysing photos takes a while: another program may have changed the profile, or taken the free file
    // name for another person.
    let place = Place::of(args, context)?;
    let (old, replaced) = saved(args, context, &place)?;
    let profile = enrolled(photos.into_change(change, &faces)?, context, &population, old)?;
    let working = Working::on("testing the profile");
    let tests = test(args, &profile, &population, context.threads)?;
    profile.save(&place.path, passphrase.as_ref())?;
    drop(working);
    drop(lock);
    place.note(context)?;
    let standing = Standing::of(&profile, &population);
    let alike = context.alike_to(&place.path)?;
    let report = EnrolReport::new(&profile, &place.path, replaced, &tests, Some(standing), alike);
    // With --from-xmp the sidecars were read, not skipped.
    let passed = if said.is_some() { passed.without(Kind::Sidecar) } else { passed };
    note_passed(&passed);
    if args.json {
        print_json(&Printed { report, passed_over: passed, xmp: said })?
    } else {
        print(&text::text(&report))?
    }
    Ok(Exit::Success)
}

/// The report as printed in JSON.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    report: EnrolReport<'a>,
    /// Skipped files that are not photos, by kind.
    passed_over: Passed,
    /// What --from-xmp found.
    #[serde(skip_serializing_if = "Option::is_none")]
    xmp: Option<Said>,
}

impl EnrollArgs {
    /// Whether a new person is enrolled instead of an existing profile changed.
    fn is_new(&self) -> bool {
        !self.photos.is_empty()
            || self.groups.is_new()
            || (self.list.files_from.is_some() && self.add.is_empty())
    }

    /// The name of a new person if none is given.
    fn called(&self) -> String {
        if let Some(name) = &self.from_xmp {
            return name.clone();
        }
        let folder = self.photos.iter().find(|path| !is_piped(path));
        folder.map_or_else(|| NAMELESS.to_owned(), |folder| folder_name(folder))
    }

    /// The photos of the person: those on the command line, those of a list, and the one on standard input.
    fn of_person(&self, passed: &mut Passed) -> Result<Vec<Source>> {
        let roots = if self.photos.is_empty() { &self.add } else { &self.photos };
        check_piped(roots, &self.list)?;
        let mut paths: Vec<PathBuf> =
            roots.iter().filter(|root| !is_piped(root)).cloned().collect();
        for name in names(&self.list)?.into_iter().flatten() {
            paths.push(name?);
        }
        let photos = photos_in(&paths, &self.list.walk.walk(), passed)?;
        let mut photos: Vec<Source> = photos.into_iter().map(Source::File).collect();
        if roots.iter().any(|root| is_piped(root)) {
            // The hash in its name keeps a later photo from standard input from replacing it.
            let bytes = piped()?;
            let name = format!("stdin-{:.8}", format!("{:x}", Sha256::digest(&bytes)));
            photos.push(Source::Piped { name: name.into(), bytes });
        }
        Ok(photos)
    }

    /// The photos of the `old` profile that are read again to choose another face: those of --face that are
    /// not among the `new` photos.
    fn read_again(&self, old: &Profile, new: &[Source]) -> Result<Vec<PathBuf>> {
        let is_new = |photo: &Path| {
            let mut names = new.iter().map(Source::name);
            is_piped(photo)
                || names.any(|name| {
                    let is =
                        |name: &OsStr| same_name(&name.to_string_lossy(), &photo.to_string_lossy());
                    is(name.as_os_str()) || name.file_name().is_some_and(is)
                })
        };
        let again = self.face.iter().filter(|(photo, _)| !is_new(photo));
        again.map(|(photo, _)| enrolled_path(&old.photos, photo)).collect()
    }

    /// The requested change, without its photos.
    fn change(&self, place: &Place, context: &Context) -> Result<Change> {
        let listed = self.list.files_from.as_ref();
        let folder = self.photos.first().or(self.add.first()).or(listed).unwrap_or(&place.path);
        if let Some(name) = &self.name {
            context.folder.check_free(name, &place.path)?;
        }
        let chosen = |photos: &[PathBuf], choice: Choice| -> Vec<(PathBuf, Choice)> {
            photos.iter().map(|photo| (photo.clone(), choice)).collect()
        };
        Ok(Change {
            name: self
                .name
                .clone()
                .or_else(|| self.is_new().then(|| context.name_for(self.called()))),
            method: self.method.and_then(MethodChoice::named),
            threshold: self.threshold.choice(),
            set_by: self.calibrate.map(SetBy::from),
            born: self.born,
            faces: self.face.clone(),
            remove: self.remove.clone(),
            choices: [chosen(&self.keep, Choice::Keep), chosen(&self.drop, Choice::Drop)].concat(),
            forget: self.forget.clone(),
            folder: folder.clone(),
            ..Change::default()
        })
    }
}

/// Apply a change to the `old` profile, if there is one. If that fails, unreadable photos are printed here
/// unless the error names them; otherwise they are in the report.
pub(super) fn enrolled(
    change: Change,
    context: &Context,
    population: &Population,
    old: Option<Profile>,
) -> Result<Profile> {
    let unreadable: Vec<String> =
        change.add.iter().filter_map(|photo| photo.faces.as_ref().err().cloned()).collect();
    let setting = Setting::of(&context.pack, population);
    let profile = change.apply(old, &setting).inspect_err(|error| {
        if !matches!(error, Error::NoneReadable { .. }) {
            unreadable.iter().for_each(|message| problem(message));
        }
    })?;
    match profile.calibrate {
        Calibrate::Auto => with_seen(profile, population, &context.seen_faces()?),
        Calibrate::Given | Calibrate::Off => Ok(profile),
    }
}

/// The name of a folder, or of the folder that a photo is in.
fn folder_name(path: &Path) -> String {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = if whole.is_dir() { Some(whole.as_path()) } else { whole.parent() };
    let name = folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "the person".to_owned())
}

/// The profile's self-test with its own method, or with all methods for --method compare.
fn test(
    args: &EnrollArgs,
    profile: &Profile,
    population: &Population,
    threads: usize,
) -> Result<Vec<LeaveOut>> {
    let compare = args.method == Some(MethodChoice::Compare);
    let methods = if compare { measurable(Method::ALL, population) } else { vec![profile.method] };
    methods.into_iter().map(|method| leave_out(profile, method, population, threads)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_called_after_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let anna = folder.path().join("Anna");
        std::fs::create_dir(&anna).unwrap();
        std::fs::write(anna.join("1.jpg"), b"x").unwrap();
        assert_eq!(folder_name(&anna), "Anna");
        assert_eq!(folder_name(&anna.join(".")), "Anna");
        assert_eq!(folder_name(&anna.join("1.jpg")), "Anna");
        assert_eq!(folder_name(Path::new("/")), "the person");
    }
}
