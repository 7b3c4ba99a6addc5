//! Batches and single requests with a fake cache, so that no model runs.

use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use super::*;
use crate::face::tests::face_at;
use crate::waiting::wait_until;

/// Knows all that was kept, and for how many photos it was asked by their files.
#[derive(Debug, Default)]
struct Notes {
    photos: Mutex<Vec<CachedPhoto>>,
    news: Mutex<Vec<News>>,
    asked: AtomicUsize,
    /// Whether all files are known, and the telling of all but the first few takes a while.
    knows_files: bool,
}

/// Files that are told of without delay.
const AT_ONCE: usize = TOGETHER;

impl Cache for Notes {
    fn reader(&self, _: &str) -> Box<dyn CacheReader + '_> {
        Box::new(self)
    }

    fn keep(&self, _: &str, photo: &AnalysedPhoto, news: &News) {
        let AnalysedPhoto { sha256, width, height, faces, missing, taken, .. } = photo.clone();
        self.photos.lock().unwrap().push(CachedPhoto {
            sha256,
            width,
            height,
            faces,
            missing,
            taken,
        });
        self.news.lock().unwrap().push(*news);
    }

    fn flush(&self) {}

    fn settle(&self) {}
}

impl CacheReader for &Notes {
    fn by_file(&mut self, _: &Path, _: &Stamp) -> Option<CachedPhoto> {
        if self.asked.fetch_add(1, Ordering::Relaxed) >= AT_ONCE {
            std::thread::sleep(Duration::from_millis(200));
        }
        self.knows_files.then(|| made_up("of a file"))
    }

    fn by_content(&mut self, sha256: &str) -> Option<CachedPhoto> {
        self.photos.lock().unwrap().iter().find(|photo| photo.sha256 == sha256).cloned()
    }
}

fn made_up(sha256: &str) -> CachedPhoto {
    CachedPhoto {
        sha256: sha256.to_owned(),
        width: 9,
        height: 7,
        faces: Vec::new(),
        missing: None,
        taken: None,
    }
}

fn settings(notes: &Arc<Notes>) -> Settings {
    Settings { threads: 1, cache: Some(notes.clone()), ..Settings::default() }
}

fn pixels(grey: u8, at: Option<Moment>) -> Source {
    let pixels = image::RgbImage::from_pixel(64, 48, image::Rgb([grey; 3]));
    Source::Pixels { name: "film".into(), pixels, at }
}

#[test]
fn a_pool_asks_its_memory_and_tells_it_what_is_new() {
    let pack = Pack::default_pack().unwrap();
    let notes = Arc::new(Notes::default());
    let pool = Pool::start(&pack, &settings(&notes)).unwrap();
    let first = pool.analyse([pixels(90, None)]).remove(0).unwrap();
    assert_eq!(*notes.news.lock().unwrap(), [News::Faces(None)]);
    // If a model had analysed the photo again, there would be no face.
    let quality = crate::face::Quality {
        eye_distance: 9.0,
        sharpness: 0.3,
        yaw: 0.0,
        confidence: 0.9,
        concerns: Vec::new(),
    };
    let face = AnalysedFace { face: face_at(30.0, 20.0, 9.0), quality, embedding: vec![1.0] };
    notes.photos.lock().unwrap()[0].faces.push(face.clone());
    let at = Some(Moment::Frame(7));
    let again = pool.analyse([pixels(90, at)]).remove(0).unwrap();
    assert_eq!(again, AnalysedPhoto { at, faces: vec![face], ..first });
    assert_eq!(pool.remembered(), 1);
    assert_eq!(notes.news.lock().unwrap().len(), 1, "nothing is new");
    // A memory that is only read is asked as well.
    let read_only = Arc::new(ReadOnly(notes.clone()));
    let pool = Pool::start(&pack, &Settings { cache: Some(read_only), ..settings(&notes) });
    let pool = pool.unwrap();
    let photos = pool.analyse([pixels(90, None), pixels(91, None)]);
    assert_eq!(photos.iter().map(|photo| photo.as_ref().unwrap().faces.len()).sum::<usize>(), 1);
    assert_eq!((pool.remembered(), notes.news.lock().unwrap().len()), (1, 1));
}

#[test]
fn a_pool_and_a_batch_find_the_same_and_each_knows_what_the_other_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    std::fs::copy("tests/data/astronaut.png", &path).unwrap();
    let pack = Pack::default_pack().unwrap();
    let bytes = || Source::Bytes { name: path.clone(), bytes: std::fs::read(&path).unwrap() };
    let batch = |settings: &Settings| {
        let mut found = Vec::new();
        analyse_all(&pack, settings, [&path], |name, photo| {
            assert_eq!(name, path);
            found.push(photo.unwrap());
            Ok(())
        })
        .unwrap();
        found.remove(0)
    };
    let alone = batch(&Settings::default());
    assert_eq!(alone.faces.len(), 1);
    let notes = Arc::new(Notes::default());
    let pool = Pool::start(&pack, &settings(&notes)).unwrap();
    assert_eq!(pool.analyse([bytes()]).remove(0).unwrap(), alone);
    assert_eq!(batch(&settings(&notes)), alone);
    let stamp = Stamp::of(&path).unwrap();
    let news = notes.news.lock().unwrap().clone();
    let [News::Faces(None), News::File(told)] = news[..] else { panic!("{news:?}") };
    assert_eq!(Stamp { settled: stamp.settled, ..told }, stamp);
    assert_eq!(pool.analyse([path.clone().into()]).remove(0).unwrap(), alone);
    assert_eq!(pool.remembered(), 1);
}

#[test]
fn after_an_error_no_further_photo_of_a_batch_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..4 * TOGETHER).map(|i| folder.path().join(i.to_string())).collect();
    for path in &paths {
        std::fs::write(path, b"").unwrap();
    }
    let notes = Arc::new(Notes { knows_files: true, ..Notes::default() });
    let pack = Pack::default_pack().unwrap();
    let asked = || notes.asked.load(Ordering::Relaxed);
    let done = analyse_all(&pack, &settings(&notes), &paths, |_, photo| {
        assert_eq!(photo.unwrap().sha256, "of a file");
        // The thread is at the first photo of its next ones.
        wait_until("the thread goes on", || asked() > AT_ONCE);
        Err(crate::Error::value("photo", "enough"))
    });
    assert!(matches!(done, Err(crate::Error::Value { .. })));
    assert!(asked() < 2 * AT_ONCE, "the others of its next ones are left: {}", asked());
}
