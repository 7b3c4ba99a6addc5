//! The context that every command works with: the profile's file, the models, the number of threads, and
//! photos analysed in order with a progress bar.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::CommonArgs;
use super::intake::note_passed;
use super::output::{note, problem};
use super::passphrase::Passphrases;
use super::progress::Progress;
use crate::decision::{Method, Population};
use crate::enroll::{Alike, Candidate, MOST_FACES};
use crate::error::{Error, Front, Result};
use crate::eval;
use crate::index::{Index, Place};
use crate::model::{Runtime, use_device};
use crate::pack::{Pack, Purpose};
use crate::people::{Folder, People};
use crate::photo::{Passed, Source, Walk, find_counting};
use crate::pipeline::{AnalysedPhoto, Cache, Settings, analyse_all, analysis_identity};
use crate::profile::{Passphrase, Profile};

/// The `methods` that `population` has a calibration for. The others are left out, with a message for each.
pub fn measurable(
    methods: impl IntoIterator<Item = Method>,
    population: &Population,
) -> Vec<Method> {
    let (known, unknown): (Vec<_>, Vec<_>) =
        methods.into_iter().partition(|method| population.knows(*method));
    for method in unknown {
        let error = Error::NoCurve { method: method.name() };
        note(&format!("left out: {}", error.told(Front::Command)));
    }
    known
}

/// What the commands share.
pub struct Context {
    /// Where the people's profiles are.
    pub folder: Folder,
    /// The models.
    pub pack: Pack,
    /// How many photos are analysed at a time.
    pub threads: usize,
    /// Where the index is; `None` if none is used.
    pub index_place: Option<Place>,
    /// Where the passphrase of an encrypted profile comes from.
    pub passphrases: Arc<Passphrases>,
    named: Named,
    profile_path: OnceCell<PathBuf>,
    index: OnceCell<Option<Arc<Index>>>,
}

/// How the profile was chosen on the command line.
enum Named {
    /// This file.
    File(PathBuf),
    /// That of the person of this name.
    Person(String),
    /// That of the person who was enrolled last.
    Last,
}

impl Context {
    /// From the flags that all commands have.
    ///
    /// # Errors
    /// If the chosen pack cannot be opened.
    pub fn new(common: &CommonArgs) -> Result<Self> {
        if let Some(device) = common.device {
            use_device(device);
        }
        Ok(Self {
            folder: common.folder(),
            pack: common.pack()?,
            threads: common.threads.map_or(Settings::default().threads, |n| n.get()),
            index_place: common.index_place(),
            passphrases: Arc::new(Passphrases::new(common.key_file.clone())),
            named: match (&common.profile, &common.person) {
                (Some(file), _) => Named::File(file.clone()),
                (None, Some(person)) => Named::Person(person.clone()),
                (None, None) => Named::Last,
            },
            profile_path: OnceCell::new(),
            index: OnceCell::new(),
        })
    }

    /// The index, opened at the first call. If it cannot be used, a message says so once, and everything works
    /// without it, only slower. With an encrypted profile there is none unless --index names one: it would hold
    /// unencrypted what the profile encrypts.
    pub fn index(&self) -> Option<&Arc<Index>> {
        let place = self.index_place.as_ref();
        let wanted = |place: &&Place| !place.is_default() || self.passphrases.known().is_none();
        let open = || match Index::open(place.filter(wanted)?) {
            Ok((index, remade)) => {
                if let Some(remade) = remade {
                    note(&format!("{}: {remade}", index.path().display()));
                }
                Some(Arc::new(index))
            }
            Err(error) => {
                problem(&error.told(Front::Command));
                None
            }
        };
        self.index.get_or_init(open).as_ref()
    }

    /// How photos are analysed.
    pub fn settings(&self, purpose: Purpose) -> Settings {
        let cache = self.index().map(|index| index.clone() as Arc<dyn Cache>);
        Settings { threads: self.threads, purpose, cache, ..Settings::default() }
    }

    /// Print what went wrong with the index, if anything did.
    pub fn say_index_notice(&self) {
        let index = self.index.get().and_then(Option::as_ref);
        if let Some(notice) = index.and_then(|index| index.notice()) {
            note(&notice);
        }
    }

    /// The profile; asks for the passphrase if it is encrypted.
    ///
    /// # Errors
    /// If the profile is missing, damaged, of a newer version or of another pack; if the passphrase is wrong or
    /// cannot be asked for.
    pub fn profile(&self) -> Result<Profile> {
        self.profile_at(self.profile_path()?)
    }

