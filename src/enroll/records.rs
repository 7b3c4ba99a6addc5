//! Changes to enrolled photos: removing, choosing by hand and adding, without reading the old files.

use std::path::{Path, PathBuf};

use super::Candidate;
use crate::error::{Error, Result};
use crate::profile::{Choice, PhotoRecord};
use crate::words::same_name;

/// `records` without the photos named in `remove`, each by its path as enrolled or, if unique, by its
/// file name.
///
/// # Errors
/// [`Error::NotEnrolled`] and [`Error::AmbiguousPhoto`].
pub fn without(mut records: Vec<PhotoRecord>, remove: &[PathBuf]) -> Result<Vec<PhotoRecord>> {
    for photo in remove {
        let at = position(&records, photo)?;
        records.remove(at);
    }
    Ok(records)
}

/// `records` with a human's `choice` for each photo in `photos`, named as for [`without`].
///
/// # Errors
/// As [`without`].
pub fn chosen(
    mut records: Vec<PhotoRecord>,
    photos: &[PathBuf],
    choice: Choice,
) -> Result<Vec<PhotoRecord>> {
    for photo in photos {
        let at = position(&records, photo)?;
        records[at].choice = choice;
    }
    Ok(records)
}

/// `photos`, with only the chosen face of each photo in `faces`, named as for [`without`].
///
/// # Errors
/// As [`without`]; [`Error::Value`] if a photo has no face of this number.
pub fn with_faces(
    mut photos: Vec<Candidate>,
    faces: &[(PathBuf, usize)],
) -> Result<Vec<Candidate>> {
    for (photo, number) in faces {
        let paths: Vec<&Path> = photos.iter().map(|known| known.path.as_path()).collect();
        let at = place(&paths, photo)?;
        let photo = photos.remove(at).with_face(*number)?;
        photos.insert(at, photo);
    }
    Ok(photos)
}

/// The path of the photo that `photo` names among the `records`.
///
/// # Errors
/// As `without`.
pub fn enrolled_path(records: &[PhotoRecord], photo: &Path) -> Result<PathBuf> {
    Ok(records[position(records, photo)?].path.clone())
}

/// The index of `photo` in `records`.
fn position(records: &[PhotoRecord], photo: &Path) -> Result<usize> {
    let paths: Vec<&Path> = records.iter().map(|record| record.path.as_path()).collect();
    place(&paths, photo)
}

/// The index of `photo` in `paths`. Names are compared as text, as profiles keep them; of several equal after
/// normalisation, the identical one is taken.
fn place(paths: &[&Path], photo: &Path) -> Result<usize> {
    let path = photo.to_owned();
    let text = photo.to_string_lossy();
    let exactly = paths.iter().position(|path| path.to_string_lossy() == text);
    let looks = || paths.iter().position(|path| same_name(&path.to_string_lossy(), &text));
    if let Some(at) = exactly.or_else(looks) {
        return Ok(at);
    }
    let is_name = photo.components().count() == 1;
    let named = |same: fn(&str, &str) -> bool| -> Vec<usize> {
        let is_it =
            |path: &Path| path.file_name().is_some_and(|name| same(&name.to_string_lossy(), &text));
        (0..paths.len()).filter(|&i| is_name && is_it(paths[i])).collect()
    };
    let mut exactly = named(|one, other| one == other);
    if exactly.is_empty() {
        exactly = named(same_name);
    }
    let named = exactly;
    match named[..] {
        [at] => Ok(at),
        [first, second, ..] => Err(Error::AmbiguousPhoto {
            path,
            count: named.len(),
            first: paths[first].to_owned(),
            second: paths[second].to_owned(),
        }),
        [] => {
            let example = paths.first().map_or_else(PathBuf::new, |path| path.to_path_buf());
            Err(Error::NotEnrolled { path, example })
        }
    }
}

