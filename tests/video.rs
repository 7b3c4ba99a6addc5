//! Videos to frames, as ffmpeg decodes them: when each is seen, which way up, and what becomes of files and
//! programs that are not as they should be. ffmpeg makes the videos here too.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "common/skipped.rs"]
mod skipped;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sameface::photo::is_video;
use sameface::video::{Ffmpeg, Frame, Frames, Step};
use skipped::skipped;
use tempfile::TempDir;

/// A folder in which ffmpeg makes videos.
struct Studio {
    folder: TempDir,
    ffmpeg: Ffmpeg,
}

impl Studio {
    /// `None`, and the test is skipped, without ffmpeg.
    fn open() -> Option<Self> {
        match Ffmpeg::find(2) {
            Ok(ffmpeg) => Some(Self { folder: TempDir::new().unwrap(), ffmpeg }),
            Err(reason) => {
                skipped(&format!("no ffmpeg, {reason}"));
                None
            }
        }
    }

    /// A video of what a filter of ffmpeg's makes.
    fn film(&self, name: &str, filter: &str, more: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        let mut file = std::ffi::OsString::from("file:");
        file.push(&path);
        let made = Command::new(self.ffmpeg.program())
            .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", filter])
            .args(["-c:v", "mpeg4", "-q:v", "2"])
            .args(more)
            .arg(file)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        path
    }

    fn steps(&self, path: &Path, every: &str) -> Vec<Step> {
        let mut frames =
            Frames::start(&self.ffmpeg, path, every.parse().unwrap(), Duration::ZERO).unwrap();
        let mut steps = Vec::new();
        while !matches!(steps.last(), Some(Step::End(_))) {
            steps.push(frames.next(|| false));
        }
        steps
    }
}

/// When each frame is seen, in milliseconds.
fn times(steps: &[Step]) -> Vec<u128> {
    let time = |step: &Step| match step {
        Step::Frame(frame) => Some(frame.time.as_millis()),
        _ => None,
    };
    steps.iter().filter_map(time).collect()
}

fn first(steps: &[Step]) -> &Frame {
    match &steps[0] {
        Step::Frame(frame) => frame,
        step => panic!("{step:?}"),
    }
}

#[test]
fn frames_come_as_often_as_is_asked_with_the_time_at_which_they_are_seen() {
    let Some(studio) = Studio::open() else { return };
    let film = studio.film("a.mp4", "testsrc=d=7:s=320x240:r=30000/1001", &[]);
    assert!(is_video(&film));
    for (every, expected) in [
        ("1s", vec![0, 1001, 2002, 3003, 4004, 5005, 6006]),
        ("3s", vec![0, 3003, 6006]),
        // Between these, ffmpeg hands over others as a sign of life.
        ("6s", vec![0, 6006]),
        ("1h", vec![0]),
    ] {
        let steps = studio.steps(&film, every);
        assert_eq!(times(&steps), expected, "{every}");
        assert_eq!(steps.last(), Some(&Step::End(None)));
        assert_eq!(first(&steps).pixels.dimensions(), (320, 240));
    }
    // A picture every two seconds is a frame every two seconds, however often one is asked for.
    let slow = studio.film("slow.mkv", "testsrc=d=8:s=64x48:r=1/2", &[]);
    assert_eq!(times(&studio.steps(&slow, "100ms")), [0, 2000, 4000, 6000]);
    // Some containers begin at another time than 0.
    let stream = studio.film("a.ts", "testsrc=d=3:s=320x240:r=25", &["-f", "mpegts"]);
    assert!(is_video(&stream));
    assert_eq!(times(&studio.steps(&stream, "1s")), [0, 1000, 2000]);
}

#[test]
fn a_scene_that_repeats_is_told_from_another() {
    let Some(studio) = Studio::open() else { return };
    let scenes = "color=gray:s=64x48:d=3:r=10[a];color=navy:s=64x48:d=2:r=10[b];[a][b]concat";
    let film = studio.film("a.avi", scenes, &[]);
    let steps = studio.steps(&film, "1s");
    assert_eq!(times(&steps), [0, 3000]);
    let repeated = [1, 2, 4].map(|second| Step::Repeated(Duration::from_secs(second)));
    assert_eq!([&steps[1], &steps[2], &steps[4]], [&repeated[0], &repeated[1], &repeated[2]]);
}

