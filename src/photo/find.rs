//! Which files below the paths that a user named are photos, and what the others are.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::{DirEntry, WalkDir};

use super::format::Format;
use super::kind::{HEAD, Kind};
use super::passed::{Found, Passed};
use crate::error::{Error, Result};

/// File extensions of photos, including those that this build may not decode, so that such files are reported
/// instead of skipped.
const ENDINGS: [&str; 25] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "tif", "tiff", "heic", "heif",
    "hif", "avif", "jxl", "cr2", "cr3", "nef", "arw", "dng", "raf", "orf", "rw2", "pef", "srw",
];

/// Decides whether a file or folder is left out, from its path below the walked folder and whether it is a
/// folder.
pub type Exclude = Arc<dyn Fn(&Path, bool) -> bool + Send + Sync>;

/// The files that a walk through a folder skips, besides those that are not photos. A path that is named
/// itself is never skipped.
#[derive(Clone, Default)]
pub struct Walk {
    /// Folders that are not entered and not counted as skipped.
    pub without: Vec<PathBuf>,
    /// Whether hidden files and folders, whose names begin with a dot, are included.
    pub hidden: bool,
    /// The rule for what else is skipped.
    pub exclude: Option<Exclude>,
    /// The only files and folders to visit; `None` for all. The others are not counted as skipped.
    pub only: Option<Arc<BTreeSet<PathBuf>>>,
}

