//! Finding ffmpeg, and how it is asked for frames.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::Every;

/// The variable that names ffmpeg's file.
const VARIABLE: &str = "VERIFY_FFMPEG";
/// The most pixels of an analysed frame, those of 4K, and its longest side. Larger frames are scaled
/// down.
const PIXELS: u32 = 3840 * 2160;
const SIDE: u32 = 8192;
/// The most pixels of a frame that is decoded: those of 8K.
const DECODED: u32 = 8192 * 4320;
/// The most threads that decode: each holds a few frames.
const MOST_THREADS: usize = 4;
/// The longest time between two frames that ffmpeg hands over: what comes between those that are asked
/// for is a sign of life.
const SIGN_OF_LIFE: u64 = 5000;
/// What ffmpeg may take the file for. Lists of other files, such as playlists, are not among them.
const CONTAINERS: &str =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,asf,flv,live_flv,ogg";

/// A second from each frame to the next, however long it is seen: then ffmpeg neither repeats nor leaves out
/// any to keep the rate of the output. (`-fps_mode` would say so, which is not known before 5.1.)
const NUMBERED: &str = "settb=1,setpts=N,fps=1:round=near";

/// The program that decodes videos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ffmpeg {
    program: PathBuf,
    threads: usize,
}

impl Ffmpeg {
    /// The program that `VERIFY_FFMPEG` names, or else the one on the `PATH`; it may decode on `threads`
    /// threads.
    ///
    /// # Errors
    /// Why it was not found, in the words of [`crate::Error::NoFfmpeg`].
    pub fn find(threads: usize) -> Result<Self, String> {
        let threads = threads.clamp(1, MOST_THREADS);
        let named = std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        if let Some(program) = named {
            let gone = format!("but {VARIABLE} names {}, which is not a file", program.display());
            return if program.is_file() { Ok(Self { program, threads }) } else { Err(gone) };
        }
        let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
        let path = std::env::var_os("PATH").unwrap_or_default();
        // Never a program in the current folder, which anybody may have put there.
        let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let mut programs = folders.map(|folder| folder.join(&name)).filter(|file| file.is_file());
        let program = programs.next().ok_or("which is not on the PATH")?;
        Ok(Self { program, threads })
    }

    /// The one whose file is `program`.
    #[must_use]
    pub fn at(program: PathBuf, threads: usize) -> Self {
        Self { program, threads: threads.clamp(1, MOST_THREADS) }
    }

    /// The program's file.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The command that writes frames of the video at `path` to its standard output, as PPM, one at
    /// least in `every` such time, and says their times on standard error. It begins at the first
    /// frame from `from` on.
    pub(super) fn command(&self, path: &Path, every: Every, from: Duration) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"]);
        command.args(["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]);
        command.args(["-max_pixels", &DECODED.to_string(), "-threads", &self.threads.to_string()]);
        if !from.is_zero() {
            command.args(["-ss", &format!("{:.6}", from.as_secs_f64())]);
        }
        // Whatever the name, it is neither an option nor another protocol.
        let mut file = std::ffi::OsString::from("file:");
        file.push(path);
        command.arg("-i").arg(file);
        command.args([
            "-map",
            "0:V:0",
            "-an",
            "-sn",
            "-dn",
            "-filter_threads",
            "1",
            "-vf",
            &filters(every),
        ]);
        command.args(["-r", "1", "-c:v", "ppm", "-f", "image2pipe", "pipe:1"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Choose frames, say their times, and make them upright pictures with square pixels.
fn filters(every: Every) -> String {
    let whole = every.milliseconds();
    let step = whole as f64 / whole.div_ceil(SIGN_OF_LIFE) as f64;
    let count = |time: &str| format!("floor(({time}*1000+0.001)/{step})");
    let select = format!("isnan(prev_selected_t)+gt({},{})", count("t"), count("prev_selected_t"));
    let smaller = format!("min(1,min(sqrt({PIXELS}/(iw*sar*ih)),min({SIDE}/(iw*sar),{SIDE}/ih)))");
    let side = |side: &str| format!("'max(1,trunc({side}*{smaller}))'");
    let (width, height) = (side("iw*sar"), side("ih"));
    format!("select='{select}',showinfo,scale=w={width}:h={height},setsar=1,{NUMBERED}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(path: &str, every: &str, from: Duration) -> Vec<String> {
        let ffmpeg = Ffmpeg { program: "/bin/ffmpeg".into(), threads: 1 };
        let command = ffmpeg.command(Path::new(path), every.parse().unwrap(), from);
        command.get_args().map(|word| word.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_name_is_never_an_option_or_a_protocol() {
        for name in ["-y.mp4", "http://x/a.mp4", "concat:a|b", "a b;c.mp4"] {
            let words = words(name, "1s", Duration::ZERO);
            let at = words.iter().position(|word| word == "-i").unwrap();
            assert_eq!(words[at + 1], format!("file:{name}"));
            assert!(!words.iter().any(|word| word == name || word == "-ss"), "{words:?}");
        }
    }

    #[test]
    fn a_sign_of_life_comes_often_however_seldom_frames_are_asked_for() {
        for (every, step) in
            [("100ms", "/100)"), ("5s", "/5000)"), ("7s", "/3500)"), ("1h", "/5000)")]
        {
            let filters = filters(every.parse().unwrap());
            assert!(filters.contains(step), "{filters}");
        }
        let words = words("a.mp4", "1s", Duration::from_millis(1500));
        assert!(words.windows(2).any(|pair| pair == ["-ss", "1.500000"]), "{words:?}");
    }
}