#[test]
fn frames_are_upright_with_square_pixels() {
    let Some(studio) = Studio::open() else { return };
    let sides = "color=red:s=64x48:d=1:r=5[a];color=blue:s=64x48:d=1:r=5[b];[a][b]hstack";
    let film = studio.film("a.mp4", sides, &[]);
    let colours = |path: &Path| {
        let steps = studio.steps(path, "1s");
        let pixels = first(&steps).pixels.clone();
        let (width, height) = pixels.dimensions();
        let at = |x: u32, y: u32| if pixels.get_pixel(x, y)[0] > 128 { 'r' } else { 'b' };
        ((width, height), [at(8, 8), at(width - 8, height - 8)])
    };
    assert_eq!(colours(&film), ((128, 48), ['r', 'b']));
    // As a phone that is held upright says it: to be turned by a quarter, clockwise.
    let mut bytes = std::fs::read(&film).unwrap();
    let matrix = bytes.windows(4).position(|four| four == b"tkhd").unwrap() + 44;
    let turn = [0, 1 << 16, 0, 0xFFFF_0000, 0, 0, 0, 0, 0x4000_0000u32];
    bytes[matrix..matrix + 36].copy_from_slice(&turn.map(u32::to_be_bytes).concat());
    let turned = film.with_file_name("turned.mp4");
    std::fs::write(&turned, bytes).unwrap();
    assert_eq!(colours(&turned), ((48, 128), ['r', 'b']), "left has become top");
    let wide = studio.film("wide.mkv", &format!("{sides},setsar=2"), &[]);
    assert_eq!(colours(&wide).0, (256, 48));
    let large = studio.film("large.avi", "color=red:s=5120x2880:d=1:r=1", &[]);
    assert_eq!(colours(&large).0, (3840, 2160), "made smaller");
}

#[test]
fn no_name_is_an_option_or_another_protocol() {
    let Some(studio) = Studio::open() else { return };
    for name in ["-y.mkv", "http:x.mkv", "concat:a|b.mkv", "%d.mkv", "a'b [c];d.mkv"] {
        let film = studio.film(name, "testsrc=d=1:s=64x48:r=5", &[]);
        assert_eq!(times(&studio.steps(&film, "1s")), [0], "{name}");
    }
}

#[test]
fn of_a_cut_video_what_is_there_comes_and_then_the_reason() {
    let Some(studio) = Studio::open() else { return };
    for name in ["a.mkv", "a.avi", "a.ts"] {
        let film = studio.film(name, "testsrc2=d=8:s=320x240:r=10", &[]);
        let bytes = std::fs::read(&film).unwrap();
        std::fs::write(&film, &bytes[..bytes.len() / 2]).unwrap();
        let found = times(&studio.steps(&film, "1s"));
        assert!((3..=6).contains(&found.len()), "{name}: {found:?}");
    }
    let film = studio.film("b.mp4", "testsrc2=d=8:s=320x240:r=10", &[]);
    let bytes = std::fs::read(&film).unwrap();
    std::fs::write(&film, &bytes[..bytes.len() / 2]).unwrap();
    let [Step::End(Some(reason))] = &studio.steps(&film, "1s")[..] else { panic!() };
    assert!(reason.contains("moov"), "{reason}");
    // A film that lies about what is in it, in the middle.
    let film = studio.film("c.mp4", "testsrc2=d=8:s=320x240:r=10", &[]);
    let mut bytes = std::fs::read(&film).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 9000].fill(0xFF);
    std::fs::write(&film, bytes).unwrap();
    let steps = studio.steps(&film, "1s");
    assert!(times(&steps).len() >= 3, "{steps:?}");
    assert!(matches!(steps.last(), Some(Step::End(Some(_)))), "{:?}", steps.last());
}

