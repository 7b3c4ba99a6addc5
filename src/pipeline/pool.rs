//! Threads that keep their models loaded, for long-running programs that get photos one by one, such as the server and
//! the Python module. For a folder of photos see [`super::analyse_all`].

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use super::{AnalysedPhoto, Analyser, Settings, TOGETHER, Worker, analysis_identity};
use crate::error::{Error, Result};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::panics::caught;
use crate::photo::Source;

/// A few threads, each with its own models. Waiting photos are taken several at a time, so that their faces share
/// the embedder's runs; no photo waits for others to come. The caller must limit the number of waiting photos.
#[derive(Debug)]
pub struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

/// What the threads share.
#[derive(Debug)]
struct Shared {
    pack: Pack,
    settings: Settings,
    analysis: String,
    queue: Arc<Queue>,
    /// How many photos came from the cache.
    remembered: AtomicU64,
}

/// A photo, and the function to call with the result.
struct Job {
    number: u64,
    source: Source,
    done: Box<dyn FnOnce(Result<AnalysedPhoto>) + Send>,
}

/// The handle of a submitted photo. If it is dropped before a thread has started the photo, the photo is removed from
/// the queue.
#[derive(Debug)]
#[must_use = "dropping the ticket cancels the photo"]
pub struct Ticket {
    queue: Arc<Queue>,
    number: u64,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        drop(self.queue.withdraw(self.number));
    }
}

impl Pool {
    /// Start the threads and load their models.
    ///
    /// # Errors
    /// If the models do not load, or the system cannot start a thread.
    pub fn start(pack: &Pack, settings: &Settings) -> Result<Self> {
        let runtime = Runtime::get()?;
        let threads = settings.threads.max(1);
        let analysers: Vec<Analyser> = std::thread::scope(|scope| {
            let load = || scope.spawn(|| caught(|| Analyser::load(&runtime, pack, settings)));
            let loading: Vec<_> = (0..threads).map(|_| load()).collect();
            let loaded = loading.into_iter().map(|thread| {
                thread
                    .join()
                    .ok()
                    .flatten()
                    .unwrap_or_else(|| Err(Error::model(pack.name(), "it panicked")))
            });
            loaded.collect::<Result<_>>()
        })?;
        let shared = Arc::new(Shared {
            pack: pack.clone(),
            settings: settings.clone(),
            analysis: analysis_identity(pack, settings, runtime.device.provider),
            queue: Arc::new(Queue::new(threads)),
            remembered: AtomicU64::new(0),
        });
        // From here on, dropping the pool ends its threads.
        let mut pool = Self { shared, threads: Vec::new() };
        for analyser in analysers {
            let shared = pool.shared.clone();
            let thread = std::thread::Builder::new().name("analyser".to_owned());
            pool.threads.push(thread.spawn(move || shared.work(analyser))?);
        }
        Ok(pool)
    }

    /// Submit a photo; `done` is called with the result on a thread of the pool, and must return quickly.
    pub fn submit(
        &self,
        source: Source,
        done: impl FnOnce(Result<AnalysedPhoto>) + Send + 'static,
    ) -> Ticket {
        let queue = self.shared.queue.clone();
        let number = queue.put(source, Box::new(done));
        Ticket { queue, number }
    }

    /// Analyse `sources` and wait for them; the results are in the same order.
    #[must_use]
    pub fn analyse(&self, sources: impl IntoIterator<Item = Source>) -> Vec<Result<AnalysedPhoto>> {
        let waiting: Vec<_> = sources
            .into_iter()
            .map(|source| {
                let (sender, receiver) = mpsc::sync_channel(1);
                let name = source.name().to_owned();
                // The receiver below waits for it.
                let ticket = self.submit(source, move |photo| drop(sender.send(photo)));
                (name, receiver, ticket)
            })
            .collect();
        let results = waiting.into_iter();
        let photo = |(name, photo, _ticket): (PathBuf, mpsc::Receiver<_>, Ticket)| {
            photo.recv().unwrap_or_else(|_| Err(broken(&name)))
        };
        results.map(photo).collect()
    }

    /// The number of photos that no thread has started.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shared.queue.state().jobs.len()
    }

    /// The number of photos so far that came from the cache.
    #[must_use]
    pub fn remembered(&self) -> u64 {
        self.shared.remembered.load(Ordering::Relaxed)
    }
}

impl Drop for Pool {
    /// Submitted photos that were not cancelled are still analysed.
    fn drop(&mut self) {
        self.shared.queue.close();
        for thread in self.threads.drain(..) {
            // The error of a thread that panicked is of no use here.
            drop(thread.join());
        }
        if let Some(cache) = &self.shared.settings.cache {
            cache.settle();
        }
    }
}

impl Shared {
    /// One thread's work, until the pool is closed.
    fn work(&self, analyser: Analyser) {
        let Self { pack, settings, analysis, queue, remembered } = self;
        let mut worker = Worker::new(pack, settings, analysis, Some(analyser));
        while let Some(together) = queue.wait() {
            let mut asked = Vec::new();
            // Each is taken from the queue only when the worker is ready for it.
            let jobs = std::iter::from_fn(|| queue.next()).take(together);
            let sources = jobs.map(|Job { source, done, .. }| {
                asked.push((source.name().to_owned(), done));
                source
            });
            let outcomes = caught(|| worker.look_at(sources)).and_then(Result::ok);
            let mut outcomes = outcomes.unwrap_or_default().into_iter();
            for (name, done) in asked {
                let Some(outcome) = outcomes.next() else {
                    done(Err(broken(&name)));
                    continue;
                };
                outcome.keep(settings, analysis);
                remembered.fetch_add(u64::from(outcome.remembered), Ordering::Relaxed);
                done(outcome.photo);
            }
            if let Some(cache) = &settings.cache {
                cache.flush();
            }
        }
    }
}

