//! Analyses photos on one thread: look in the cache, read, decode, and only then load models, crop and embed.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::{AnalysedPhoto, Analyser, CacheReader, Cropped, News, Settings, Stamp};
use crate::error::{Error, Result};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::panics::caught;
use crate::photo::{Moment, Source};

/// One thread's models, loaded when the first photo needs them, and its reader of the cache.
pub(super) struct Worker<'a> {
    pack: &'a Pack,
    settings: &'a Settings,
    recall: Option<Box<dyn CacheReader + 'a>>,
    /// The reader for frames of videos, opened for the first frame.
    recall_frames: Option<Box<dyn CacheReader + 'a>>,
    analysis: String,
    analyser: Option<Analyser>,
}

/// The result for one source.
pub(super) struct Outcome {
    /// The source's name.
    pub name: PathBuf,
    /// The photo, or the error.
    pub photo: Result<AnalysedPhoto>,
    /// What the cache does not have yet. Photos from a pipe are not cached.
    pub news: Option<News>,
    /// Whether the faces came from the cache.
    pub remembered: bool,
}

impl Outcome {
    /// Add what is new to the cache of `settings`, if there is one.
    pub fn keep(&self, settings: &Settings, analysis: &str) {
        if let (Some(cache), Ok(photo), Some(news)) = (&settings.cache, &self.photo, &self.news) {
            cache.keep(&identity_for(analysis, photo.at), photo, news);
        }
    }

    /// Log the result with the number of faces, but nothing about them.
    fn log(&self) {
        let (photo, known) = (self.name.display(), self.remembered);
        match &self.photo {
            Ok(analysed) => {
                tracing::debug!(%photo, faces = analysed.faces.len(), known, "analysed")
            }
            Err(error) => tracing::debug!(%photo, %error, "cannot be read"),
        }
    }

    fn failed(name: PathBuf, error: Error) -> Self {
        Self { name, photo: Err(error), news: None, remembered: false }
    }

    fn remembered(name: PathBuf, photo: AnalysedPhoto, news: Option<News>) -> Self {
        Self { name, photo: Ok(photo), news, remembered: true }
    }
}

/// The result of the first step for a source.
enum Lookup {
    /// The source is done.
    Known(Outcome),
    /// Crops to be embedded.
    Waiting { name: PathBuf, at: Option<Moment>, news: Option<News> },
}

impl<'a> Worker<'a> {
    pub fn new(
        pack: &'a Pack,
        settings: &'a Settings,
        analysis: &str,
        analyser: Option<Analyser>,
    ) -> Self {
        let recall = settings.cache.as_ref().map(|cache| cache.reader(analysis));
        let analysis = analysis.to_owned();
        Self { pack, settings, recall, recall_frames: None, analysis, analyser }
    }

    /// The photos of `sources`, cached or analysed, in order; their faces are embedded in shared runs. The next source
    /// is requested only after the one before it is cropped. A panic in a decoder becomes the photo's error.
    ///
    /// # Errors
    /// If the models do not load.
    pub fn look_at(&mut self, sources: impl IntoIterator<Item = Source>) -> Result<Vec<Outcome>> {
        let mut waiting = Vec::new();
        let seen = sources.into_iter().map(|source| self.look(source, &mut waiting));
        let seen = seen.collect::<Result<Vec<_>>>()?;
        let embedded = match &mut self.analyser {
            Some(analyser) => analyser.embed(waiting),
            None => Vec::new(),
        };
        let mut embedded = embedded.into_iter();
        let outcomes = seen.into_iter().filter_map(|seen| match seen {
            Lookup::Known(outcome) => Some(outcome),
            Lookup::Waiting { name, at, news } => {
                let photo = embedded.next()?.map(|photo| AnalysedPhoto { at, ..photo });
                Some(Outcome { name, photo, news, remembered: false })
            }
        });
        Ok(outcomes.inspect(Outcome::log).collect())
    }

