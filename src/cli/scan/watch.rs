//! `verify scan --watch`: keeps running, and analyses what arrives or changes in the folders.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::super::library::Stop;
use super::super::output::{count, note, problem};
use super::super::{Context, Exit};
use super::ScanArgs;
use super::tell::Teller;
use crate::error::{Error, Front, Result};

/// A file is analysed when it has not changed for this long: copying has then ended, and the index can
/// tell whether it changes again.
const QUIET: Duration = Duration::from_millis(2_500);
/// How often everything is scanned again, for drives that came back and for network drives, whose changes
/// the system may not report.
const SELDOM: Duration = Duration::from_secs(3_600);
/// The same if the system reports no changes at all.
const OFTEN: Duration = Duration::from_secs(60);
/// How soon Ctrl-C is noticed.
const TURN: Duration = Duration::from_millis(100);
/// A failed report is repeated after this time, which doubles each time up to [`LONGEST`].
const AGAIN: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);

/// What one pass covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Round {
    /// Everything, for the first time.
    First,
    /// Everything again.
    Everything,
    /// These files and folders.
    These(Arc<BTreeSet<PathBuf>>),
}

impl Round {
    /// The files and folders; `None` for everything.
    pub fn only(&self) -> Option<Arc<BTreeSet<PathBuf>>> {
        match self {
            Self::First | Self::Everything => None,
            Self::These(paths) => Some(paths.clone()),
        }
    }
}

/// Run one `pass` after another, each over what has changed, until `stop`.
///
/// # Errors
/// Those of the first pass; later, if the output is closed or reports cannot be noted.
pub(super) fn stay(
    args: &ScanArgs,
    context: &Context,
    stop: &Stop,
    mut pass: impl FnMut(&Round, &mut Teller) -> Result<Exit>,
) -> Result<Exit> {
    let mut teller = Teller::new(&args.watch, context, args.everyone)?;
    // Before the first pass, so that no new file is missed.
    let mut watch = Watch::new(&args.paths);
    let (mut round, mut exit) = (Round::First, Exit::NoMatch);
    loop {
        match pass(&round, &mut teller) {
            Ok(Exit::Success) => exit = Exit::Success,
            Ok(Exit::NoMatch | Exit::Error) | Err(Error::NoPhotos { .. }) => {}
            // A drive may come back.
            Err(error @ Error::Read { .. }) if round != Round::First => {
                problem(&error.told(Front::Command));
            }
            Err(error) => return Err(error),
        }
        watch.look_again(teller.failed());
        if round == Round::First && !stop.is_asked() {
            let watched = count(args.paths.len(), "path");
            note(&format!("watching {watched} for new photos; stop with Ctrl-C"));
        }
        match watch.wait(stop) {
            Some(next) => round = next,
            None => return Ok(exit),
        }
    }
}

/// The system's notifications of changes below some paths.
struct Watch {
    /// Each path as given, and as the system may report it.
    roots: Vec<(PathBuf, Vec<PathBuf>)>,
    events: Receiver<notify::Result<Event>>,
    watcher: Option<RecommendedWatcher>,
    /// When each file or folder is due.
    due: HashMap<PathBuf, Instant>,
    /// When everything is due.
    all: Instant,
    /// How long the next failed report waits.
    pause: Duration,
}

impl Watch {
    fn new(paths: &[PathBuf]) -> Self {
        let called = |path: &PathBuf| {
            let ways = [std::path::absolute(path).ok(), path.canonicalize().ok()];
            (path.clone(), ways.into_iter().flatten().collect())
        };
        let roots: Vec<(PathBuf, Vec<PathBuf>)> = paths.iter().map(called).collect();
        let (sender, events) = channel();
        let started = notify::recommended_watcher(sender).and_then(|mut watcher| {
            paths.iter().try_for_each(|path| watcher.watch(path, RecursiveMode::Recursive))?;
            Ok(watcher)
        });
        let watcher = match started {
            Ok(watcher) => Some(watcher),
            Err(error) => {
                note(&format!("{}; everything is scanned once a minute instead", untold(&error)));
                None
            }
        };
        let all = Instant::now() + if watcher.is_some() { SELDOM } else { OFTEN };
        Self { roots, events, watcher, due: HashMap::new(), all, pause: AGAIN }
    }

    /// Analyse photos with failed reports again after a pause.
    fn look_again(&mut self, failed: Vec<PathBuf>) {
        if failed.is_empty() {
            self.pause = AGAIN;
            return;
        }
        let due = Instant::now() + self.pause;
        self.pause = (self.pause * 2).min(LONGEST);
        self.due.extend(failed.into_iter().map(|path| (path, due)));
    }