#[test]
fn lists_of_other_files_are_no_videos() {
    let Some(studio) = Studio::open() else { return };
    let film = studio.film("a.mkv", "testsrc=d=1:s=64x48:r=5", &[]);
    let name = film.file_name().unwrap().to_str().unwrap();
    for (list, text) in [
        ("list.mp4", format!("ffconcat version 1.0\nfile {name}\n")),
        (
            "list.mkv",
            format!("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{name}\n#EXT-X-ENDLIST\n"),
        ),
    ] {
        let path = studio.folder.path().join(list);
        std::fs::write(&path, text).unwrap();
        // Their names say that they are, but nothing that they name is opened.
        let steps = studio.steps(&path, "1s");
        assert!(matches!(&steps[..], [Step::End(Some(_))]), "{list}: {steps:?}");
    }
}

/// A program in ffmpeg's place, which writes its number to the file `pid` first.
#[cfg(unix)]
fn in_place_of_ffmpeg(folder: &Path, script: &str) -> Ffmpeg {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("ffmpeg");
    let script = format!("#!/bin/sh\necho $$ > '{}'\n{script}\n", folder.join("pid").display());
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Ffmpeg::at(path, 1)
}

/// Whether the program in ffmpeg's place runs, or waits for somebody to ask how it ended.
#[cfg(unix)]
fn is_there(folder: &Path) -> bool {
    let pid = std::fs::read_to_string(folder.join("pid")).unwrap();
    Command::new("kill").args(["-0", pid.trim()]).output().unwrap().status.success()
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_is_given_up_and_ended() {
    let folder = TempDir::new().unwrap();
    let hangs = r"printf 'P6\n1 1\n255\nabc'; echo '[Parsed_showinfo_1 @ 0x1] [info] n: 0 pts: 0 x' >&2; exec sleep 60";
    let ffmpeg = in_place_of_ffmpeg(folder.path(), hangs);
    let start =
        || Frames::start(&ffmpeg, Path::new("a.mp4"), "1s".parse().unwrap(), Duration::ZERO);
    let since = Instant::now();
    let mut frames = start().unwrap().with_patience(Duration::from_millis(1500));
    assert!(matches!(frames.next(|| false), Step::Frame(_)));
    let Step::End(Some(reason)) = frames.next(|| false) else { panic!() };
    assert_eq!(reason, "gave up after 1.5 s without a frame");
    drop(frames);
    assert!(!is_there(folder.path()), "it was ended, and somebody asked how");
    // The same if the caller stops waiting.
    let mut frames = start().unwrap();
    assert!(matches!(frames.next(|| false), Step::Frame(_)));
    assert_eq!(frames.next(|| true), Step::Stopped);
    drop(frames);
    assert!(!is_there(folder.path()));
    assert!(since.elapsed() < Duration::from_secs(30), "nobody waited for it");
}

#[cfg(unix)]
#[test]
fn what_is_no_picture_is_an_error() {
    let folder = TempDir::new().unwrap();
    for (written, reason) in [
        (r"P6\n99999 99999\n255\nabc", "a picture that is too large"),
        (r"P5\n1 1\n255\nabc", "a picture that cannot be read"),
        (r"P6\n1 1\n65535\nabc", "a picture that cannot be read"),
        ("hello", "a picture that cannot be read"),
    ] {
        let ffmpeg = in_place_of_ffmpeg(folder.path(), &format!("printf '{written}'"));
        let every = "1s".parse().unwrap();
        let mut frames = Frames::start(&ffmpeg, Path::new("a.mp4"), every, Duration::ZERO).unwrap();
        let Step::End(Some(said)) = frames.next(|| false) else { panic!() };
        assert!(said.contains(reason), "{written}: {said}");
    }
    let ffmpeg = in_place_of_ffmpeg(folder.path(), "echo 'x [error] it is broken' >&2; exit 3");
    let mut frames =
        Frames::start(&ffmpeg, Path::new("a.mp4"), "1s".parse().unwrap(), Duration::ZERO).unwrap();
    assert_eq!(frames.next(|| false), Step::End(Some("it is broken".to_owned())));
    let gone = Ffmpeg::at(folder.path().join("gone"), 1);
    let error = Frames::start(&gone, Path::new("a.mp4"), "1s".parse().unwrap(), Duration::ZERO);
    assert!(error.unwrap_err().to_string().contains("cannot be run"));
}