impl Walk {
    /// Why an entry below `root` is skipped, if it is; a skipped folder is not entered. `Some(None)` is for
    /// files that systems hide everywhere, such as .DS_Store, which are not worth counting.
    fn leaves_out(&self, root: &Path, entry: &DirEntry) -> Option<Option<Kind>> {
        if entry.depth() == 0 {
            return None;
        }
        if self.only.as_ref().is_some_and(|only| !leads_to(only, entry.path())) {
            return Some(None);
        }
        if !self.hidden && entry.file_name().to_string_lossy().starts_with('.') {
            let path = entry.path();
            let is_video = || Kind::of(path, b"?") == Kind::Video;
            let missed = entry.file_type().is_dir() || is_photo_name(path) || is_video();
            return Some(missed.then_some(Kind::Hidden));
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let excluded = |exclude: &Exclude| exclude(below, entry.file_type().is_dir());
        self.exclude.as_ref().is_some_and(excluded).then_some(Some(Kind::Excluded))
    }
}

/// Whether `path` is one of these, is below one, or is a folder that contains one.
fn leads_to(only: &BTreeSet<PathBuf>, path: &Path) -> bool {
    // Paths are ordered part by part, so what lies below a folder follows it.
    let next = only.range(path.to_owned()..).next();
    next.is_some_and(|next| next.starts_with(path))
        || path.ancestors().any(|above| only.contains(above))
}

/// Whether a file's name has a photo's extension.
#[must_use]
pub fn is_photo_name(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// The kind of the file at `path`: by its name if that has a photo's extension, otherwise by its content.
fn what_is(path: PathBuf) -> Found {
    if is_photo_name(&path) {
        return Found::Photo(path);
    }
    let Ok(head) = head(&path) else { return Found::Other(path, Kind::Unreadable) };
    if Format::of(&head).is_some() {
        return Found::Photo(path);
    }
    match Kind::of(&path, &head) {
        Kind::Video => Found::Video(path),
        kind => Found::Other(path, kind),
    }
}

/// Whether the file at `path` is a video: its name is not a photo's, and its content is a video's.
#[must_use]
pub fn is_video(path: &Path) -> bool {
    matches!(what_is(path.to_owned()), Found::Video(_))
}

/// The first bytes of a file.
fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(head)
}

/// The photos at `path`: the file itself whatever it is, or every photo below the folder, sorted by path. A
/// file is a photo if its name has a photo's extension or its content is a photo's. Hidden files and folders
/// are skipped, symbolic links are followed, and a loop of links ends the walk of that branch. A folder that
/// cannot be entered, or a photo's link to nowhere, stays in the list, so that reading it reports the error.
///
/// # Errors
/// [`Error::Read`] if `path` cannot be read, [`Error::NoPhotos`] if a folder holds no photo.
pub fn find(path: &Path) -> Result<Vec<PathBuf>> {
    find_counting(path, &Walk::default(), &mut Passed::default())
}

/// The same without what `leave` skips; skipped files and files that are not photos are counted in `passed`.
///
/// # Errors
/// As [`find`].
pub fn find_counting(path: &Path, leave: &Walk, passed: &mut Passed) -> Result<Vec<PathBuf>> {
    let mut here = Passed::default();
    let photos: Vec<PathBuf> =
        walk(path, leave)?.filter_map(|found| found.photo(&mut here)).collect();
    tracing::info!(photos = photos.len(), passed_over = %here, "walked a folder");
    passed.extend(&here);
    if photos.is_empty() {
        return Err(Error::NoPhotos { path: path.to_owned(), passed: here.to_string() });
    }
    Ok(photos)
}

/// The same photos as [`find`] (possibly none) and all other files, one by one. Memory holds only the names
/// in the current folder and those above it.
///
/// # Errors
/// [`Error::Read`] if `path` cannot be read.
pub fn walk(path: &Path, leave: &Walk) -> Result<impl Iterator<Item = Found> + Send + use<>> {
    let kind = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
    let is_folder = kind.is_dir();
    if is_folder {
        std::fs::read_dir(path).map_err(|e| Error::read(path, e))?;
    }
    // A file that is named is a photo, whatever it is called.
    let named = (!is_folder).then(|| Found::Photo(path.to_owned()));
    let below = is_folder.then(|| below(path.to_owned(), leave.clone()));
    Ok(named.into_iter().chain(below.into_iter().flatten()))
}

/// The entries below the folder `root`.
fn below(root: PathBuf, leave: Walk) -> impl Iterator<Item = Found> + Send {
    let without: Vec<PathBuf> =
        leave.without.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    let is_without = move |entry: &DirEntry| {
        !without.is_empty()
            && entry.file_type().is_dir()
            && entry.path().canonicalize().is_ok_and(|folder| without.contains(&folder))
    };
    // Within one folder, whole paths sort like names, so no name needs to be cut out of its path.
    let mut walk = WalkDir::new(&root)
        .follow_links(true)
        .sort_by(|a, b| a.path().as_os_str().cmp(b.path().as_os_str()))
        .into_iter();
    std::iter::from_fn(move || {
        loop {
            let entry = walk.next()?;
            let left_out = entry.as_ref().ok().and_then(|entry| leave.leaves_out(&root, entry));
            if let Ok(entry) = &entry
                && (left_out.is_some() || is_without(entry))
            {
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                match left_out.flatten() {
                    Some(kind) => return Some(Found::Other(entry.path().to_owned(), kind)),
                    None => continue,
                }
            }
            if let Some(found) = found(entry) {
                return Some(found);
            }
        }
    })
}

/// The result of one step of a walk, or the error that stopped it.
fn found(entry: walkdir::Result<DirEntry>) -> Option<Found> {
    match entry {
        // A file that is not regular, such as a pipe, may never end or may act when it is read.
        Ok(entry) if entry.file_type().is_file() => Some(what_is(entry.into_path())),
        Ok(_) => None,
        Err(error) if error.loop_ancestor().is_some() => None,
        Err(error) => {
            let path = error.path()?.to_owned();
            (is_photo_name(&path) || path.is_dir()).then_some(Found::Photo(path))
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

    /// Downloads have names such as `5.jpg!d` and `7.jpg_large`, or no extension at all.
    #[test]
    fn a_photo_is_one_by_its_content_and_all_else_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let jpeg: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0";
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0";
        let files: [(&str, &[u8]); 9] = [
            ("5.jpg!d", jpeg),
            ("7.jpg_large", jpeg),
            ("none", png),
            ("a.txt", png),
            ("b.jpg", mp4),
            ("clip.mp4", mp4),
            ("notes.txt", b"x"),
            ("paper.pdf", b"%PDF-1.4"),
            (".hidden", jpeg),
        ];
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let mut passed = Passed::default();
        let photos = find_counting(folder.path(), &Walk::default(), &mut passed).unwrap();
        let names: Vec<_> =
            photos.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["5.jpg!d", "7.jpg_large", "a.txt", "b.jpg", "none"]);
        assert_eq!(passed.to_string(), "1 video, 1 PDF, 1 other file");
        let all: Vec<_> = walk(folder.path(), &Walk::default()).unwrap().collect();
        assert_eq!(all[4], Found::Video(folder.path().join("clip.mp4")));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("zeros")).unwrap();
        assert_eq!(walk(folder.path(), &Walk::default()).unwrap().count(), 0);
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
            let leave = Walk { without: without.to_vec(), ..Walk::default() };
            let found = walk(folder.path(), &leave).unwrap();
            let photos = found.filter_map(|found| found.photo(&mut Passed::default()));
            photos.map(|p| p.strip_prefix(folder.path()).unwrap().to_owned()).collect()
        };
        assert_eq!(names(&[out]), ["a/1.jpg", "z.jpg"].map(PathBuf::from));
        assert_eq!(names(&[]).len(), 3);
    }

    #[test]
    fn what_is_hidden_or_excluded_is_counted_and_not_entered() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["a.jpg", "b.png", ".c.jpg", ".d/e.jpg", ".DS_Store", "old/f.jpg", "old/g/h.jpg"]
        {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let names = |leave: &Walk| {
            let mut passed = Passed::default();
            let found = find_counting(folder.path(), leave, &mut passed).unwrap();
            let below = |path: PathBuf| path.strip_prefix(folder.path()).unwrap().to_owned();
            let names: Vec<_> =
                found.into_iter().map(|path| below(path).display().to_string()).collect();
            (names.join(" "), passed.to_string())
        };
        let all = ("a.jpg b.png old/f.jpg old/g/h.jpg".to_owned(), "2 hidden".to_owned());
        assert_eq!(names(&Walk::default()), all);
        let hidden = Walk { hidden: true, ..Walk::default() };
        assert_eq!(names(&hidden).0, ".c.jpg .d/e.jpg a.jpg b.png old/f.jpg old/g/h.jpg");
        let exclude: Exclude =
            Arc::new(|path, is_folder| path == Path::new(if is_folder { "old" } else { "b.png" }));
        let without = Walk { hidden: true, exclude: Some(exclude), ..Walk::default() };
        assert_eq!(
            names(&without),
            (".c.jpg .d/e.jpg a.jpg".into(), "1 other file, 2 excluded".into())
        );
    }

    #[test]
    fn a_walk_may_be_for_a_few_paths_only() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.jpg", "a/1.jpg", "a/2.jpg", "b/c/3.jpg", "b/c/.4.jpg", "b/5.jpg", "b-.jpg"]
        {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"x").unwrap();
        }
        let names = |only: &[&str]| -> Vec<PathBuf> {
            let only = only.iter().map(|name| folder.path().join(name)).collect();
            let walked = Walk { only: Some(Arc::new(only)), ..Walk::default() };
            let photos = find_counting(folder.path(), &walked, &mut Passed::default());
            let photos = photos.unwrap_or_default().into_iter();
            photos.map(|p| p.strip_prefix(folder.path()).unwrap().to_owned()).collect()
        };
        assert_eq!(
            names(&["a/2.jpg", "b"]),
            ["a/2.jpg", "b/5.jpg", "b/c/3.jpg"].map(PathBuf::from)
        );
        assert_eq!(names(&["b/c/.4.jpg", "gone.jpg", "b-.jpg"]), [PathBuf::from("b-.jpg")]);
        assert_eq!(names(&[""]).len(), 6);
        assert!(names(&[]).is_empty());
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
