//! Analyses the photos of all requests on threads that keep their models. Waiting photos share the embedder's runs,
//! whichever request they belong to. Photos are refused if there is no room, and dropped if their client has gone.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::{Semaphore, oneshot};

use super::problem::{Answer, Problem};
use crate::error::{Front, Result};
use crate::pack::{Pack, Purpose};
use crate::photo::{Limits, PhotoFile, Source};
use crate::pipeline::{AnalysedFace, AnalysedPhoto, Cache, Pool, Settings};
use crate::plot::{jpeg_uri, portraits};

/// The most photos that are analysed or wait, per thread.
const WAITING_A_THREAD: usize = 64;
/// The side of a shown face, in pixels.
pub const PORTRAIT: u32 = 96;

/// The analysis of uploaded photos.
pub struct Analysis {
    pack: Pack,
    /// How photos to be checked are analysed.
    settings: Settings,
    checking: Pool,
    /// The pool for photos to be enrolled, if the pack analyses them in another way; loaded for the first of
    /// them.
    enrolling: OnceLock<std::result::Result<Pool, String>>,
    room: Arc<Semaphore>,
}

/// An uploaded photo with its faces.
pub struct AnalysedUpload {
    /// The photo's name.
    pub name: PathBuf,
    /// Its faces, or the error message.
    pub photo: std::result::Result<AnalysedPhoto, String>,
    /// A small picture of each face as a `data:` URL, if requested.
    pub portraits: Vec<Option<String>>,
}

/// How photos are analysed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// The purpose.
    pub purpose: Purpose,
    /// Whether to cut out pictures of the faces.
    pub portraits: bool,
}

impl Analysis {
    /// Load the models.
    ///
    /// # Errors
    /// If they do not load.
    pub fn start(pack: &Pack, threads: usize, cache: Option<Arc<dyn Cache>>) -> Result<Self> {
        let settings = Settings { threads, cache, ..Settings::default() };
        Ok(Self {
            pack: pack.clone(),
            checking: Pool::start(pack, &settings)?,
            settings,
            enrolling: OnceLock::new(),
            room: Arc::new(Semaphore::new(WAITING_A_THREAD * threads)),
        })
    }

    /// The number of photos that no thread has started.
    pub fn waiting(&self) -> usize {
        self.pools().map(Pool::waiting).sum()
    }

    /// The number of photos so far that came from the cache.
    pub fn remembered(&self) -> u64 {
        self.pools().map(Pool::remembered).sum()
    }

    fn pools(&self) -> impl Iterator<Item = &Pool> {
        let enrolling = self.enrolling.get().and_then(|pool| pool.as_ref().ok());
        std::iter::once(&self.checking).chain(enrolling)
    }

    /// Analyse photos; the results are in the same order. A request is refused if there is no room for its first photo;
    /// its other photos wait for room. Dropping the future cancels the photos that no thread has started.
    pub async fn look(&self, sources: Vec<Source>, look: Look) -> Answer<Vec<AnalysedUpload>> {
        let mut place = Some(self.room.clone().try_acquire_owned().map_err(|_| Problem::busy())?);
        let mut waiting = Vec::with_capacity(sources.len());
        for source in sources {
            let own = match place.take() {
                Some(place) => place,
                None => self.room.clone().acquire_owned().await.map_err(|_| Problem::broken())?,
            };
            let name = source.name().to_owned();
            let bytes = match &source {
                Source::Bytes { bytes, .. } if look.portraits => Some(bytes.clone()),
                _ => None,
            };
            let (sender, receiver) = oneshot::channel();
            let ticket = self.pool(look.purpose)?.submit(source, move |photo| {
                drop(own);
                // The client may have gone.
                let _ = sender.send(photo);
            });
            waiting.push((name, bytes, receiver, ticket));
        }
        let mut seen = Vec::with_capacity(waiting.len());
        for (name, bytes, receiver, _ticket) in waiting {
            let photo = receiver.await.map_err(|_| Problem::broken())?;
            let photo = photo.map_err(|error| error.told(Front::Client));
            let portraits = match (&photo, bytes) {
                (Ok(photo), Some(bytes)) => self.portraits(photo.clone(), bytes).await,
                _ => Vec::new(),
            };
            seen.push(AnalysedUpload { name, photo, portraits });
        }
        Ok(seen)
    }

