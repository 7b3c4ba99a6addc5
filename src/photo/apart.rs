//! Decodes photos in a separate process, whose memory the system limits: the headers of HEIC, AVIF, JPEG XL
//! and lossless WebP do not say how much memory they take, and a decoder that crashes ends only its own
//! process.
//!
//! A program that can act as this process registers itself with [`decode_apart`]. It is then started once for
//! each such photo, as `PROGRAM decode`, reads its task from standard input, and answers on standard output.
//! A program that does not register decodes all photos itself.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::broken::REMEDY;
use super::format::Format;
use super::formats;
use super::kind::what_it_is;
use super::limits::Limits;
use super::reduced::Reduced;
use super::task::Task;
use crate::error::{Error, Result};

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Decode risky photos from now on by running `program decode`, which calls [`answer`].
pub fn decode_apart(program: PathBuf) {
    // A second call changes nothing.
    let _ = PROGRAM.set(program);
}

/// The message of Rust before it aborts a process whose allocation failed.
const REFUSED: &str = "memory allocation of";

/// The task of the process; the photo's bytes follow it.
#[derive(Serialize, Deserialize)]
struct Question {
    /// How many bytes follow.
    bytes: u64,
    wanted: u64,
    limits: Limits,
}

/// The result; the pixels follow it.
#[derive(Serialize, Deserialize)]
enum Answer {
    Photo { width: u32, height: u32, reduction: u32, size: (u32, u32), missing: Option<u8> },
    NotAPhoto,
    Unsupported(String),
    Damaged(String),
    TooLarge { found: String, limit: String },
    TooSlow,
    CutOff { missing: u8 },
}

/// The longest answer, without its pixels, in bytes.
const LONGEST: u64 = 64 << 10;

/// The exit status of a process whose time was up.
pub const TOO_SLOW: i32 = 3;

/// Whether a photo is decoded in a separate process.
fn is_risky(format: Format, bytes: &[u8]) -> bool {
    match format {
        Format::Heic | Format::Avif | Format::Jxl => true,
        Format::WebP => formats::is_lossless_webp(bytes),
        _ => false,
    }
}

/// Decode a photo of this format: in a separate process if it is risky and a program is registered.
pub(super) fn decode(format: Format, task: &Task) -> Result<Reduced> {
    let process =
        PROGRAM.get().filter(|_| is_risky(format, task.bytes)).and_then(|program| start(program));
    match process {
        Some(process) => ask(process, task),
        None => formats::decode(format, task),
    }
}

/// The process; `None` if it does not start, for example because the program was replaced.
fn start(program: &Path) -> Option<Child> {
    let mut command = Command::new(program);
    command.arg("decode").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().ok()
}

fn ask(mut process: Child, task: &Task) -> Result<Reduced> {
    // If it cannot read or answer because it has ended, its exit status says why.
    let _ = send(&mut process, task);
    let answer = process.stdout.take().and_then(|output| receive(output, task));
    let mut words = String::new();
    if let Some(errors) = process.stderr.take() {
        let _ = errors.take(4096).read_to_string(&mut words);
    }
    let status = process.wait().ok().and_then(|status| status.code());
    answer.unwrap_or_else(|| {
        Err(match status {
            Some(TOO_SLOW) => task.too_slow(),
            _ if words.contains(REFUSED) => task.too_much_memory(),
            _ => task.damaged(&"its decoder crashed"),
        })
    })
}

/// Tell the process what to do; its input then ends.
fn send(process: &mut Child, task: &Task) -> std::io::Result<()> {
    let Some(mut input) = process.stdin.take() else { return Ok(()) };
    let question =
        Question { bytes: task.bytes.len() as u64, wanted: task.wanted, limits: *task.limits };
    serde_json::to_writer(&mut input, &question)?;
    input.write_all(b"\n")?;
    input.write_all(task.bytes)
}

