//! Photos that add nothing: the same file twice, or the same picture in another size or quality.

use std::collections::HashMap;
use std::path::PathBuf;

use super::Candidate;
use crate::decision::cosine;
use crate::pipeline::AnalysedFace;

/// From this cosine on two faces of the same place in the picture are one picture.
const SAME_PICTURE: f64 = 0.985;

/// For every photo, the earlier photo that it repeats, if any.
pub(super) fn find(photos: &[Candidate]) -> Vec<Option<PathBuf>> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut firsts: Vec<usize> = Vec::new();
    let mut repeats = Vec::with_capacity(photos.len());
    for (i, photo) in photos.iter().enumerate() {
        let same_file =
            seen.get(photo.sha256.as_str()).copied().filter(|_| !photo.sha256.is_empty());
        let earlier = same_file
            .or_else(|| firsts.iter().copied().find(|&first| same_picture(&photos[first], photo)));
        if earlier.is_none() {
            firsts.push(i);
            seen.insert(&photo.sha256, i);
        }
        repeats.push(earlier.map(|first| photos[first].path.clone()));
    }
    repeats
}

/// Whether two photos show the same faces, and no others. Of a photo that an earlier enrolment saw
/// only one face is known, and has to be enough.
fn same_picture(one: &Candidate, other: &Candidate) -> bool {
    let (Ok(a), Ok(b)) = (&one.faces, &other.faces) else { return false };
    let same_count = a.len() + one.bystanders == b.len() + other.bystanders;
    let (fewer, more) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let alike =
        |a: &AnalysedFace, b: &AnalysedFace| cosine(&a.embedding, &b.embedding) >= SAME_PICTURE;
    same_count
        && !fewer.is_empty()
        && fewer.iter().all(|face| more.iter().any(|like| alike(face, like)))
}