    /// Wait until something is due; `None` if the work is to end.
    fn wait(&mut self, stop: &Stop) -> Option<Round> {
        while !stop.is_asked() {
            self.hear();
            let now = Instant::now();
            if self.all <= now {
                self.due.clear();
                self.all = now + if self.watcher.is_some() { SELDOM } else { OFTEN };
                return Some(Round::Everything);
            }
            let ready: BTreeSet<PathBuf> =
                self.due.extract_if(|_, due| *due <= now).map(|(path, _)| path).collect();
            if !ready.is_empty() {
                return Some(Round::These(Arc::new(ready)));
            }
        }
        None
    }

    /// Take the notifications of one turn together: copying a large file causes thousands of them, and checking
    /// what is due after each would be slow.
    fn hear(&mut self) {
        let end = Instant::now() + TURN;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => self.add(event),
                Err(RecvTimeoutError::Timeout) => return,
                // No watcher is running.
                Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(left),
            }
            if left.is_zero() {
                return;
            }
        }
    }

    fn add(&mut self, event: notify::Result<Event>) {
        let event = match event {
            // Some notifications were lost.
            Ok(event) if event.need_rescan() => return self.all = Instant::now() + QUIET,
            Ok(event) if concerns(&event.kind) => event,
            Ok(_) => return,
            Err(error) => {
                tracing::debug!(%error, "watching");
                return self.all = Instant::now() + QUIET;
            }
        };
        let due = Instant::now() + QUIET;
        let paths: Vec<PathBuf> = event.paths.iter().filter_map(|path| self.called(path)).collect();
        self.due.extend(paths.into_iter().map(|path| (path, due)));
    }

    /// A path as a walk from the roots would give it.
    fn called(&self, path: &Path) -> Option<PathBuf> {
        self.roots.iter().find_map(|(root, ways)| {
            let below = ways.iter().find_map(|whole| path.strip_prefix(whole).ok())?;
            Some(if below.as_os_str().is_empty() { root.clone() } else { root.join(below) })
        })
    }
}

/// Whether there may be a photo to analyse after this event.
fn concerns(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        EventKind::Remove(_) => false,
        EventKind::Any | EventKind::Create(_) | EventKind::Modify(_) | EventKind::Other => true,
    }
}

/// Why the system reports no changes.
fn untold(error: &notify::Error) -> String {
    let why = match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            "too many folders (raise fs.inotify.max_user_watches)".to_owned()
        }
        _ => error.to_string(),
    };
    format!("the system cannot report changes: {why}")
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, RemoveKind};

    use super::*;

    fn watch(root: &Path) -> Watch {
        let (_, events) = channel();
        let roots = vec![(PathBuf::from("photos"), vec![root.to_owned()])];
        let all = Instant::now() + SELDOM;
        Watch { roots, events, watcher: None, due: HashMap::new(), all, pause: AGAIN }
    }

    #[test]
    fn a_file_is_due_when_it_has_been_quiet_and_is_called_as_a_walk_calls_it() {
        let mut watch = watch(Path::new("/home/a"));
        let created = EventKind::Create(CreateKind::File);
        watch.add(Ok(Event::new(created).add_path("/home/a/new/1.jpg".into())));
        watch.add(Ok(Event::new(created).add_path("/home/b/2.jpg".into())));
        let removed = EventKind::Remove(RemoveKind::File);
        watch.add(Ok(Event::new(removed).add_path("/home/a/3.jpg".into())));
        let paths: Vec<&PathBuf> = watch.due.keys().collect();
        assert_eq!(paths, [Path::new("photos/new/1.jpg")]);
        assert!(watch.due.values().all(|due| *due > Instant::now() + QUIET / 2));
        watch.due.values_mut().for_each(|due| *due = Instant::now());
        let round = watch.wait(&Stop::default()).unwrap();
        assert_eq!(round.only().unwrap().len(), 1);
        assert!(watch.due.is_empty());
    }

    #[test]
    fn what_could_not_be_told_waits_longer_each_time_until_it_is() {
        let mut watch = watch(Path::new("/home/a"));
        for expected in [5, 10, 20, 40, 80, 160, 320, 600, 600] {
            assert_eq!(watch.pause, Duration::from_secs(expected));
            watch.look_again(vec!["photos/1.jpg".into()]);
        }
        assert_eq!(watch.due.len(), 1);
        watch.look_again(Vec::new());
        assert_eq!(watch.pause, AGAIN);
    }

    #[test]
    fn everything_is_looked_at_if_the_system_lost_count() {
        let mut watch = watch(Path::new("/home/a"));
        let lost = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        watch.add(Ok(lost));
        assert!(watch.all <= Instant::now() + QUIET);
        watch.all = Instant::now();
        assert_eq!(watch.wait(&Stop::default()), Some(Round::Everything));
        let stop = Stop::default();
        stop.stop();
        assert_eq!(watch.wait(&stop), None);
    }
}