/// The answer of the process; `None` if it ended before its answer was complete, or if the answer is
/// impossible. A decoder that a hostile photo controls must not harm this process.
fn receive(output: impl Read, task: &Task) -> Option<Result<Reduced>> {
    let mut output = BufReader::new(output);
    let mut line = String::new();
    output.by_ref().take(LONGEST).read_line(&mut line).ok()?;
    let path = task.path.to_owned();
    let error = match serde_json::from_str(&line).ok()? {
        Answer::Photo { width, height, reduction, size, missing } => {
            if let Err(error) = task.check_size(size.0, size.1) {
                return Some(Err(error));
            }
            let small = |side: u32| side.div_ceil(reduction);
            if ![1, 2, 4, 8].contains(&reduction)
                || (width, height) != (small(size.0), small(size.1))
            {
                return None;
            }
            let length = usize::try_from(3 * u64::from(width) * u64::from(height)).ok()?;
            let mut values = vec![0; length];
            output.read_exact(&mut values).ok()?;
            let pixels = RgbImage::from_raw(width, height, values)?;
            return Some(Ok(Reduced { pixels, reduction, size, missing }));
        }
        Answer::NotAPhoto => Error::NotAPhoto { what: what_it_is(&path, task.bytes), path },
        Answer::Unsupported(format) => Error::UnsupportedFormat { path, format, remedy: REMEDY },
        Answer::Damaged(reason) => Error::DamagedPhoto { path, reason },
        Answer::TooLarge { found, limit } => Error::TooLarge { path, found, limit },
        Answer::TooSlow => task.too_slow(),
        Answer::CutOff { missing } => Error::CutOff { path, missing },
    };
    Some(Err(error))
}

/// Read a photo from `input` as another program's [`decode_apart`] sends it, and write what came of it
/// to `output`. Before any of its bytes is read, `confine` is told what it may cost. A process whose time
/// is up is to end with [`TOO_SLOW`].
///
/// # Errors
/// If `input` is no such question, or `output` cannot be written.
pub fn answer(
    input: impl Read,
    mut output: impl Write,
    confine: impl FnOnce(&Limits),
) -> std::io::Result<()> {
    let mut input = BufReader::new(input);
    let mut line = String::new();
    input.read_line(&mut line)?;
    let Question { bytes: length, wanted, limits } = serde_json::from_str(&line)?;
    let length = length.min(limits.bytes);
    confine(&limits);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    input.take(length).read_to_end(&mut bytes)?;
    let task = Task::new(Path::new("photo"), &bytes, wanted, &limits);
    let decoded = match Format::of(&bytes) {
        Some(format) => formats::decode(format, &task),
        None => {
            let what = what_it_is(task.path, &bytes);
            Err(Error::NotAPhoto { path: task.path.to_owned(), what })
        }
    };
    let answer = match &decoded {
        Ok(Reduced { pixels, reduction, size, missing }) => Answer::Photo {
            width: pixels.width(),
            height: pixels.height(),
            reduction: *reduction,
            size: *size,
            missing: *missing,
        },
        Err(error) => said_of(error),
    };
    serde_json::to_writer(&mut output, &answer)?;
    output.write_all(b"\n")?;
    if let Ok(reduced) = decoded {
        output.write_all(reduced.pixels.as_raw())?;
    }
    output.flush()
}

fn said_of(error: &Error) -> Answer {
    match error {
        Error::NotAPhoto { .. } => Answer::NotAPhoto,
        Error::UnsupportedFormat { format, .. } => Answer::Unsupported(format.clone()),
        Error::DamagedPhoto { reason, .. } => Answer::Damaged(reason.clone()),
        Error::TooLarge { found, limit, .. } => {
            Answer::TooLarge { found: found.clone(), limit: limit.clone() }
        }
        Error::TooSlow { .. } => Answer::TooSlow,
        Error::CutOff { missing, .. } => Answer::CutOff { missing: *missing },
        other => Answer::Damaged(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(answer: &Answer, pixels: usize) -> Option<Result<Reduced>> {
        let mut said = serde_json::to_vec(answer).unwrap();
        said.push(b'\n');
        said.resize(said.len() + 3 * pixels, 7);
        let limits = Limits::default();
        receive(said.as_slice(), &Task::new(Path::new("a"), &[], 1, &limits))
    }

    #[test]
    fn an_answer_that_cannot_be_is_none() {
        let photo = |width, height, reduction, size| {
            let answer = Answer::Photo { width, height, reduction, size, missing: None };
            received(&answer, 6)
        };
        let whole = photo(2, 3, 1, (2, 3)).unwrap().unwrap();
        assert_eq!((whole.pixels.dimensions(), whole.size), ((2, 3), (2, 3)));
        assert!(photo(2, 3, 2, (4, 5)).unwrap().is_ok());
        for (width, height, reduction, size) in
            [(2, 3, 0, (2, 3)), (2, 3, 3, (6, 9)), (2, 3, 1, (3, 2)), (4, 3, 1, (4, 3))]
        {
            assert!(photo(width, height, reduction, size).is_none(), "{width} {reduction}");
        }
        // It would have this process ask for 116 GB.
        let huge = photo(u32::MAX, 9, 1, (u32::MAX, 9)).unwrap();
        assert!(matches!(huge, Err(Error::TooLarge { .. })));
        let limits = Limits::default();
        let endless = std::io::repeat(b'x');
        assert!(receive(endless, &Task::new(Path::new("a"), &[], 1, &limits)).is_none());
    }
}
