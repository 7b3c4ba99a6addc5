//! The frames of one video: ffmpeg at work, its pictures and what it says read as they come.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use image::RgbImage;

use super::scene::Scene;
use super::{Every, Ffmpeg};
use crate::error::{Error, Result};

/// After this time without a frame, reading a video is given up.
const PATIENCE: Duration = Duration::from_secs(30);
/// The time that ffmpeg has to end once it has written all.
const ENDING: Duration = Duration::from_secs(5);
/// How often somebody who waits is asked whether it goes on.
const OFTEN: Duration = Duration::from_millis(50);
/// The most bytes of a picture: more than [`Ffmpeg`] is asked for is an error of its own.
const MOST_BYTES: usize = 3 * 8192 * 8192;
/// The longest line of ffmpeg's that is read.
const LINE: u64 = 4096;

/// A picture of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// When it is seen, from the beginning of the video.
    pub time: Duration,
    /// Upright, with square pixels.
    pub pixels: RgbImage,
}

/// The next step through a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A frame that shows something else than the last one.
    Frame(Frame),
    /// A frame at this time that shows the same as the last one.
    Repeated(Duration),
    /// No more frames; why, if the video is damaged or cut.
    End(Option<String>),
    /// It was told to stop.
    Stopped,
}

/// A message of the reading thread.
enum News {
    Step(Step),
    /// A frame that was not asked for, which shows that ffmpeg still works.
    Alive,
}

/// The frames of a video, from ffmpeg, which ends with this.
#[derive(Debug)]
pub struct Frames {
    child: Child,
    news: Receiver<News>,
    saying: Option<JoinHandle<Option<String>>>,
    patience: Duration,
}

impl Frames {
    /// Start on the video at `path`: one frame per `every`, from the first frame after `from`.
    ///
    /// # Errors
    /// [`Error::Video`] if ffmpeg does not start.
    pub fn start(ffmpeg: &Ffmpeg, path: &Path, every: Every, from: Duration) -> Result<Self> {
        let failed = |reason: String| Error::Video { path: path.to_owned(), reason };
        tracing::debug!(video = %path.display(), "opened a video");
        let mut child = ffmpeg
            .command(path, every, from)
            .spawn()
            .map_err(|e| failed(format!("{} cannot be run: {e}", ffmpeg.program().display())))?;
        let (Some(out), Some(said)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(failed("ffmpeg gave no output".to_owned()));
        };
        let (times, when) = channel();
        let (sender, news) = sync_channel(1);
        let saying = std::thread::spawn(move || listen(said, &times));
        std::thread::spawn(move || read_all(out, &when, every, &sender));
        Ok(Self { child, news, saying: Some(saying), patience: PATIENCE })
    }