    /// The profile at `path`, in the same way.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn profile_at(&self, path: &Path) -> Result<Profile> {
        Profile::unlock(path, &self.pack.identity(), || self.passphrases.of(path))
    }

    /// The profile, of any pack, to show it.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn any_profile(&self) -> Result<Profile> {
        let path = self.profile_path()?;
        Profile::read(path, || self.passphrases.of(path))
    }

    /// The file of the chosen profile: that of --profile, of --person, or of the person enrolled last.
    ///
    /// # Errors
    /// [`Error::NoPerson`], [`Error::SeveralPeople`], [`Error::WhichPerson`], or [`Error::NoProfile`] if
    /// nobody is enrolled. The file of --profile need not exist.
    pub fn profile_path(&self) -> Result<&Path> {
        if let Some(path) = self.profile_path.get() {
            return Ok(path);
        }
        let path = match &self.named {
            Named::File(path) => path.clone(),
            Named::Person(name) => self.folder.file(&self.folder.find(name)?)?,
            Named::Last => match self.folder.last()? {
                Some(id) => self.folder.file(&id)?,
                None => return Err(Error::NoProfile { path: self.folder.path().to_owned() }),
            },
        };
        Ok(self.profile_path.get_or_init(|| path))
    }

    /// Where a newly enrolled person is kept: the id among the people (none with --profile) and the file. The name
    /// of --person takes precedence over `called`.
    ///
    /// # Errors
    /// [`Error::SeveralPeople`].
    pub fn new_profile(&self, called: &str) -> Result<(Option<String>, PathBuf)> {
        if let Named::File(path) = &self.named {
            return Ok((None, path.clone()));
        }
        let id = self.folder.id_for(&self.name_for(called.to_owned()))?;
        let path = self.folder.file(&id)?;
        Ok((Some(id), path))
    }

    /// The name of a new person: that of --person, otherwise `called`.
    pub fn name_for(&self, called: String) -> String {
        match &self.named {
            Named::Person(name) => name.clone(),
            Named::File(_) | Named::Last => called,
        }
    }

    /// The id of the person of --person, if given.
    ///
    /// # Errors
    /// [`Error::NoPerson`] or [`Error::SeveralPeople`].
    pub fn person_named(&self) -> Result<Option<String>> {
        match &self.named {
            Named::Person(name) => self.folder.find(name).map(Some),
            Named::File(_) | Named::Last => Ok(None),
        }
    }

    /// Whether --person is given.
    pub fn names_person(&self) -> bool {
        matches!(self.named, Named::Person(_))
    }

    /// Whether neither --profile nor --person is given.
    pub fn names_nobody(&self) -> bool {
        matches!(self.named, Named::Last)
    }

    /// The other people who look like the chosen person, if that is one of the people.
    ///
    /// # Errors
    /// As [`Self::people`], and if the person's profile cannot be read.
    pub fn alike_to_person(&self) -> Result<Vec<Alike>> {
        self.alike_to(self.profile_path()?)
    }

    /// The other people who look like the one whose profile is the file at `path`.
    ///
    /// # Errors
    /// As [`Self::alike_to_person`].
    pub fn alike_to(&self, path: &Path) -> Result<Vec<Alike>> {
        let Some(id) = self.folder.id_of_file(path) else { return Ok(Vec::new()) };
        let passphrases = self.passphrases.clone();
        let people = self.people_by(move |path| passphrases.without_asking(path))?;
        Ok(people.alike(&*people.person(&id)?))
    }

    /// Everybody who is enrolled.
    ///
    /// # Errors
    /// If the pack's population is damaged, or the file with the passphrase cannot be read.
    pub fn people(&self) -> Result<People> {
        let passphrases = self.passphrases.clone();
        self.people_by(move |path| passphrases.of(path))
    }

    fn people_by(
        &self,
        unlock: impl Fn(&Path) -> Result<Passphrase> + Send + Sync + 'static,
    ) -> Result<People> {
        let encrypt = self.passphrases.is_from_file().then(|| self.passphrases.for_new());
        People::new(self.folder.clone(), &self.pack, Box::new(unlock), encrypt.transpose()?)
    }

    /// The passphrase to save profiles with: that of the profile that was read, a new one if the user wants to
    /// `encrypt` or gave --key-file, otherwise none.
    ///
    /// # Errors
    /// If the passphrase cannot be asked for, or the file cannot be read.
    pub fn passphrase_to_save(&self, encrypt: bool) -> Result<Option<Passphrase>> {
        if encrypt || self.passphrases.is_from_file() {
            return self.passphrases.for_new().map(Some);
        }
        Ok(self.passphrases.known().cloned())
    }

    /// The pack's population.
    ///
    /// # Errors
    /// [`crate::Error::Pack`] if its file is damaged.
    pub fn population(&self) -> Result<Population> {
        Population::of(&self.pack)
    }

    /// Analyse `photos` on all threads with a progress bar and hand each photo to `take`, in order and
    /// as soon as it is done. `take` prints through [`Progress::aside`].
    ///
    /// # Errors
    /// If the models do not load; the first error of `take`, which ends the work. A photo's own error goes
    /// to `take`.
    pub fn analyse<S: Into<Source> + Send>(
        &self,
        photos: impl IntoIterator<Item = S, IntoIter: Send + ExactSizeIterator>,
        purpose: Purpose,
        mut take: impl FnMut(&Progress, &Path, Result<AnalysedPhoto>) -> Result<()>,
    ) -> Result<()> {
        let photos = photos.into_iter();
        let progress = Progress::new(photos.len());
        self.analyse_behind(&progress, photos, purpose, |path, photo| take(&progress, path, photo))
    }

    /// As [`Self::analyse`], for any number of photos and with the caller's progress bar, which frames of a video
    /// do not advance.
    ///
    /// # Errors
    /// As [`Self::analyse`].
    pub fn analyse_behind<S: Into<Source> + Send>(
        &self,
        progress: &Progress,
        photos: impl IntoIterator<Item = S, IntoIter: Send>,
        purpose: Purpose,
        mut take: impl FnMut(&Path, Result<AnalysedPhoto>) -> Result<()>,
    ) -> Result<()> {
        let done = analyse_all(&self.pack, &self.settings(purpose), photos, |path, photo| {
            let is_frame = photo.as_ref().is_ok_and(|photo| photo.at.is_some());
            if !is_frame {
                progress.step();
            }
            take(path, photo)
        });
        progress.aside(|| self.say_index_notice());
        done
    }

    /// The embeddings of the faces in the index, one after another; none without an index.
    ///
    /// # Errors
    /// If the models do not load.
    pub fn seen_faces(&self) -> Result<Vec<f32>> {
        let Some(index) = self.index() else { return Ok(Vec::new()) };
        let settings = self.settings(Purpose::Checking);
        let analysis = analysis_identity(&self.pack, &settings, Runtime::provider()?);
        let faces = index.embeddings(&analysis, MOST_FACES);
        self.say_index_notice();
        Ok(faces)
    }

    /// All `photos`, analysed to be enrolled, in order; unreadable ones with their error.
    ///
    /// # Errors
    /// If the models do not load.
    pub fn candidates<S: Into<Source> + Send>(
        &self,
        photos: impl IntoIterator<Item = S, IntoIter: Send + ExactSizeIterator>,
    ) -> Result<Vec<Candidate>> {
        let mut candidates = Vec::new();
        self.analyse(photos, Purpose::Enrolling, |_, path, photo| {
            candidates.push(Candidate::new(path, photo));
            Ok(())
        })?;
        Ok(candidates)
    }
}

