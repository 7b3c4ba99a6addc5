//! Which files below the paths that a user named are photos.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::{Error, Result};

/// Endings of photo files, HEIC and AVIF among them so that they are reported and not passed over.
const ENDINGS: [&str; 14] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif",
    "hif", "avif",
];

/// Whether a file's name has the ending of a photo.
#[must_use]
pub fn is_photo_name(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The photos at `path`: the file itself whatever its name, or every file below the folder whose
/// name has a photo's ending, sorted by path. Hidden files are passed over, symbolic links are
/// followed, and a loop of links ends the walk of that branch. A folder that may not be entered, or
/// a photo's link to nowhere, is in the list, so that whoever reads it says what is wrong with it.
///
/// # Errors
/// [`Error::Read`] where `path` cannot be read, [`Error::NoPhotos`] where a folder holds none.
pub fn find(path: &Path) -> Result<Vec<PathBuf>> {
    let kind = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
    if !kind.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    std::fs::read_dir(path).map_err(|e| Error::read(path, e))?;
    let hidden = |entry: &walkdir::DirEntry| {
        entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.')
    };
    let photos: Vec<PathBuf> = WalkDir::new(path)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !hidden(entry))
        .filter_map(|entry| match entry {
            Ok(entry) if entry.file_type().is_file() => {
                Some(entry.into_path()).filter(|path| is_photo_name(path))
            }
            Ok(_) => None,
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => {
                let path = error.path()?.to_owned();
                (is_photo_name(&path) || path.is_dir()).then_some(path)
            }
        })
        .collect();
    if photos.is_empty() {
        return Err(Error::NoPhotos { path: path.to_owned() });
    }
    Ok(photos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photos_are_found_sorted_and_others_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("sub");
        std::fs::create_dir(&inside).unwrap();
        for name in ["b.JPG", "a.png", "notes.txt", ".hidden.jpg", "sub/c.tiff", "d.HEIF", "e.hif"]
        {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        let found = find(folder.path()).unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|p| p.strip_prefix(folder.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["a.png", "b.JPG", "d.HEIF", "e.hif", "sub/c.tiff"]);
    }

    #[test]
    fn an_empty_folder_and_a_missing_one_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(find(folder.path()), Err(Error::NoPhotos { .. })));
        assert!(matches!(find(&folder.path().join("gone")), Err(Error::Read { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("gone", folder.path().join("a.jpg")).unwrap();
        std::os::unix::fs::symlink("gone", folder.path().join("notes")).unwrap();
        assert_eq!(find(folder.path()).unwrap(), [folder.path().join("a.jpg")]);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        std::fs::write(folder.path().join("a.jpg"), b"x").unwrap();
        assert_eq!(find(folder.path()).unwrap().len(), 1);
    }
}