    /// The same, giving up if no frame comes for this long.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The next step, unless `stop` says to stop while waiting for it.
    pub fn next(&mut self, stop: impl Fn() -> bool) -> Step {
        let mut waiting = Instant::now();
        loop {
            match self.news.recv_timeout(OFTEN) {
                _ if stop() => return Step::Stopped,
                Ok(News::Step(Step::End(unread))) => return Step::End(self.end(unread)),
                Ok(News::Step(step)) => return step,
                Ok(News::Alive) => waiting = Instant::now(),
                Err(RecvTimeoutError::Timeout) if waiting.elapsed() < self.patience => {}
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    let waited = self.patience.as_secs_f64();
                    return Step::End(Some(format!("gave up after {waited} s without a frame")));
                }
                Err(RecvTimeoutError::Disconnected) => return Step::End(self.end(None)),
            }
        }
    }

    /// Why the video ended, if that was not its end: what could not be read of the output, or what
    /// ffmpeg said.
    fn end(&mut self, unread: Option<String>) -> Option<String> {
        if unread.is_some() {
            return unread;
        }
        let status = match self.status() {
            Ok(Some(status)) => status,
            Ok(None) => return Some("ffmpeg did not exit".to_owned()),
            Err(error) => return Some(error.to_string()),
        };
        let said = self.saying.take().and_then(|thread| thread.join().ok()).flatten();
        said.or_else(|| (!status.success()).then(|| format!("ffmpeg exited with {status}")))
    }

    /// How ffmpeg ended, which closes its output a moment before.
    fn status(&mut self) -> io::Result<Option<ExitStatus>> {
        let since = Instant::now();
        while since.elapsed() < ENDING {
            if let Some(status) = self.child.try_wait()? {
                return Ok(Some(status));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(None)
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        // Both fail if it has ended already. The threads end with its output.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Read every picture and send it, until there are no more or the receiver is gone.
fn read_all(out: ChildStdout, when: &Receiver<Duration>, every: Every, to: &SyncSender<News>) {
    let mut out = BufReader::with_capacity(1 << 16, out);
    let (mut scene, mut counted) = (None::<Scene>, None);
    loop {
        let pixels = match picture(&mut out) {
            Ok(Some(pixels)) => pixels,
            end => {
                let unread = end.err().map(|error| error.to_string());
                let _ = to.send(News::Step(Step::End(unread)));
                return;
            }
        };
        // ffmpeg says the time before it writes the picture.
        let Ok(time) = when.recv() else { continue };
        let step = every.count(time);
        let news = if counted.is_some_and(|counted| step <= counted) {
            News::Alive
        } else {
            counted = Some(step);
            let now = Scene::of(&pixels);
            if scene.as_ref().is_some_and(|before| now.repeats(before)) {
                News::Step(Step::Repeated(time))
            } else {
                scene = Some(now);
                News::Step(Step::Frame(Frame { time, pixels }))
            }
        };
        if to.send(news).is_err() {
            return;
        }
    }
}

/// The next picture, in the binary PPM that ffmpeg writes; `None` at the end.
fn picture(from: &mut impl BufRead) -> io::Result<Option<RgbImage>> {
    let mut head = Vec::new();
    for _ in 0..3 {
        from.by_ref().take(32).read_until(b'\n', &mut head)?;
    }
    if head.is_empty() {
        return Ok(None);
    }
    let head = String::from_utf8_lossy(&head);
    let mut numbers =
        head.strip_prefix("P6").unwrap_or_default().split_ascii_whitespace().map(str::parse);
    let (Some(Ok(width)), Some(Ok(height)), Some(Ok(255u32))) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "ffmpeg wrote a picture that cannot be read",
        ));
    };
    let bytes = 3 * width as usize * height as usize;
    if bytes > MOST_BYTES {
        return Err(io::Error::new(
            ErrorKind::InvalidData,
            "ffmpeg wrote a picture that is too large",
        ));
    }
    let mut pixels = vec![0; bytes];
    match from.read_exact(&mut pixels) {
        // It was ended in the middle of it.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    Ok(RgbImage::from_raw(width, height, pixels))
}

/// Send on the frame times that ffmpeg prints; returns its first error message, in one line.
fn listen(said: impl Read, times: &Sender<Duration>) -> Option<String> {
    let mut said = BufReader::new(said);
    let (mut error, mut whole, mut unit) = (None, true, 1.0);
    let mut line = Vec::new();
    loop {
        line.clear();
        match said.by_ref().take(LINE).read_until(b'\n', &mut line) {
            Ok(1..) => {}
            Ok(0) | Err(_) => return error,
        }
        // The rest of a long line could be anything, so it is ignored.
        let begins = std::mem::replace(&mut whole, line.ends_with(b"\n"));
        if !begins {
            continue;
        }
        match Said::of(&String::from_utf8_lossy(&line)) {
            Said::Unit(found) => unit = found,
            // Nobody reads pictures any more.
            Said::Time(number) => _ = times.send(rounded(number * unit)),
            Said::Error(what) => drop(error.get_or_insert(what)),
            Said::Other => {}
        }
    }
}

/// The meaning of a line that ffmpeg prints.
#[derive(Debug, PartialEq)]
enum Said {
    /// The unit of the numbers of times, in seconds.
    Unit(f64),
    /// The number of a frame's time.
    Time(f64),
    Error(String),
    Other,
}

impl Said {
    fn of(line: &str) -> Self {
        let number = |text: &str, after: &str| {
            let rest = text.split_once(after)?.1.trim_start();
            rest.split(|c: char| c.is_whitespace() || c == ',').next().map(str::to_owned)
        };
        let shown =
            line.strip_prefix("[Parsed_showinfo_").and_then(|line| line.split_once("] [info] "));
        if let Some((_, shown)) = shown {
            if let Some(unit) =
                shown.starts_with("config in").then(|| number(shown, "time_base:")).flatten()
            {
                let parts = unit
                    .split_once('/')
                    .and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
                return parts.map_or(Self::Other, |(part, of)| Self::Unit(part / of));
            }
            if shown.starts_with("n:") {
                // A frame without a time has that of the beginning.
                return Self::Time(
                    number(shown, " pts:").and_then(|time| time.parse().ok()).unwrap_or(0.0),
                );
            }
            return Self::Other;
        }
        let error = ["[error] ", "[fatal] "].iter().find_map(|level| line.split_once(level));
        error.map_or(Self::Other, |(_, what)| Self::Error(what.trim().to_owned()))
    }
}

/// A time as it is told: to a thousandth of a second, never before the beginning.
fn rounded(seconds: f64) -> Duration {
    Duration::from_millis((seconds * 1e3).round().max(0.0) as u64)
}

/// One frame of the video at `path`: the first one at `time` or after it.
///
/// # Errors
/// [`Error::NoFfmpeg`] without ffmpeg, [`Error::Video`] if there is no such frame.
pub(super) fn still(ffmpeg: &Ffmpeg, path: &Path, time: Duration) -> Result<RgbImage> {
    // Times in a file are rounded.
    let from = time.saturating_sub(Duration::from_millis(1));
    let mut frames = Frames::start(ffmpeg, path, Every::default(), from)?;
    match frames.next(|| false) {
        Step::Frame(frame) => Ok(frame.pixels),
        Step::End(reason) => Err(gone(path, reason)),
        Step::Repeated(_) | Step::Stopped => Err(gone(path, None)),
    }
}

fn gone(path: &Path, reason: Option<String>) -> Error {
    let reason = reason.unwrap_or_else(|| "it has no frame at this time".to_owned());
    Error::Video { path: PathBuf::from(path), reason }
}