/// The photos in `paths`, photos and folders, in order and each path once. `passed` counts the files that
/// `leave` excludes or that are not photos.
///
/// # Errors
/// The first of `paths` that cannot be read or has no photo in it.
pub fn photos_in(paths: &[PathBuf], leave: &Walk, passed: &mut Passed) -> Result<Vec<PathBuf>> {
    let (mut photos, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        let found = find_counting(path, leave, passed)?;
        photos.extend(found.into_iter().filter(|photo| seen.insert(photo.clone())));
    }
    Ok(photos)
}

/// The people below `folder`, each in a folder of their own, analysed with a progress bar, and how many of
/// their photos show no face.
///
/// # Errors
/// If the folder cannot be read or holds fewer than two people, or the models do not load.
pub fn people_in(
    context: &Context,
    folder: &Path,
    leave: &Walk,
) -> Result<(eval::People, eval::Attempts)> {
    let (mut progress, mut passed) = (None, Passed::default());
    let settings = context.settings(Purpose::Checking);
    let walk = (leave, &mut passed);
    let people = eval::People::read(folder, &context.pack, &settings, walk, |photos| {
        progress.get_or_insert_with(|| Progress::new(photos)).step();
    });
    drop(progress);
    note_passed(&passed);
    context.say_index_notice();
    people
}
