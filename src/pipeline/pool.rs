//! Threads that keep their models loaded, for programs that are handed photos one by one and go on
//! running: a server, another language. A folder of photos is [`super::analyse_all`]'s business.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use super::worker::guarded;
use super::{AnalysedPhoto, Analyser, Settings, TOGETHER};
use crate::error::{Error, Result};
use crate::model::Runtime;
use crate::pack::Pack;
use crate::panics::caught;
use crate::photo::{Limits, Source};

/// A few threads, each with its own models. Photos that wait are taken several at a time, so that
/// their faces are embedded in common runs, whoever handed them in; none waits for others to come.
/// How many photos may wait is for its user to limit.
#[derive(Debug)]
pub struct Pool {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
}

/// A photo, and who is told of it.
struct Job {
    source: Source,
    done: Box<dyn FnOnce(Result<AnalysedPhoto>) + Send>,
}

impl Pool {
    /// Start the threads and load their models; `settings.memory` is not asked.
    ///
    /// # Errors
    /// Where the models do not load, or the system has no thread left.
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
        // Whatever goes wrong from here on, the threads that are there end with the pool.
        let mut pool = Self { queue: Arc::new(Queue::new(threads)), threads: Vec::new() };
        for analyser in analysers {
            let (queue, limits) = (pool.queue.clone(), settings.limits);
            let thread = std::thread::Builder::new().name("analyser".to_owned());
            pool.threads.push(thread.spawn(move || work(&queue, analyser, &limits))?);
        }
        Ok(pool)
    }

    /// Hand in a photo; `done` is told what came of it, on a thread of the pool, which it must not
    /// hold up.
    pub fn submit(
        &self,
        source: Source,
        done: impl FnOnce(Result<AnalysedPhoto>) + Send + 'static,
    ) {
        self.queue.put(Job { source, done: Box::new(done) });
    }

    /// Analyse `sources` and wait for them; the results are in their order.
    #[must_use]
    pub fn analyse(&self, sources: impl IntoIterator<Item = Source>) -> Vec<Result<AnalysedPhoto>> {
        let waiting: Vec<_> = sources
            .into_iter()
            .map(|source| {
                let (sender, receiver) = mpsc::sync_channel(1);
                let name = source.name().to_owned();
                // Whoever waits for it is still here.
                self.submit(source, move |photo| drop(sender.send(photo)));
                (name, receiver)
            })
            .collect();
        let results = waiting.into_iter();
        results.map(|(name, photo)| photo.recv().unwrap_or_else(|_| Err(broken(&name)))).collect()
    }

    /// Photos that no thread has begun with.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.state().jobs.len()
    }
}

impl Drop for Pool {
    /// What was handed in is still done.
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A thread that panicked has nothing more to say.
            drop(thread.join());
        }
    }
}

/// One thread's work, until the pool is closed.
fn work(queue: &Queue, mut analyser: Analyser, limits: &Limits) {
    while let Some(jobs) = queue.take() {
        let (mut cropped, mut waiting) = (Vec::new(), Vec::new());
        for Job { source, done } in jobs {
            let name = source.name().to_owned();
            let crop = || {
                let opened = source.open(limits)?;
                let photo = opened.decode_reduced(analyser.first_pixels(), limits)?;
                analyser
                    .crop(photo, |pixels| opened.decode_reduced(pixels, &limits.beside_models()))
            };
            match guarded(&name, crop) {
                Ok(photo) => {
                    cropped.push(photo);
                    waiting.push((name, done));
                }
                Err(error) => done(Err(error)),
            }
        }
        let mut photos =
            guarded(Path::new(""), || Ok(analyser.embed(cropped))).unwrap_or_default().into_iter();
        for (name, done) in waiting {
            done(photos.next().unwrap_or_else(|| Err(broken(&name))));
        }
    }
}

/// The error of a photo whose thread came to grief over it.
fn broken(name: &Path) -> Error {
    Error::DamagedPhoto { path: PathBuf::from(name), reason: "the embedder broke on it".to_owned() }
}

/// The photos that wait.
struct Queue {
    state: Mutex<State>,
    /// There are photos, or there will be none any more.
    news: Condvar,
    threads: usize,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
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

    fn put(&self, job: Job) {
        self.state().jobs.push_back(job);
        self.news.notify_one();
    }

    fn close(&self) {
        self.state().closed = true;
        self.news.notify_all();
    }

    /// The next photos for one thread, as soon as there are any; `None` when no more will come. Few
    /// photos are spread over the threads before any share a run.
    fn take(&self) -> Option<Vec<Job>> {
        let mut state = self.state();
        loop {
            if !state.jobs.is_empty() {
                let together = (state.jobs.len() / self.threads).clamp(1, TOGETHER);
                return Some(state.jobs.drain(..together).collect());
            }
            if state.closed {
                return None;
            }
            state = self.news.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Nothing panics while the queue is held.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(threads: usize, jobs: usize) -> Queue {
        let queue = Queue::new(threads);
        for number in 0..jobs {
            let source = Source::File(number.to_string().into());
            queue.put(Job { source, done: Box::new(drop) });
        }
        queue
    }

    fn names(jobs: Option<Vec<Job>>) -> Vec<String> {
        let jobs = jobs.into_iter().flatten();
        jobs.map(|job| job.source.name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn few_photos_are_spread_over_the_threads_and_many_share_runs() {
        let few = queue(2, 3);
        assert_eq!(names(few.take()), ["0"]);
        assert_eq!(names(few.take()), ["1"]);
        let many = queue(2, 100);
        assert_eq!(names(many.take()), ["0", "1", "2", "3"]);
    }

    #[test]
    fn what_waits_is_still_given_out_after_the_end() {
        let queue = queue(1, 1);
        queue.close();
        assert_eq!(names(queue.take()), ["0"]);
        assert!(queue.take().is_none());
    }

    #[test]
    fn photos_of_all_kinds_come_out_in_order_each_with_its_own_error() {
        let pack = Pack::default_pack().unwrap();
        let settings = Settings { threads: 2, ..Settings::default() };
        let pool = Pool::start(&pack, &settings).unwrap();
        let bytes =
            |name: &str, bytes: &[u8]| Source::Bytes { name: name.into(), bytes: bytes.to_vec() };
        let grey = image::RgbImage::from_pixel(64, 48, image::Rgb([90, 90, 90]));
        let sources = [
            bytes("a.jpg", b"no photo"),
            Source::Pixels { name: "b".into(), pixels: grey },
            Source::File("/nowhere/c.jpg".into()),
        ];
        let photos = pool.analyse(sources);
        let [Err(a), Ok(b), Err(c)] = &photos[..] else { panic!("{photos:?}") };
        assert!(a.to_string().contains("a.jpg"), "{a}");
        assert_eq!((b.width, b.height, b.faces.len()), (64, 48, 0));
        assert!(c.to_string().contains("/nowhere/c.jpg"), "{c}");
        assert_eq!(pool.waiting(), 0);
    }
}
