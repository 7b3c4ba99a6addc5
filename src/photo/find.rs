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
    let photos: Vec<PathBuf> = walk(path, &[])?.collect();
    if photos.is_empty() {
        return Err(Error::NoPhotos { path: path.to_owned() });
    }
    Ok(photos)
}

/// The same photos as [`find`], none among them, found one by one as they are asked for: no more is
/// held than the names in one folder and those above it. Folders of `without` are not entered.
///
/// # Errors
/// [`Error::Read`] where `path` cannot be read.
pub fn walk(
    path: &Path,
    without: &[PathBuf],
) -> Result<impl Iterator<Item = PathBuf> + Send + use<>> {
    let kind = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
    let is_folder = kind.is_dir();
    if is_folder {
        std::fs::read_dir(path).map_err(|e| Error::read(path, e))?;
    }
    let without: Vec<PathBuf> = without.iter().filter_map(|f| f.canonicalize().ok()).collect();
    let enter = move |entry: &walkdir::DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        let left_out = || {
            !without.is_empty()
                && entry.file_type().is_dir()
                && entry.path().canonicalize().is_ok_and(|folder| without.contains(&folder))
        };
        !hidden && !left_out()
    };
    // A file that is named is a photo, whatever it is called.
    let named = (!is_folder).then(|| path.to_owned());
    let below = is_folder.then(|| {
        let walk = WalkDir::new(path).follow_links(true).sort_by_file_name();
        walk.into_iter().filter_entry(enter).filter_map(photo_of)
    });
    Ok(named.into_iter().chain(below.into_iter().flatten()))
}

/// The photo that a step of a walk came to, or what is in its way.
fn photo_of(entry: walkdir::Result<walkdir::DirEntry>) -> Option<PathBuf> {
    match entry {
        Ok(entry) if entry.file_type().is_file() => {
            Some(entry.into_path()).filter(|path| is_photo_name(path))
        }
        Ok(_) => None,
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => {
            let path = error.path()?.to_owned();
            (is_photo_name(&path) || path.is_dir()).then_some(path)
        }
    }
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
    fn folders_that_are_left_out_are_not_entered() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/1.jpg", "out/2.jpg", "z.jpg"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let out = folder.path().join("a/../out");
        let names = |without: &[PathBuf]| -> Vec<PathBuf> {
            let found = walk(folder.path(), without).unwrap();
            found.map(|p| p.strip_prefix(folder.path()).unwrap().to_owned()).collect()
        };
        assert_eq!(names(&[out]), ["a/1.jpg", "z.jpg"].map(PathBuf::from));
        assert_eq!(names(&[]).len(), 3);
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
