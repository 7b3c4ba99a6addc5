//! What one thread does with a few paths: ask the memory, read, decode, and only then load models.

use std::path::Path;

use super::{AnalysedPhoto, Analyser, Cropped, Found, Recall, Settings, Stamp};
use crate::error::{Error, Result};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::panics::caught;
use crate::photo::load;

/// One thread's models, loaded when the first photo needs them, and its way to ask the memory.
pub(super) struct Worker<'a> {
    pack: &'a Pack,
    settings: &'a Settings<'a>,
    recall: Option<Box<dyn Recall + 'a>>,
    analyser: Option<Analyser>,
}

/// What came of one path.
pub(super) struct Outcome {
    /// The photo, or what is wrong with it.
    pub photo: Result<AnalysedPhoto>,
    /// What the memory does not know yet.
    pub news: Option<(Stamp, Found)>,
}

/// What came of a first look at a path.
enum Seen {
    /// All that there is to know.
    Known(Outcome),
    /// Crops to be embedded.
    Waiting(Option<Stamp>),
}

impl<'a> Worker<'a> {
    pub fn new(pack: &'a Pack, settings: &'a Settings<'a>, analysis: &str) -> Self {
        let recall = settings.memory.map(|memory| memory.recall(analysis));
        Self { pack, settings, recall, analyser: None }
    }

    /// The photos at `paths`, remembered or analysed. A panic in a decoder is the photo's error.
    ///
    /// # Errors
    /// Where the models do not load.
    pub fn look_at(&mut self, paths: &[impl AsRef<Path>]) -> Result<Vec<Outcome>> {
        let mut waiting = Vec::new();
        let seen = paths.iter().map(|path| self.look(path.as_ref(), &mut waiting));
        let seen = seen.collect::<Result<Vec<_>>>()?;
        let embedded = match &mut self.analyser {
            Some(analyser) => analyser.embed(waiting),
            None => Vec::new(),
        };
        let mut embedded = embedded.into_iter();
        let outcomes = seen.into_iter().filter_map(|seen| match seen {
            Seen::Known(outcome) => Some(outcome),
            Seen::Waiting(stamp) => {
                let news = stamp.map(|stamp| (stamp, Found::Faces));
                Some(Outcome { photo: embedded.next()?, news })
            }
        });
        Ok(outcomes.collect())
    }

    /// The photo at `path`, if nothing is left to do for it; otherwise it goes to those `waiting` to
    /// be embedded.
    fn look(&mut self, path: &Path, waiting: &mut Vec<Cropped>) -> Result<Seen> {
        let known = |photo, news| Ok(Seen::Known(Outcome { photo, news }));
        let stamp = self.recall.is_some().then(|| Stamp::of(path)).flatten();
        if let (Some(recall), Some(stamp)) = (&mut self.recall, &stamp)
            && let Some(remembered) = recall.by_file(path, stamp)
        {
            return known(Ok(remembered.at(path)), None);
        }
        let file = match load(path, &self.settings.limits) {
            Ok(file) => file,
            Err(error) => return known(Err(error), None),
        };
        if let Some(recall) = &mut self.recall
            && let Some(remembered) = recall.by_content(&file.sha256)
        {
            return known(Ok(remembered.at(path)), stamp.map(|stamp| (stamp, Found::File)));
        }
        let enough = self.pack.description.search.first_pixels();
        // No model is loaded for what is no photo.
        let limits = &self.settings.limits;
        let photo = match guarded(path, || file.decode_reduced(enough, limits)) {
            Ok(photo) => photo,
            Err(error) => return known(Err(error), None),
        };
        let analyser = match &mut self.analyser {
            Some(analyser) => analyser,
            none => none.insert(Analyser::load(&Runtime::get()?, self.pack, self.settings)?),
        };
        let closer = |pixels| file.decode_reduced(pixels, &limits.beside_models());
        match guarded(path, || analyser.crop(photo, closer)) {
            Ok(cropped) => waiting.push(cropped),
            Err(error) => return known(Err(error), None),
        }
        Ok(Seen::Waiting(stamp))
    }
}

/// A panic becomes the photo's error.
pub(super) fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    caught(work).unwrap_or_else(|| {
        let reason = "the decoder broke on it".to_owned();
        Err(Error::DamagedPhoto { path: path.to_owned(), reason })
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