/// The error of a photo whose analysis panicked.
fn broken(name: &Path) -> Error {
    Error::DamagedPhoto { path: PathBuf::from(name), reason: "the embedder broke on it".to_owned() }
}

/// The photos that wait.
struct Queue {
    state: Mutex<State>,
    /// Signals new photos, or that no more will come.
    news: Condvar,
    threads: usize,
}

#[derive(Default)]
struct State {
    /// In order of their numbers.
    jobs: VecDeque<Job>,
    next: u64,
    closed: bool,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.state().jobs.len()).finish_non_exhaustive()
    }
}

impl Queue {
    fn new(threads: usize) -> Self {
        Self { state: Mutex::default(), news: Condvar::new(), threads }
    }

    /// Add a photo to the queue; returns its number.
    fn put(&self, source: Source, done: Box<dyn FnOnce(Result<AnalysedPhoto>) + Send>) -> u64 {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.jobs.push_back(Job { number, source, done });
        drop(state);
        self.news.notify_one();
        number
    }

    /// Remove the photo with this number, if it still waits.
    fn withdraw(&self, number: u64) -> Option<Job> {
        let mut state = self.state();
        let at = state.jobs.binary_search_by_key(&number, |job| job.number).ok()?;
        state.jobs.remove(at)
    }

    fn close(&self) {
        self.state().closed = true;
        self.news.notify_all();
    }

    /// Wait for photos, and return how many one thread should take; `None` when no more will come. Few photos are spread
    /// over the threads before any share a run.
    fn wait(&self) -> Option<usize> {
        let mut state = self.state();
        loop {
            if !state.jobs.is_empty() {
                return Some((state.jobs.len() / self.threads).clamp(1, TOGETHER));
            }
            if state.closed {
                return None;
            }
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The photo that has waited longest.
    fn next(&self) -> Option<Job> {
        self.state().jobs.pop_front()
    }

    /// Nothing panics while the queue is held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::photo::Moment;

    fn queue(threads: usize, jobs: usize) -> Queue {
        let queue = Queue::new(threads);
        for number in 0..jobs {
            queue.put(Source::File(number.to_string().into()), Box::new(drop));
        }
        queue
    }

    /// The names of the photos that one thread takes.
    fn taken(queue: &Queue) -> Vec<String> {
        let together = queue.wait().unwrap_or(0);
        let jobs = std::iter::from_fn(|| queue.next()).take(together);
        jobs.map(|job| job.source.name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn few_photos_are_spread_over_the_threads_and_many_share_runs() {
        let few = queue(2, 3);
        assert_eq!(taken(&few), ["0"]);
        assert_eq!(taken(&few), ["1"]);
        let many = queue(2, 100);
        assert_eq!(taken(&many), ["0", "1", "2", "3"]);
    }

    #[test]
    fn what_waits_is_still_given_out_after_the_end() {
        let queue = queue(1, 1);
        queue.close();
        assert_eq!(taken(&queue), ["0"]);
        assert_eq!(queue.wait(), None);
    }

    #[test]
    fn a_photo_that_nobody_waits_for_leaves_the_queue() {
        let queue = Arc::new(queue(1, 6));
        let ticket = |number| Ticket { queue: queue.clone(), number };
        drop(ticket(2));
        drop(ticket(5));
        assert_eq!(queue.state().jobs.len(), 4, "at once");
        assert_eq!(taken(&queue), ["0", "1", "3", "4"]);
        drop(ticket(3));
        assert!(queue.next().is_none());
    }

    #[test]
    fn photos_of_all_kinds_come_out_in_order_each_with_its_own_error() {
        let pack = Pack::default_pack().unwrap();
        let settings = Settings { threads: 2, ..Settings::default() };
        let pool = Pool::start(&pack, &settings).unwrap();
        let bytes =
            |name: &str, bytes: &[u8]| Source::Bytes { name: name.into(), bytes: bytes.to_vec() };
        let grey = image::RgbImage::from_pixel(64, 48, image::Rgb([90, 90, 90]));
        let at = Some(Moment::Time(Duration::from_millis(40)));
        let sources = [
            bytes("a.jpg", b"no photo"),
            Source::Pixels { name: "b".into(), pixels: grey, at },
            Source::File("/nowhere/c.jpg".into()),
        ];
        let photos = pool.analyse(sources);
        let [Err(a), Ok(b), Err(c)] = &photos[..] else { panic!("{photos:?}") };
        assert!(a.to_string().contains("a.jpg"), "{a}");
        assert_eq!((b.width, b.height, b.faces.len(), b.at), (64, 48, 0, at));
        assert!(c.to_string().contains("/nowhere/c.jpg"), "{c}");
        assert_eq!((pool.waiting(), pool.remembered()), (0, 0));
    }
}
