//! Photos and videos as one sequence: the frames of a video come at its place.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use image::RgbImage;

use super::frames::still;
use super::{Every, Ffmpeg, Frames, Step};
use crate::error::Error;
use crate::photo::{Moment, Source, is_video};

/// How videos are analysed.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// How often.
    pub every: Every,
    /// The threads that may decode.
    pub threads: usize,
}

/// How a video ended, once all its frames were handed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ending {
    /// The video's file.
    pub path: PathBuf,
    /// When its last frame is seen.
    pub until: Duration,
    /// Frames that were handed on.
    pub frames: u64,
    /// Frames that were not, because they repeat the one before.
    pub repeated: u64,
    /// Why no more could be read, if it is damaged or cut.
    pub problem: Option<String>,
    /// Whether the work was stopped before the end of the video.
    pub stopped: bool,
}

/// The endings of the videos whose frames were handed on, read beside the frames: which of them belong
/// to the same video, and what became of it.
#[derive(Debug, Clone)]
pub struct Endings {
    shared: Arc<Shared>,
    /// The video whose frames come, and the time of the last.
    current: Option<(PathBuf, Duration)>,
}

#[derive(Debug, Default)]
struct Shared(Mutex<VecDeque<Ending>>);

impl Shared {
    fn endings(&self) -> MutexGuard<'_, VecDeque<Ending>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Endings {
    /// Take note of the next result, called `path`, a frame if it is `at` some time: the video that ended before it, and the time of the
    /// frame that it is, if it is one.
    pub fn next(&mut self, path: &Path, at: Option<Moment>) -> (Option<Ending>, Option<Duration>) {
        let time = match at {
            Some(Moment::Time(time)) => Some(time),
            Some(Moment::Frame(_)) | None => None,
        };
        let goes_on = self
            .current
            .as_ref()
            .is_some_and(|(video, last)| video == path && time.is_none_or(|time| time > *last));
        let ended = if goes_on { None } else { self.end() };
        if let Some(time) = time {
            self.current = Some((path.to_owned(), time));
        }
        (ended, time)
    }

    /// The last video, once all results were taken: complete, or as far as it was analysed.
    pub fn end(&mut self) -> Option<Ending> {
        let (path, until) = self.current.take()?;
        let known = self.shared.endings().pop_front().filter(|ending| ending.path == path);
        Some(known.unwrap_or(Ending { path, until, stopped: true, ..Ending::default() }))
    }

    /// Whether the last results belong to a video.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.current.is_some()
    }
}

/// Photos as they are, and of each video among them its frames, one in memory at a time beside the next
/// one.
#[derive(Debug)]
pub struct Sources<I> {
    sources: I,
    asked: Asked,
    ffmpeg: Option<Result<Ffmpeg, String>>,
    stop: Arc<AtomicBool>,
    shared: Arc<Shared>,
    current: Option<(Frames, Ending)>,
}

impl<I: Iterator> Sources<I> {
    /// Those of `sources`, until it is to `stop`, and where the videos among them end.
    pub fn new(sources: I, asked: Asked, stop: Arc<AtomicBool>) -> (Self, Endings) {
        let shared = Arc::new(Shared::default());
        let endings = Endings { shared: shared.clone(), current: None };
        (Self { sources, asked, ffmpeg: None, stop, shared, current: None }, endings)
    }

    /// The next frame of the video that is read, or what is wrong with it; `None` at its end.
    fn frame(&mut self) -> Option<Source> {
        let (frames, ending) = self.current.as_mut()?;
        let stop = &self.stop;
        loop {
            match frames.next(|| stop.load(Ordering::Relaxed)) {
                Step::Frame(frame) => {
                    ending.frames += 1;
                    ending.until = frame.time;
                    let at = Some(Moment::Time(frame.time));
                    let name = ending.path.clone();
                    return Some(Source::Pixels { name, pixels: frame.pixels, at });
                }
                Step::Repeated(time) => {
                    ending.repeated += 1;
                    ending.until = time;
                }
                Step::End(problem) => {
                    let (_, ending) = self.current.take()?;
                    if ending.frames > 0 {
                        self.shared.endings().push_back(Ending { problem, ..ending });
                        return None;
                    }
                    let reason = problem.unwrap_or_else(|| "it has no frame".to_owned());
                    return Some(failed(ending.path.clone(), |path| Error::Video { path, reason }));
                }
                Step::Stopped => {
                    self.current = None;
                    return None;
                }
            }
        }
    }

    /// Begin with the video at `path`; what is wrong, if that cannot be.
    fn begin(&mut self, path: PathBuf) -> Option<Source> {
        let asked = self.asked;
        let ffmpeg = match self.ffmpeg.get_or_insert_with(|| Ffmpeg::find(asked.threads)) {
            Ok(ffmpeg) => ffmpeg,
            Err(reason) => {
                let reason = reason.clone();
                return Some(failed(path, |path| Error::NoFfmpeg { path, reason }));
            }
        };
        match Frames::start(ffmpeg, &path, asked.every, Duration::ZERO) {
            Ok(frames) => {
                self.current = Some((frames, Ending { path, ..Ending::default() }));
                None
            }
            Err(error) => Some(failed(path, |_| error)),
        }
    }
}

impl<I: Iterator<Item = Source>> Iterator for Sources<I> {
    type Item = Source;

    fn next(&mut self) -> Option<Source> {
        loop {
            if let Some(source) = self.frame() {
                return Some(source);
            }
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            match self.sources.next()? {
                Source::File(path) if is_video(&path) => {
                    if let Some(source) = self.begin(path) {
                        return Some(source);
                    }
                }
                other => return Some(other),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
}

fn failed(name: PathBuf, error: impl FnOnce(PathBuf) -> Error) -> Source {
    Source::Failed { error: error(name.clone()), name }
}

impl Asked {
    /// The frame of the video at `path` that is seen at `time`.
    ///
    /// # Errors
    /// [`Error::NoFfmpeg`], or [`Error::Video`] if there is no such frame.
    pub fn still(&self, path: &Path, time: Duration) -> crate::Result<RgbImage> {
        let missing = |reason| Error::NoFfmpeg { path: path.to_owned(), reason };
        still(&Ffmpeg::find(self.threads).map_err(missing)?, path, time)
    }
}