    /// The cache reader for photos, or for frames of a video.
    fn recall_for(&mut self, at: Option<Moment>) -> Option<&mut (dyn CacheReader + 'a)> {
        let identity = identity_for(&self.analysis, at);
        if identity == self.analysis {
            return self.recall.as_deref_mut();
        }
        let cache = self.settings.cache.as_ref()?;
        Some(self.recall_frames.get_or_insert_with(|| cache.reader(&identity)).as_mut())
    }

    /// The photo of `source`, if nothing is left to do for it; otherwise it is added to those `waiting` to be
    /// embedded.
    fn look(&mut self, source: Source, waiting: &mut Vec<Cropped>) -> Result<Lookup> {
        let (name, at) = (source.name().to_owned(), source.at());
        let _looking = tracing::debug_span!("analyse photo", photo = %name.display()).entered();
        let failed = |name, error| Ok(Lookup::Known(Outcome::failed(name, error)));
        let (stamp, news) = match &source {
            Source::File(path) => {
                let stamp = self.recall.is_some().then(|| Stamp::of(path)).flatten();
                (stamp, stamp.map(|stamp| News::Faces(Some(stamp))))
            }
            Source::Bytes { .. } | Source::Pixels { .. } => (None, Some(News::Faces(None))),
            Source::Piped { .. } | Source::Failed { .. } => (None, None),
        };
        if let (Some(recall), Some(stamp)) = (&mut self.recall, &stamp)
            && let Some(remembered) = recall.by_file(&name, stamp)
        {
            let photo = remembered.called(&name, at);
            return Ok(Lookup::Known(Outcome::remembered(name, photo, None)));
        }
        let limits = self.settings.limits;
        let opened = match source.open(&limits) {
            Ok(opened) => opened,
            Err(error) => return failed(name, error),
        };
        if let Some(recall) = self.recall_for(at)
            && let Some(remembered) = recall.by_content(opened.sha256())
        {
            let photo = remembered.called(&name, at);
            return Ok(Lookup::Known(Outcome::remembered(name, photo, stamp.map(News::File))));
        }
        let enough = self.pack.description.search.first_pixels();
        // Models are loaded only after the photo could be decoded.
        let photo = match guarded(&name, || opened.decode_reduced(enough, &limits)) {
            Ok(photo) => photo,
            Err(error) => return failed(name, error),
        };
        let analyser = match &mut self.analyser {
            Some(analyser) => analyser,
            none => none.insert(Analyser::load(&Runtime::get()?, self.pack, self.settings)?),
        };
        let closer = opened.again(limits.beside_models());
        match guarded(&name, || analyser.crop(photo, closer)) {
            Ok(cropped) => waiting.push(cropped),
            Err(error) => return failed(name, error),
        }
        Ok(Lookup::Waiting { name, at, news })
    }
}

/// The identity under which a photo is cached. Frames of videos have their own: a person in a video is there a
/// thousand times and would count as a thousand strangers.
fn identity_for(analysis: &str, at: Option<Moment>) -> Cow<'_, str> {
    match at {
        Some(Moment::Time(_)) => Cow::Owned(format!("{analysis}, frames of videos")),
        Some(Moment::Frame(_)) | None => Cow::Borrowed(analysis),
    }
}

/// Run `work`; a panic becomes the photo's error.
fn guarded<T>(name: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(work).unwrap_or_else(|| {
        let reason = "the decoder broke on it".to_owned();
        Err(Error::DamagedPhoto { path: name.to_owned(), reason })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_the_error_of_its_photo() {
        let broken = guarded(Path::new("odd.jpg"), || -> Result<()> { panic!("out of bounds") });
        let message = broken.unwrap_err().to_string();
        assert!(message.starts_with("odd.jpg: damaged photo"), "{message}");
        assert_eq!(guarded(Path::new("fine.jpg"), || Ok(1)).unwrap(), 1);
    }
}
