//! `verify check --annotate`: copies of photos with the faces and the verdict drawn in, and where they go.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

use super::super::videos::WatchedVideo;
use crate::check::{CheckReport, CheckedFace};
use crate::error::{Error, Result};
use crate::file::{Readers, check_replaceable, replace};
use crate::photo::{Limits, decode, read};
use crate::plot::{Annotation, Mark, annotated};
use crate::video::clock;

/// The flag.
const FLAG: &str = "--annotate";
/// The quality of a JPEG, 0 to 100.
const QUALITY: u8 = 90;

/// Where annotated photos go.
pub struct Annotator {
    out: PathBuf,
    /// One file, or a folder with a file for each photo.
    one: bool,
    /// Files that were written.
    taken: HashSet<PathBuf>,
}

impl Annotator {
    /// For `photos` checked photos (`None` if there are very many): a file for a single photo, otherwise a
    /// folder, which is created.
    ///
    /// # Errors
    /// [`Error::Value`] if several photos would go into one file, [`Error::Write`] if the file cannot be
    /// written or the folder not created.
    pub fn new(out: &Path, photos: Option<usize>) -> Result<Self> {
        let file = format_of(out).is_some() && !out.is_dir();
        match (file, photos) {
            (true, Some(1)) => check_replaceable(out)?,
            (true, many) => {
                let many = many.map_or_else(|| "many".to_owned(), |many| many.to_string());
                let problem = format!("cannot write {many} photos to one file; name a folder");
                return Err(Error::value(FLAG, problem));
            }
            (false, _) => std::fs::create_dir_all(out).map_err(|e| Error::write(out, e))?,
        }
        Ok(Self { out: out.to_owned(), one: file, taken: HashSet::new() })
    }

    /// Write the photo of `report` with its faces marked. `bytes` are those of a photo that is not a file.
    /// Nothing is written for a photo that could not be read.
    ///
    /// # Errors
    /// [`Error::Write`], or [`Error::Value`] if a checked photo itself would be overwritten.
    pub fn write(
        &mut self,
        report: &CheckReport,
        person: &str,
        bytes: Option<&[u8]>,
    ) -> Result<()> {
        if report.error.is_some() {
            return Ok(());
        }
        let stem = stem(&report.photo);
        let limits = Limits::default();
        let pixels = || match bytes {
            Some(bytes) => decode(&report.photo, bytes, &limits),
            None => Ok(read(&report.photo, &limits)?.pixels),
        };
        self.draw(report, person, (&stem, String::new()), pixels)
    }

    /// Write the best frame of a video with its faces marked, under a name that has its time. `still`
    /// gives its pixels.
    ///
    /// # Errors
    /// As [`Self::write`], and those of `still`.
    pub fn write_still(
        &mut self,
        video: &WatchedVideo,
        person: &str,
        still: impl FnOnce() -> Result<RgbImage>,
    ) -> Result<()> {
        let time = clock(video.time);
        let stem = format!("{}-{}", stem(&video.report.photo), time.replace(':', "-"));
        self.draw(&video.report, person, (&stem, format!(" at {time}")), still)
    }

    fn draw(
        &mut self,
        report: &CheckReport,
        person: &str,
        (stem, when): (&str, String),
        pixels: impl FnOnce() -> Result<RgbImage>,
    ) -> Result<()> {
        let target = self.target(stem);
        if same_file(&target, &report.photo) {
            let problem =
                format!("{} would be overwritten; name another place", report.photo.display());
            return Err(Error::value(FLAG, problem));
        }
        let name = report.photo.file_name().unwrap_or(report.photo.as_os_str());
        let mark = |face: &CheckedFace| Mark {
            bounds: face.face.bounds,
            score: face.judgement.score,
            verdict: face.judgement.verdict,
        };
        let annotation = Annotation {
            person: person.to_owned(),
            verdict: report.verdict,
            threshold: report.threshold,
            name: format!("{}{when}", name.to_string_lossy()),
            marks: report.faces.iter().map(mark).collect(),
        };
        let bytes = annotated(&pixels()?, &annotation)
            .and_then(|drawn| encoded(&drawn, format_of(&target)))
            .map_err(|reason| Error::Plot { path: target.clone(), reason })?;
        replace(&target, &bytes, Readers::Everybody)
    }

    /// The file for a photo of this name, with a number if the name is taken.
    fn target(&mut self, stem: &str) -> PathBuf {
        if self.one {
            return self.out.clone();
        }
        let name = |number: usize| match number {
            1 => self.out.join(format!("{stem}.jpg")),
            _ => self.out.join(format!("{stem}-{number}.jpg")),
        };
        let free = (1..).map(name).find(|path| !self.taken.contains(path));
        let target = free.unwrap_or_else(|| name(1));
        self.taken.insert(target.clone());
        target
    }
}

/// A photo's name without its ending.
fn stem(photo: &Path) -> String {
    photo.file_stem().unwrap_or(photo.as_os_str()).to_string_lossy().into_owned()
}

/// The format that a file's ending asks for.
fn format_of(path: &Path) -> Option<ImageFormat> {
    let format = ImageFormat::from_path(path).ok()?;
    matches!(format, ImageFormat::Jpeg | ImageFormat::Png).then_some(format)
}

fn same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}

fn encoded(
    picture: &RgbImage,
    format: Option<ImageFormat>,
) -> std::result::Result<Vec<u8>, String> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    match format {
        Some(ImageFormat::Png) => picture.write_to(&mut bytes, ImageFormat::Png),
        _ => JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture),
    }
    .map_err(|e| e.to_string())?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_photo_goes_into_a_file_and_several_into_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(Annotator::new(&at("one.jpg"), Some(1)).unwrap().one);
        assert!(matches!(Annotator::new(&at("one.png"), Some(2)), Err(Error::Value { .. })));
        assert!(matches!(Annotator::new(&at("gone/one.png"), Some(1)), Err(Error::Write { .. })));
        let mut many = Annotator::new(&at("new/out"), Some(3)).unwrap();
        assert!(!many.one && at("new/out").is_dir());
        let mut target = |photo: &str| many.target(&stem(Path::new(photo)));
        assert_eq!(target("a/1.jpg"), at("new/out/1.jpg"));
        assert_eq!(target("b/1.png"), at("new/out/1-2.jpg"));
        assert_eq!(target("b/2.png"), at("new/out/2.jpg"));
    }
}
