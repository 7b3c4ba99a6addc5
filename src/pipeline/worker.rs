//! What one thread does with a path: ask the memory, read, decode, and only then load models.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{AnalysedPhoto, Analyser, Found, Recall, Settings, Stamp};
use crate::error::{Error, Result};
use crate::model::{Pack, Runtime};
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

impl<'a> Worker<'a> {
    pub fn new(pack: &'a Pack, settings: &'a Settings<'a>, analysis: &str) -> Self {
        let recall = settings.memory.map(|memory| memory.recall(analysis));
        Self { pack, settings, recall, analyser: None }
    }

    /// The photo at `path`, remembered or analysed. A panic in a decoder is the photo's error.
    ///
    /// # Errors
    /// Where the models do not load.
    pub fn look_at(&mut self, path: &Path) -> Result<Outcome> {
        let stamp = self.recall.is_some().then(|| Stamp::of(path)).flatten();
        if let (Some(recall), Some(stamp)) = (&mut self.recall, &stamp)
            && let Some(known) = recall.by_file(path, stamp)
        {
            return Ok(Outcome { photo: Ok(known.at(path)), news: None });
        }
        let file = match load(path, &self.settings.limits) {
            Ok(file) => file,
            Err(error) => return Ok(Outcome { photo: Err(error), news: None }),
        };
        if let Some(recall) = &mut self.recall
            && let Some(known) = recall.by_content(&file.sha256)
        {
            let news = stamp.map(|stamp| (stamp, Found::File));
            return Ok(Outcome { photo: Ok(known.at(path)), news });
        }
        // No model is loaded for what is no photo.
        let photo = match guarded(path, || file.decode(&self.settings.limits)) {
            Ok(photo) => photo,
            Err(error) => return Ok(Outcome { photo: Err(error), news: None }),
        };
        let analyser = match &mut self.analyser {
            Some(analyser) => analyser,
            none => none.insert(Analyser::load(&Runtime::get()?, self.pack, self.settings)?),
        };
        let photo = guarded(path, || analyser.analyse(photo));
        Ok(Outcome { photo, news: stamp.map(|stamp| (stamp, Found::Faces)) })
    }
}

/// A panic becomes the photo's error.
fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let reason = "the decoder broke on it".to_owned();
        Err(Error::DamagedPhoto { path: path.to_owned(), reason })
    })
}
