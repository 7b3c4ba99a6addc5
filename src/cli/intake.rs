//! The photos that a command is given (paths, a list, standard input), and the files that are skipped.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use clap::Args;
use serde::Serialize;

use super::output::{note, print_json, problem};
use super::walk::WalkArgs;
use crate::error::{Error, Result};
use crate::photo::{Found, Kind, Limits, Passed, Source};
use crate::profile::path_as_text;
use crate::video::{Asked, Ffmpeg};

/// The path that means standard input.
const PIPED: &str = "-";
/// The flag for a list.
const FLAG: &str = "--files-from";

/// The flags for a list of photos.
#[derive(Debug, Clone, Default, Args)]
pub struct ListArgs {
    /// Also take the photos and folders listed in this file, one per line; - reads the list from standard input
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The names in --files-from end with NUL, as `find -print0` writes them
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
    /// What is left out of folders.
    #[command(flatten)]
    pub walk: WalkArgs,
}

/// Whether a path means standard input.
pub fn is_piped(path: &Path) -> bool {
    path.as_os_str() == PIPED
}

/// Refuse standard input if it is named twice or is a terminal.
///
/// # Errors
/// [`Error::Value`].
pub fn check_piped(roots: &[PathBuf], list: &ListArgs) -> Result<()> {
    let listed = list.files_from.as_deref().is_some_and(is_piped);
    let photos = roots.iter().filter(|root| is_piped(root)).count();
    if photos + usize::from(listed) > 1 {
        let problem = "standard input can be read only once; name it once, and save the other photos as files";
        return Err(Error::value(PIPED, problem));
    }
    if photos + usize::from(listed) == 1 && std::io::stdin().is_terminal() {
        let problem = if listed {
            "standard input is a terminal; pipe a list in, for example `find . -name '*.jpg' | verify check --files-from -`"
        } else {
            "standard input is a terminal; pipe a photo in, for example `verify check - < photo.jpg`, or write ./- for a file \
             of that name"
        };
        return Err(Error::value(PIPED, problem));
    }
    Ok(())
}

/// The photo on standard input.
///
/// # Errors
/// [`Error::Read`].
pub fn piped() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One byte more than allowed shows that it is too large.
    let most = Limits::default().bytes + 1;
    let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
    read.map_err(|e| Error::read(Path::new(PIPED), e))?;
    Ok(bytes)
}

/// The names in a list, read one by one; an error ends it.
///
/// # Errors
/// If the list cannot be opened.
pub fn names(
    list: &ListArgs,
) -> Result<Option<impl Iterator<Item = Result<PathBuf>> + Send + use<>>> {
    let Some(file) = list.files_from.clone() else { return Ok(None) };
    let source: Box<dyn BufRead + Send> = if is_piped(&file) {
        Box::new(BufReader::new(std::io::stdin()))
    } else {
        let opened = File::open(&file).map_err(|e| Error::read(&file, e))?;
        if opened.metadata().is_ok_and(|kind| kind.is_dir()) {
            return Err(Error::value(
                FLAG,
                "this is a folder; name a file with one path per line, or give the folder itself",
            ));
        }
        Box::new(BufReader::new(opened))
    };
    let null = list.null;
    let lines = source.split(if null { 0 } else { b'\n' }).enumerate();
    let path = move |(number, line): (usize, std::io::Result<Vec<u8>>)| {
        let line = line.map_err(|e| Error::read(&file, e));
        line.map(|line| path_of(&line, number == 0, null)).transpose()
    };
    Ok(Some(lines.filter_map(path)))
}

/// The path on a line; `None` if the line is empty.
fn path_of(line: &[u8], first: bool, null: bool) -> Option<PathBuf> {
    // Windows writes a byte order mark at the start and CR at the end of each line.
    let line = line.strip_prefix(b"\xEF\xBB\xBF").filter(|_| first).unwrap_or(line);
    let line = line.strip_suffix(b"\r").filter(|_| !null).unwrap_or(line);
    (!line.is_empty()).then(|| of_bytes(line))
}

#[cfg(unix)]
fn of_bytes(name: &[u8]) -> PathBuf {
    PathBuf::from(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name))
}

#[cfg(not(unix))]
fn of_bytes(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}

/// Skipped files: counted, and with --json printed at once, so that nothing is kept in memory.
#[derive(Debug, Default)]
pub struct Aside {
    json: bool,
    passed: Mutex<Passed>,
    /// Whether the photo on standard input is needed again.
    keeps_piped: bool,
    kept: OnceLock<Vec<u8>>,
    /// How videos are analysed; `None` if they are skipped.
    videos: Option<Asked>,
    /// Once a video was found: why it cannot be read, if so.
    no_ffmpeg: OnceLock<Option<Error>>,
}

/// A skipped file, as printed in JSON: like a photo without faces, so that a program that reads the photos'
/// lines needs no other rule.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(serialize_with = "path_as_text")]
    photo: &'a Path,
    verdict: &'static str,
    kind: Kind,
    faces: [(); 0],
    error: Option<String>,
}

