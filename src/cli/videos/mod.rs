//! Videos among photos: their flags, and analysing them frame by frame.

mod text;
mod watched;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;

use super::{Context, Progress};
use crate::error::{Error, Result};
use crate::pack::Purpose;
use crate::photo::Source;
use crate::pipeline::AnalysedPhoto;
use crate::video::{Asked, Ending, Every, Sources};

pub use text::{not_read, stretches, watched};
pub use watched::{Frames, People, PeopleInVideo, PersonInVideo, Timed, Watched, WatchedVideo};

/// How videos are analysed.
#[derive(Debug, Clone, Copy, Args)]
pub struct VideoArgs {
    /// How often a frame of a video is analysed: once in this time, from 100ms to 1h
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = str::parse::<Every>)]
    every: Every,
}

impl VideoArgs {
    /// With the threads of `context`.
    pub fn asked(self, context: &Context) -> Asked {
        Asked { every: self.every, threads: context.threads }
    }
}

/// The next result of photos and videos.
pub enum Next {
    /// A photo.
    Photo(Result<AnalysedPhoto>),
    /// The frame of a video at this time.
    Frame(Duration, AnalysedPhoto),
    /// The end of the video whose frames came before.
    Ended(Ending),
}

/// Whether this is a video that could not be read at all.
pub fn is_unread_video(photo: &Result<AnalysedPhoto>) -> bool {
    matches!(photo, Err(Error::Video { .. } | Error::NoFfmpeg { .. }))
}

/// Analyse photos and videos and hand each photo and each frame to `take`, in order, until `stop` is
/// set.
///
/// # Errors
/// As [`Context::analyse_behind`].
pub fn analyse(
    context: &Context,
    progress: &Progress,
    photos: impl Iterator<Item = Source> + Send,
    (asked, stop): (Asked, Arc<AtomicBool>),
    mut take: impl FnMut(&Path, Next) -> Result<()>,
) -> Result<()> {
    let (sources, mut endings) = Sources::new(photos, asked, stop);
    context.analyse_behind(progress, sources, Purpose::Checking, |path, photo| {
        let at = photo.as_ref().ok().and_then(|photo| photo.at);
        let (ended, time) = endings.next(path, at);
        if let Some(ending) = ended {
            progress.step();
            take(&ending.path.clone(), Next::Ended(ending))?;
        }
        let next = match (time, photo) {
            (Some(time), Ok(photo)) => Next::Frame(time, photo),
            (_, photo) => Next::Photo(photo),
        };
        take(path, next)
    })?;
    if let Some(ending) = endings.end() {
        progress.step();
        take(&ending.path.clone(), Next::Ended(ending))?;
    }
    Ok(())
}