    fn pool(&self, purpose: Purpose) -> Answer<&Pool> {
        let views = &self.pack.description.views;
        if views.of(purpose) == views.of(Purpose::Checking) {
            return Ok(&self.checking);
        }
        let start = || {
            let settings = Settings { purpose, ..self.settings.clone() };
            Pool::start(&self.pack, &settings).map_err(|error| error.to_string())
        };
        self.enrolling.get_or_init(start).as_ref().map_err(|_| Problem::broken())
    }

    /// Small pictures of a photo's faces.
    async fn portraits(&self, photo: AnalysedPhoto, bytes: Vec<u8>) -> Vec<Option<String>> {
        if photo.faces.is_empty() {
            return Vec::new();
        }
        let template = self.pack.description.crop.clone();
        let enough = self.pack.description.search.first_pixels();
        let cut = move || {
            let limits = Limits::default();
            let file = PhotoFile { path: photo.path.clone(), sha256: photo.sha256, bytes };
            let decoded = file.decode_reduced(enough, &limits).ok()?;
            let reduced = |face: &AnalysedFace| face.face.reduced(decoded.reduction);
            let faces: Vec<_> = photo.faces.iter().map(reduced).collect();
            let faces: Vec<_> = faces.iter().collect();
            let cut = portraits(&decoded.pixels, &faces, &template, PORTRAIT);
            Some(cut.into_iter().map(|face| jpeg_uri(&face?).ok()).collect())
        };
        tokio::task::spawn_blocking(cut).await.ok().flatten().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::Poll;

    use axum::http::header::RETRY_AFTER;
    use axum::response::IntoResponse;

    use super::*;
    use crate::pipeline::Ticket;
    use crate::waiting::wait_until;

    fn photo() -> Source {
        Source::Bytes { name: "a.jpg".into(), bytes: b"no photo".to_vec() }
    }

    /// The result of polling a future once.
    async fn at_once<T>(mut work: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        std::future::poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await
    }

    fn analysis() -> Analysis {
        Analysis::start(&Pack::default_pack().unwrap(), 1, None).unwrap()
    }

    fn look(
        analysis: &Analysis,
        photos: usize,
    ) -> impl Future<Output = Answer<Vec<AnalysedUpload>>> {
        analysis.look(std::iter::repeat_with(photo).take(photos).collect(), Look::default())
    }

    /// Keep the only thread from going on until what is returned is dropped.
    fn hold_up(analysis: &Analysis) -> (mpsc::Sender<()>, Ticket) {
        let (go_on, kept) = mpsc::channel::<()>();
        let ticket = analysis.checking.submit(photo(), move |_| {
            let _ = kept.recv();
        });
        wait_until("the thread has begun", || analysis.waiting() == 0);
        (go_on, ticket)
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done_and_leaves_its_room_to_others() {
        const EACH: usize = WAITING_A_THREAD / 8;
        let analysis = analysis();
        let (go_on, _held) = hold_up(&analysis);
        let mut gone: Vec<_> = (0..8).map(|_| Box::pin(look(&analysis, EACH))).collect();
        for look in &mut gone {
            assert!(at_once(look.as_mut()).await.is_pending());
        }
        assert_eq!(analysis.waiting(), 8 * EACH);
        assert!(at_once(pin!(look(&analysis, 1))).await.is_ready(), "no room");
        let stays = gone.remove(4);
        drop(gone);
        assert_eq!(analysis.waiting(), EACH);
        let mut next = pin!(look(&analysis, 7 * EACH));
        assert!(at_once(next.as_mut()).await.is_pending());
        drop(go_on);
        assert_eq!((stays.await.unwrap().len(), next.await.unwrap().len()), (EACH, 7 * EACH));
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_finishes_what_it_took() {
        let analysis = analysis();
        let look = |photos: usize| look(&analysis, photos);
        let (go_on, _held) = hold_up(&analysis);
        let mut taken: Vec<_> = (1..WAITING_A_THREAD).map(|_| Box::pin(look(1))).collect();
        for look in &mut taken {
            assert!(at_once(look.as_mut()).await.is_pending());
        }
        // The last place is for the first of three photos, the others wait.
        let mut three = pin!(look(3));
        assert!(at_once(three.as_mut()).await.is_pending());
        let Poll::Ready(Err(busy)) = at_once(pin!(look(1))).await else { panic!("it waits") };
        let busy = busy.into_response();
        assert_eq!(busy.status().as_u16(), 503);
        assert_eq!(busy.headers()[RETRY_AFTER], "1");
        drop(go_on);
        for look in taken {
            assert_eq!(look.await.unwrap().len(), 1);
        }
        assert_eq!(three.await.unwrap().len(), 3);
        assert_eq!(look(1).await.unwrap().len(), 1, "there is room again");
    }
}