/// The photos of `records` followed by `added`; a photo with the path of an old one replaces it.
#[must_use]
pub fn with(records: Vec<PhotoRecord>, added: Vec<Candidate>) -> Vec<Candidate> {
    let again = |record: &PhotoRecord| {
        let old = record.path.to_string_lossy();
        added.iter().any(|photo| same_name(&photo.path.to_string_lossy(), &old))
    };
    let mut photos: Vec<Candidate> =
        records.into_iter().filter(|record| !again(record)).map(Candidate::from_record).collect();
    photos.extend(added);
    photos
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Reason, Status};

    fn record(path: &str) -> PhotoRecord {
        PhotoRecord {
            path: path.into(),
            sha256: path.into(),
            status: Status::SetAside { reason: Reason::NoFace },
            face: None,
            bystanders: 0,
            number: None,
            sent: false,
            choice: Choice::Auto,
            score: None,
            taken: None,
        }
    }

    fn records() -> Vec<PhotoRecord> {
        ["a/1.jpg", "a/2.jpg", "b/1.jpg"].map(record).to_vec()
    }

    fn left(remove: &[&str]) -> Result<Vec<PathBuf>> {
        let remove: Vec<PathBuf> = remove.iter().map(PathBuf::from).collect();
        Ok(without(records(), &remove)?.into_iter().map(|record| record.path).collect())
    }

    #[test]
    fn a_photo_goes_by_its_path_or_by_a_name_that_only_it_has() {
        assert_eq!(left(&["a/1.jpg"]).unwrap(), [Path::new("a/2.jpg"), Path::new("b/1.jpg")]);
        assert_eq!(left(&["2.jpg"]).unwrap(), [Path::new("a/1.jpg"), Path::new("b/1.jpg")]);
        assert_eq!(left(&["a/1.jpg", "1.jpg"]).unwrap(), [Path::new("a/2.jpg")]);
        assert!(matches!(left(&["1.jpg"]), Err(Error::AmbiguousPhoto { count: 2, .. })));
        assert!(matches!(left(&["c/2.jpg"]), Err(Error::NotEnrolled { .. })));
        assert!(matches!(left(&["3.jpg"]), Err(Error::NotEnrolled { .. })));
    }

    /// A Mac's disk may spell `Müller` in another way than the keyboard.
    #[test]
    fn a_name_is_the_same_if_it_looks_the_same() {
        let (composed, decomposed) = ("M\u{fc}ller.jpg", "Mu\u{308}ller.jpg");
        for (known, typed) in [(composed, decomposed), (decomposed, composed)] {
            let records = || vec![record("a/1.jpg"), record(&format!("a/{known}"))];
            for name in [typed.to_owned(), format!("a/{typed}")] {
                let left = without(records(), &[name.into()]).unwrap();
                assert_eq!(
                    left.iter().map(|r| r.path.as_path()).collect::<Vec<_>>(),
                    [Path::new("a/1.jpg")]
                );
            }
            assert!(without(records(), &["Muller.jpg".into()]).is_err());
        }
        // Of two files of both spellings the one that is meant is known.
        let both = || vec![record(&format!("a/{composed}")), record(&format!("b/{decomposed}"))];
        let left = without(both(), &[decomposed.into()]).unwrap();
        assert_eq!(left[0].path, Path::new("a").join(composed));
    }

    #[test]
    fn a_photo_added_again_takes_the_place_of_the_old_one() {
        let added = ["a/2.jpg", "c.jpg"].map(|p| Candidate {
            path: p.into(),
            sha256: String::new(),
            faces: Ok(Vec::new()),
            bystanders: 0,
            number: None,
            sent: false,
            choice: Choice::Auto,
            taken: None,
        });
        let photos = with(records(), added.to_vec());
        let paths: Vec<_> = photos.iter().map(|photo| photo.path.to_str().unwrap()).collect();
        assert_eq!(paths, ["a/1.jpg", "b/1.jpg", "a/2.jpg", "c.jpg"]);
    }
}
