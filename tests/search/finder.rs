//! A detector that counts what it is asked, and rows of the table.

use std::path::Path;

use image::RgbImage;
use sameface::Result;
use sameface::decision::{Decision, Method, Population};
use sameface::face::{DetectFaces, Face, crop, find_faces};
use sameface::model::{EmbedFace, Embedding, Runtime};
use sameface::pack::{Description, Pack};

/// The detector, and what it was asked.
struct Counted {
    detector: Box<dyn DetectFaces + Send>,
    looks: usize,
    pixels: u64,
}

impl DetectFaces for Counted {
    fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>> {
        self.looks += 1;
        self.pixels += u64::from(image.width()) * u64::from(image.height());
        self.detector.detect(image)
    }
}

/// What photos are searched with, and what is made of the faces.
pub struct Finder {
    detector: Counted,
    embedder: Box<dyn EmbedFace + Send>,
    pack: Pack,
}

impl Finder {
    /// The models of the pack that `VERIFY_PACK` names, or of the one that is built in.
    pub fn load() -> Self {
        let name = std::env::var("VERIFY_PACK").ok();
        let pack = name.map_or_else(Pack::default_pack, |name| Pack::named(&name)).unwrap();
        let runtime = Runtime::get().unwrap_or_else(|error| panic!("{error}"));
        let detector = pack.detector(&runtime).unwrap();
        let detector = Counted { detector, looks: 0, pixels: 0 };
        Self { detector, embedder: pack.embedder(&runtime).unwrap(), pack }
    }

    /// The embedding of a face.
    pub fn embedding(&mut self, pixels: &RgbImage, face: &Face) -> Embedding {
        let Description { crop: template, views, .. } = &self.pack.description;
        let views = views.checking.iter().map(|view| crop(pixels, face, template, *view).unwrap());
        let crops: Vec<_> = views.collect();
        let embeddings = self.embedder.embed(&crops.iter().collect::<Vec<_>>()).unwrap();
        let mut sum = vec![0.0; embeddings[0].len()];
        for embedding in embeddings {
            sum.iter_mut().zip(embedding).for_each(|(sum, v)| *sum += v);
        }
        let length = sum.iter().map(|v| v * v).sum::<f32>().sqrt();
        sum.into_iter().map(|v| v / length).collect()
    }

    /// The faces of a photo, counted in `row`.
    pub fn find(&mut self, pixels: &RgbImage, row: &mut Row) -> Vec<Face> {
        (self.detector.looks, self.detector.pixels) = (0, 0);
        let before = thread_seconds();
        let faces = find_faces(&mut self.detector, &self.pack.description.search, pixels).unwrap();
        row.seconds += thread_seconds() - before;
        row.photos += 1;
        row.boxes += faces.len();
        row.looks += self.detector.looks;
        row.pixels += self.detector.pixels;
        let surest = faces.iter().map(|face| face.confidence).fold(0.0, f32::max);
        row.surest = (row.surest.0.min(surest), row.surest.1.max(surest));
        faces
    }

    /// The person whose photos these are embeddings of, as the program learns them.
    pub fn decision(&self, embeddings: &[Embedding]) -> Decision {
        let population = Population::of(&self.pack).unwrap();
        // One stranger in ten thousand.
        Decision::fit(Method::DEFAULT, &population, embeddings, &[], &[], 4.0).unwrap()
    }
}

/// The processor time that this thread took so far; 0 if the system does not say.
fn thread_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|v| v.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}

/// A row of the table: photos of one kind.
pub struct Row {
    name: String,
    pub photos: usize,
    pub right: usize,
    boxes: usize,
    looks: usize,
    pixels: u64,
    seconds: f64,
    surest: (f32, f32),
    /// Those with the verdict of the photo that they are made of.
    pub same: usize,
    /// The cosine of their embeddings to that photo's.
    pub cosines: Vec<f64>,
    missed: Vec<String>,
}

impl Row {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            photos: 0,
            right: 0,
            boxes: 0,
            looks: 0,
            pixels: 0,
            seconds: 0.0,
            surest: (1.0, 0.0),
            same: 0,
            cosines: Vec::new(),
            missed: Vec::new(),
        }
    }

    /// The face of this photo was not found.
    pub fn miss(&mut self, path: &Path) {
        self.missed.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }

    pub fn head() {
        println!(
            "{:36} {:>6} {:>5} {:>5} {:>5} {:>6} {:>9} {:>7}   {:11}   cosine: least, 2 %, median",
            "photos", "number", "right", "same", "boxes", "looks", "megapixel", "ms", "surest"
        );
    }

    /// The least cosine, that of every fiftieth, and the median.
    fn alike(&self) -> String {
        let mut sorted = self.cosines.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: usize| sorted.get(sorted.len() * share / 100);
        let number = |share| at(share).map_or_else(String::new, |v| format!("{v:.3}"));
        [0, 2, 50].map(number).join(" ")
    }

    /// Print the row: looks, megapixels looked at and milliseconds of one core for each photo, the
    /// least and the greatest confidence of a photo's surest face, and the cosines.
    pub fn print(&self) {
        let each = |v: f64| v / self.photos.max(1) as f64;
        println!(
            "{:36} {:6} {:5} {:5} {:5} {:6.1} {:9.2} {:7.1}   {:.3}–{:.3}   {}",
            self.name,
            self.photos,
            self.right,
            self.same,
            self.boxes,
            each(self.looks as f64),
            each(self.pixels as f64 / 1e6),
            each(1e3 * self.seconds),
            self.surest.0,
            self.surest.1,
            self.alike(),
        );
        if !self.missed.is_empty() {
            println!("    not right: {}", self.missed.join(" "));
        }
    }
}
