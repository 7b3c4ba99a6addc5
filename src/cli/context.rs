//! What every command works with: the profile's place, the models, the number of threads, and
//! photos analysed in order behind a progress bar.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::CommonArgs;
use super::output::note;
use super::passphrase::Passphrases;
use super::progress::Progress;
use crate::decision::Population;
use crate::enroll::{Candidate, MOST_FACES};
use crate::error::Result;
use crate::eval::People;
use crate::index::{Index, Place};
use crate::model::{Runtime, use_device};
use crate::pack::{Pack, Purpose};
use crate::photo::find;
use crate::pipeline::{AnalysedPhoto, Memory, Settings, analyse_all, analysis_identity};
use crate::profile::{Passphrase, Profile, default_path};

/// The surroundings of a command.
pub struct Context {
    /// The profile's file, which need not exist.
    pub profile_path: PathBuf,
    /// The models.
    pub pack: Pack,
    /// Photos worked on at a time.
    pub threads: usize,
    /// Where the index is; `None` where none is wanted.
    pub index_place: Option<Place>,
    /// Where the passphrase of an encrypted profile comes from.
    pub passphrases: Passphrases,
    index: OnceCell<Option<Index>>,
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
            profile_path: common.profile.clone().unwrap_or_else(default_path),
            pack: common.pack()?,
            threads: common.threads.map_or(Settings::default().threads, |n| n.get()),
            index_place: common.index_place(),
            passphrases: Passphrases::new(common.key_file()),
            index: OnceCell::new(),
        })
    }

    /// The index, opened when it is first asked for; without one that can be used, said once, all
    /// works as well, only slower. Beside an encrypted profile there is none, unless it is named: it
    /// would hold in clear what is encrypted there.
    pub fn index(&self) -> Option<&Index> {
        let place = self.index_place.as_ref();
        let wanted = |place: &&Place| !place.is_default() || self.passphrases.known().is_none();
        let open = || match Index::open(place.filter(wanted)?) {
            Ok((index, remade)) => {
                if let Some(remade) = remade {
                    note(&format!("{}: {remade}", index.path().display()));
                }
                Some(index)
            }
            Err(error) => {
                note(&error.to_string());
                None
            }
        };
        self.index.get_or_init(open).as_ref()
    }

    /// How photos are analysed.
    pub fn settings(&self, purpose: Purpose) -> Settings<'_> {
        let memory = self.index().map(|index| index as &dyn Memory);
        Settings { threads: self.threads, purpose, memory, ..Settings::default() }
    }

    /// Say what went wrong with the index, if anything did.
    fn say_index_notice(&self) {
        if let Some(notice) = self.index.get().and_then(Option::as_ref).and_then(Index::notice) {
            note(&notice);
        }
    }

    /// The profile, for whose passphrase is asked where it is encrypted.
    ///
    /// # Errors
    /// Missing, damaged, of a newer version, or of other models; a wrong passphrase, or nobody to ask.
    pub fn profile(&self) -> Result<Profile> {
        let path = &self.profile_path;
        Profile::unlock(path, &self.pack.identity(), || self.passphrases.of(path))
    }

    /// The profile, of whatever models, to look at it.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn any_profile(&self) -> Result<Profile> {
        Profile::read(&self.profile_path, || self.passphrases.of(&self.profile_path))
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

    /// Analyse `paths` on all threads behind a progress bar and hand each photo to `take`, in
    /// order and as soon as it is done. `take` prints through [`Progress::aside`].
    ///
    /// # Errors
    /// Where the models do not load, or the first error of `take`, which ends the work. A photo's
    /// own error goes to `take`.
    pub fn analyse(
        &self,
        paths: &[PathBuf],
        purpose: Purpose,
        mut take: impl FnMut(&Progress, &Path, Result<AnalysedPhoto>) -> Result<()>,
    ) -> Result<()> {
        let progress = Progress::new(paths.len());
        self.analyse_behind(&progress, paths, purpose, |path, photo| take(&progress, path, photo))
    }

    /// As [`Self::analyse`], for any number of paths and a bar of the caller's.
    ///
    /// # Errors
    /// As [`Self::analyse`].
    pub fn analyse_behind<P: AsRef<Path> + Send>(
        &self,
        progress: &Progress,
        paths: impl IntoIterator<Item = P, IntoIter: Send>,
        purpose: Purpose,
        mut take: impl FnMut(&Path, Result<AnalysedPhoto>) -> Result<()>,
    ) -> Result<()> {
        let done = analyse_all(&self.pack, &self.settings(purpose), paths, |path, photo| {
            progress.step();
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

    /// All `paths` analysed to be enrolled, unreadable ones with their error, in order.
    ///
    /// # Errors
    /// Where the models do not load.
    pub fn candidates(&self, paths: &[PathBuf]) -> Result<Vec<Candidate>> {
        let mut candidates = Vec::with_capacity(paths.len());
        self.analyse(paths, Purpose::Enrolling, |_, path, photo| {
            candidates.push(Candidate::new(path, photo));
            Ok(())
        })?;
        Ok(candidates)
    }
}

/// The photos in `paths`, photos and folders, in order and each path once.
///
/// # Errors
/// The first of `paths` that cannot be read or has no photo in it.
pub fn photos_in(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let (mut photos, mut seen) = (Vec::new(), HashSet::new());
    for path in paths {
        photos.extend(find(path)?.into_iter().filter(|photo| seen.insert(photo.clone())));
    }
    Ok(photos)
}

/// The people below `folder`, each in a folder of their own, behind a progress bar.
///
/// # Errors
/// Where the folder cannot be read, holds fewer than two people, or the models do not load.
pub fn people_in(context: &Context, folder: &Path) -> Result<People> {
    let mut progress = None;
    let people =
        People::read(folder, &context.pack, &context.settings(Purpose::Checking), |photos| {
            progress.get_or_insert_with(|| Progress::new(photos)).step();
        });
    drop(progress);
    context.say_index_notice();
    people
}
