//! The one way from a photo to its faces, on one thread: ask the memory, read, decode, and only then
//! load models, crop and embed. Who hands photos in, and who is told, is others' business.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::{AnalysedPhoto, Analyser, Cropped, News, Recall, Settings, Stamp};
use crate::error::{Error, Result};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::panics::caught;
use crate::photo::{Moment, Source};

/// One thread's models, loaded when the first photo needs them unless they are there already, and its
/// way to ask the memory.
pub(super) struct Worker<'a> {
    pack: &'a Pack,
    settings: &'a Settings,
    recall: Option<Box<dyn Recall + 'a>>,
    /// The way to ask for frames of videos, of which the first opens it.
    recall_frames: Option<Box<dyn Recall + 'a>>,
    analysis: String,
    analyser: Option<Analyser>,
}

/// What came of one source.
pub(super) struct Outcome {
    /// What the source is called.
    pub name: PathBuf,
    /// The photo, or what is wrong with it.
    pub photo: Result<AnalysedPhoto>,
    /// What the memory does not know yet. What comes from a pipe is not for it to know.
    pub news: Option<News>,
    /// Whether the memory knew the faces.
    pub remembered: bool,
}

impl Outcome {
    /// Let the memory of `settings`, if there is one, keep what is new.
    pub fn keep(&self, settings: &Settings, analysis: &str) {
        if let (Some(memory), Ok(photo), Some(news)) = (&settings.memory, &self.photo, &self.news) {
            memory.keep(&identity_for(analysis, photo.at), photo, news);
        }
    }

    /// Say what came of it: the number of its faces, nothing of them.
    fn log(&self) {
        let (photo, known) = (self.name.display(), self.remembered);
        match &self.photo {
            Ok(analysed) => {
                tracing::debug!(%photo, faces = analysed.faces.len(), known, "looked at")
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

/// What came of a first look at a source.
enum Seen {
    /// All that there is to know.
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
        let recall = settings.memory.as_ref().map(|memory| memory.recall(analysis));
        let analysis = analysis.to_owned();
        Self { pack, settings, recall, recall_frames: None, analysis, analyser }
    }

    /// The photos of `sources`, remembered or analysed, in their order; their faces are embedded in
    /// common runs. A source is asked for only once those before it are cropped. A panic in a decoder
    /// is the photo's error.
    ///
    /// # Errors
    /// Where the models do not load.
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
            Seen::Known(outcome) => Some(outcome),
            Seen::Waiting { name, at, news } => {
                let photo = embedded.next()?.map(|photo| AnalysedPhoto { at, ..photo });
                Some(Outcome { name, photo, news, remembered: false })
            }
        });
        Ok(outcomes.inspect(Outcome::log).collect())
    }

    /// The way to ask for photos, or for frames of a video.
    fn recall_for(&mut self, at: Option<Moment>) -> Option<&mut (dyn Recall + 'a)> {
        let identity = identity_for(&self.analysis, at);
        if identity == self.analysis {
            return self.recall.as_deref_mut();
        }
        let memory = self.settings.memory.as_ref()?;
        Some(self.recall_frames.get_or_insert_with(|| memory.recall(&identity)).as_mut())
    }

    /// The photo of `source`, if nothing is left to do for it; otherwise it goes to those `waiting` to
    /// be embedded.
    fn look(&mut self, source: Source, waiting: &mut Vec<Cropped>) -> Result<Seen> {
        let (name, at) = (source.name().to_owned(), source.at());
        let _looking = tracing::debug_span!("analyse photo", photo = %name.display()).entered();
        let failed = |name, error| Ok(Seen::Known(Outcome::failed(name, error)));
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
            return Ok(Seen::Known(Outcome::remembered(name, photo, None)));
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
            return Ok(Seen::Known(Outcome::remembered(name, photo, stamp.map(News::File))));
        }
        let enough = self.pack.description.search.first_pixels();
        // No model is loaded for what is no photo.
        let photo = match guarded(&name, || opened.decode_reduced(enough, &limits)) {
            Ok(photo) => photo,
            Err(error) => return failed(name, error),
        };
        let analyser = match &mut self.analyser {
            Some(analyser) => analyser,
            none => none.insert(Analyser::load(&Runtime::get()?, self.pack, self.settings)?),
        };
        let closer = |pixels| opened.decode_reduced(pixels, &limits.beside_models());
        match guarded(&name, || analyser.crop(photo, closer)) {
            Ok(cropped) => waiting.push(cropped),
            Err(error) => return failed(name, error),
        }
        Ok(Seen::Waiting { name, at, news })
    }
}

/// Under which name a photo is kept that was looked at in the way `analysis`. Frames of a video are kept
/// apart: whoever is in one is there a thousand times, and would count as a thousand strangers.
fn identity_for(analysis: &str, at: Option<Moment>) -> Cow<'_, str> {
    match at {
        Some(Moment::Time(_)) => Cow::Owned(format!("{analysis}, frames of videos")),
        Some(Moment::Frame(_)) | None => Cow::Borrowed(analysis),
    }
}

/// A panic becomes the photo's error.
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
