//! What every command works with: the profile's place, the models, the number of threads, and
//! photos analysed in order behind a progress bar.

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
use crate::pipeline::{AnalysedPhoto, Memory, Settings, analyse_all, analysis_identity};
use crate::profile::{Passphrase, Profile};

/// Those of `methods` whose scores `population` knows the meaning of. The others are named, for each is
/// left out of what is measured.
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

/// The surroundings of a command.
pub struct Context {
    /// Where the people's profiles are.
    pub folder: Folder,
    /// The models.
    pub pack: Pack,
    /// Photos worked on at a time.
    pub threads: usize,
    /// Where the index is; `None` where none is wanted.
    pub index_place: Option<Place>,
    /// Where the passphrase of an encrypted profile comes from.
    pub passphrases: Arc<Passphrases>,
    named: Named,
    profile_path: OnceCell<PathBuf>,
    index: OnceCell<Option<Arc<Index>>>,
}

/// Which profile is meant, as far as it is named.
enum Named {
    /// This file.
    File(PathBuf),
    /// That of the person of this name.
    Person(String),
    /// That of the person who was enrolled last.
    Last,
}

impl Context {
    /// From the flags that all commands share.
    ///
    /// # Errors
    /// If the pack that is asked for cannot be opened.
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

    /// The index, opened when it is first asked for; without one that can be used, said once, all
    /// works as well, only slower. Beside an encrypted profile there is none, unless it is named: it
    /// would hold in clear what is encrypted there.
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
        let memory = self.index().map(|index| index.clone() as Arc<dyn Memory>);
        Settings { threads: self.threads, purpose, memory, ..Settings::default() }
    }

    /// Say what went wrong with the index, if anything did.
    pub fn say_index_notice(&self) {
        let index = self.index.get().and_then(Option::as_ref);
        if let Some(notice) = index.and_then(|index| index.notice()) {
            note(&notice);
        }
    }

    /// The profile, for whose passphrase is asked where it is encrypted.
    ///
    /// # Errors
    /// Missing, damaged, of a newer version, or of other models; a wrong passphrase, or nobody to ask.
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

    /// The profile, of whatever models, to look at it.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn any_profile(&self) -> Result<Profile> {
        let path = self.profile_path()?;
        Profile::read(path, || self.passphrases.of(path))
    }

    /// The file of the profile that is meant: the one that is named, that of the person who is named, or
    /// of who was enrolled last.
    ///
    /// # Errors
    /// [`Error::NoPerson`], [`Error::SeveralPeople`], [`Error::WhichPerson`], or [`Error::NoProfile`] if
    /// nobody is enrolled. A file that is named need not exist.
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

    /// Where a person who is enrolled anew is kept: the id among the people, if the profile's file is
    /// not named, and the file. A person who is named goes before one `called` otherwise.
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

    /// What a new person is called: as they are named, or else `called`.
    pub fn name_for(&self, called: String) -> String {
        match &self.named {
            Named::Person(name) => name.clone(),
            Named::File(_) | Named::Last => called,
        }
    }

    /// The id of the person who is named, if one is.
    ///
    /// # Errors
    /// [`Error::NoPerson`] or [`Error::SeveralPeople`].
    pub fn person_named(&self) -> Result<Option<String>> {
        match &self.named {
            Named::Person(name) => self.folder.find(name).map(Some),
            Named::File(_) | Named::Last => Ok(None),
        }
    }

    /// Whether a person is named by whom somebody new may be called.
    pub fn names_person(&self) -> bool {
        matches!(self.named, Named::Person(_))
    }

    /// Whether neither a profile nor a person is named.
    pub fn names_nobody(&self) -> bool {
        matches!(self.named, Named::Last)
    }

    /// Who of the other people looks like the person who is meant, if they are one of the people.
    ///
    /// # Errors
    /// As [`Self::people`], and if the person's profile cannot be read.
    pub fn alike_to_person(&self) -> Result<Vec<Alike>> {
        self.alike_to(self.profile_path()?)
    }

    /// Who of the other people looks like the one whose profile is the file at `path`.
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

    /// The passphrase to save profiles with: that of the profile that was read, a new one where the
    /// user wants to `encrypt` or named a file with it, otherwise none.
    ///
    /// # Errors
    /// Where there is nobody to ask, or the file cannot be read.
    pub fn passphrase_to_save(&self, encrypt: bool) -> Result<Option<Passphrase>> {
        if encrypt || self.passphrases.is_from_file() {
            return self.passphrases.for_new().map(Some);
        }
        Ok(self.passphrases.known().cloned())
    }

    /// The people in general that come with the models.
    ///
    /// # Errors
    /// [`crate::Error::Model`] where their file is damaged.
    pub fn population(&self) -> Result<Population> {
        Population::of(&self.pack)
    }

    /// Analyse `photos` on all threads behind a progress bar and hand each photo to `take`, in
    /// order and as soon as it is done. `take` prints through [`Progress::aside`].
    ///
    /// # Errors
    /// Where the models do not load, or the first error of `take`, which ends the work. A photo's
    /// own error goes to `take`.
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

    /// As [`Self::analyse`], for any number of photos and a bar of the caller's, on which a frame of a
    /// video is no step.
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

    /// The embeddings of faces that the index has, their numbers one face after another; none without an
    /// index.
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

    /// All `photos` analysed to be enrolled, unreadable ones with their error, in order.
    ///
    /// # Errors
    /// Where the models do not load.
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

/// The photos in `paths`, photos and folders, in order and each path once. What `leave` leaves out and
/// what is no photo is counted in `passed`.
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

/// The people below `folder`, each in a folder of their own, behind a progress bar, and how many of their
/// photos show no face.
///
/// # Errors
/// Where the folder cannot be read, holds fewer than two people, or the models do not load.
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