impl Aside {
    /// For a command that prints JSON, or not.
    pub fn new(json: bool) -> Self {
        Self { json, ..Self::default() }
    }

    /// The same, keeping the photo on standard input if it is needed again.
    pub fn keeping_piped(self, keeps_piped: bool) -> Self {
        Self { keeps_piped, ..self }
    }

    /// The same, analysing videos if there is ffmpeg.
    pub fn taking_videos(self, videos: Asked) -> Self {
        Self { videos: Some(videos), ..self }
    }

    /// How videos are analysed; `None` if they are skipped.
    pub fn videos(&self) -> Option<Asked> {
        self.videos
    }

    /// Whether the video at `path`, found in a folder, can be read.
    fn reads(&self, path: &Path) -> bool {
        self.videos.is_some_and(|asked| {
            let why_not = |reason| Error::NoFfmpeg { path: path.to_owned(), reason };
            let why_not = || Ffmpeg::find(asked.threads).err().map(why_not);
            self.no_ffmpeg.get_or_init(why_not).is_none()
        })
    }

    /// Whether skipped files are printed.
    pub fn lists(&self) -> bool {
        self.json
    }

    /// The photo that was found, or the video if it can be read; anything else is skipped.
    pub fn sift(&self, found: Found) -> Option<PathBuf> {
        match found {
            Found::Photo(path) => return Some(path),
            Found::Video(path) if self.reads(&path) => return Some(path),
            Found::Video(path) => self.pass(&path, Kind::Video),
            Found::Other(path, kind) => self.pass(&path, kind),
        }
        None
    }

    /// Skip a file.
    pub fn pass(&self, photo: &Path, kind: Kind) {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).add(kind);
        if self.json {
            let (verdict, error) = ("passed-over", None);
            // If the output is closed, printing the next photo's line reports it.
            let _ = print_json(&Line { photo, verdict, kind, faces: [], error });
        }
    }

    /// The files skipped so far.
    pub fn passed(&self) -> Passed {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Print in one line which files were skipped, if any.
    pub fn note(&self) {
        note_passed(&self.passed());
        self.note_ffmpeg();
    }

    /// Print how to get ffmpeg, if a video was skipped for lack of it.
    pub fn note_ffmpeg(&self) {
        if let Some(Some(error)) = self.no_ffmpeg.get() {
            problem(&error.to_string());
        }
    }

    /// The photo on standard input, as a source.
    pub fn piped(&self) -> Source {
        let name = PathBuf::from(PIPED);
        match piped() {
            Ok(bytes) => {
                if self.keeps_piped {
                    let _ = self.kept.set(bytes.clone());
                }
                Source::Piped { name, bytes }
            }
            Err(error) => Source::Failed { name, error },
        }
    }

    /// The bytes of the photo called `path`, if it came from standard input.
    pub fn kept(&self, path: &Path) -> Option<&[u8]> {
        self.kept.get().filter(|_| is_piped(path)).map(Vec::as_slice)
    }
}

/// Print in one line which files were skipped, if any.
pub fn note_passed(passed: &Passed) {
    if passed.total() > 0 {
        note(&format!("skipped: {passed}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(content: &[u8], null: bool) -> Vec<PathBuf> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let list =
            ListArgs { files_from: Some(file.path().to_owned()), null, ..ListArgs::default() };
        names(&list).unwrap().unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_list_has_a_path_a_line_or_a_nul() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(listed(b"a b.jpg\n\n-\n c\n", false), paths(&["a b.jpg", "-", " c"]));
        assert_eq!(listed(b"\xEF\xBB\xBFa.jpg\r\nb.jpg\r\n", false), paths(&["a.jpg", "b.jpg"]));
        assert_eq!(listed(b"a\nb.jpg\0c\r\0", true), paths(&["a\nb.jpg", "c\r"]));
        assert!(listed(b"", false).is_empty());
        assert!(names(&ListArgs::default()).unwrap().is_none());
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_no_text_are_kept_as_they_are() {
        use std::os::unix::ffi::OsStrExt;
        let [path] = &listed(b"\xFFa.jpg\n", false)[..] else { panic!("one") };
        assert_eq!(path.as_os_str().as_bytes(), b"\xFFa.jpg");
    }

    #[test]
    fn standard_input_is_read_once() {
        let list = |file: &str| ListArgs { files_from: Some(file.into()), ..ListArgs::default() };
        let check = |roots: &[&str], list: &ListArgs| {
            let roots: Vec<PathBuf> = roots.iter().map(PathBuf::from).collect();
            check_piped(&roots, list).map_err(|error| error.to_string())
        };
        for (roots, list) in [(&["-", "-"][..], ListArgs::default()), (&["-"], list("-"))] {
            assert!(check(roots, &list).unwrap_err().contains("only once"), "{roots:?}");
        }
        assert!(check(&["./-", "a"], &list("names")).is_ok());
    }
}
