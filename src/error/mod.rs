//! The one error type of the library. Each message is one line and names the file or the value.
//! [`Error::told`] adds the fix in the words of the command line, of the server or of Python.

mod examples;
mod foreign;
mod make;
mod remedy;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

pub use examples::Examples;
pub(crate) use foreign::{of_system, one_line};
pub use make::cut_off;
pub use remedy::Front;

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong, with what is needed to fix it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("{}: cannot be read ({}); check that it exists and that you may read it", path.display(), of_system(source))]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("{}: cannot be written ({}); choose an existing folder that you may write to", path.display(), of_system(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A web address was given instead of a file.
    #[error("{}", foreign::address(path))]
    Address {
        /// The address.
        path: PathBuf,
    },
    /// The content is not of a photo format that can be read.
    #[error("{}: {what}", path.display())]
    NotAPhoto {
        /// The file.
        path: PathBuf,
        /// What it is, and what to do with it.
        what: &'static str,
    },
    /// A known photo format that this build does not decode.
    #[error("{}: {format} cannot be read; {remedy}", path.display())]
    UnsupportedFormat {
        /// The file.
        path: PathBuf,
        /// What it is, as in "AVIF photos".
        format: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A RAW file without a preview picture in it.
    #[error("{}: RAW file without a preview; convert it to JPEG first, for example with `darktable-cli IN OUT.jpg`", path.display())]
    NoPreview {
        /// The file.
        path: PathBuf,
    },
    /// A photo that is damaged or cut off.
    #[error("{}: damaged photo ({reason}); open it in a viewer and save it again, or leave it out", path.display())]
    DamagedPhoto {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        reason: String,
    },
    /// A photo whose file is cut off, if only a whole one can be used.
    #[error("{}: {}; copy the file again, or leave it out", path.display(), cut_off(*missing))]
    CutOff {
        /// The file.
        path: PathBuf,
        /// How much of the picture is missing, in percent.
        missing: u8,
    },
    /// A photo that exceeds the limits of size.
    #[error("{}: too large ({found}; the limit is {limit}); shrink it first", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The size found.
        found: String,
        /// The limit that was exceeded.
        limit: String,
    },
    /// A photo that takes too long to decode.
    #[error("{}: takes more than {} s to decode; open it in a viewer and save it again, or leave it out", path.display(), limit.as_secs_f32())]
    TooSlow {
        /// The file.
        path: PathBuf,
        /// The most time that it may take.
        limit: Duration,
    },
    /// ffmpeg, which reads videos, was not found.
    #[error("{}: reading videos needs ffmpeg, {reason}; install it (`apt install ffmpeg`, `brew install ffmpeg`), or set VERIFY_FFMPEG to its file", path.display())]
    NoFfmpeg {
        /// The video.
        path: PathBuf,
        /// Why it was not found, as in "which is not on the PATH".
        reason: String,
    },
    /// A video that cannot be read, or not to its end.
    #[error("{}: the video cannot be read ({reason}); check whether it plays, or leave it out", path.display())]
    Video {
        /// The file.
        path: PathBuf,
        /// What ffmpeg said.
        reason: String,
    },
    /// XMP that cannot be read or added to.
    #[error("{}: its XMP cannot be used ({reason}) and was not changed; repair it with the program that wrote it", path.display())]
    Xmp {
        /// The sidecar, or the photo that holds it.
        path: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A folder without any photo in it.
    #[error("{}: no photos found{}; name a folder with photos, such as JPEG, PNG or HEIC files", path.display(), foreign::only(passed))]
    NoPhotos {
        /// The folder.
        path: PathBuf,
        /// What was found instead, as in "12 videos, 1 PDF"; empty if there was nothing.
        passed: String,
    },
    /// There are photos, but none of them can be read.
    #[error("{}: none of its {photos} photos can be read; the first error: {first}", path.display())]
    NoneReadable {
        /// The folder.
        path: PathBuf,
        /// How many photos there are.
        photos: usize,
        /// What is wrong with the first.
        first: String,
    },
    /// Photos were read, but no face was found in any of them.
    #[error("{}: no face found in any of {photos} photos; use photos with a visible face at least 32 pixels high", path.display())]
    NoFaces {
        /// The folder.
        path: PathBuf,
        /// How many photos were analysed.
        photos: usize,
    },
    /// Two people are about equally often in the photos.
    #[error("{}: these photos show two people about equally often ({first} and {second} photos)", path.display())]
    TwoPeople {
        /// The folder.
        path: PathBuf,
        /// Photos of the first person.
        first: usize,
        /// Photos of the second person.
        second: usize,
        /// Photos of both people, by which the user can choose one.
        examples: Examples,
    },
    /// The only photo shows several people, and no face was chosen.
    #[error("{}: {faces} faces of similar size, and no other photo shows which one is meant", path.display())]
    WhichFace {
        /// The photo.
        path: PathBuf,
        /// How many faces it has.
        faces: usize,
    },
    /// The enrolled photos do not agree on any person.
    #[error("{}: no person is in most of these photos (at most {agreeing} of {photos} show the same person); keep only the photos of one person", path.display())]
    NoMajority {
        /// The folder.
        path: PathBuf,
        /// Photos of the person who is in most of them.
        agreeing: usize,
        /// Photos with a face.
        photos: usize,
    },
    /// ONNX Runtime was not found anywhere.
    #[error(
        "ONNX Runtime was not found; run `make setup` in the checkout, or `pip install onnxruntime`, or set ORT_DYLIB_PATH to the library's file"
    )]
    RuntimeNotFound,
    /// ONNX Runtime was found but does not work.
    #[error("{}: ONNX Runtime cannot be used ({reason}); install version 1.17 or newer, or set ORT_DYLIB_PATH to another one", path.display())]
    RuntimeBroken {
        /// The library's file.
        path: PathBuf,
        /// What the loader said.
        reason: String,
    },
    /// A device that was named cannot run the networks.
    #[error(
        "device {device}: {reason}; {remedy}, and set ORT_DYLIB_PATH to its library, or choose another device"
    )]
    Device {
        /// The device's name.
        device: &'static str,
        /// What is available instead, or why the device does not work.
        reason: String,
        /// What to install.
        remedy: &'static str,
    },
    /// A model failed to load or to run.
    #[error("the model {model} failed ({reason})")]
    Model {
        /// The model's file name in the pack.
        model: String,
        /// What ONNX Runtime said.
        reason: String,
    },
    /// A pack of models cannot be used.
    #[error("the pack of models ({place}) cannot be used: {reason}")]
    Pack {
        /// Its folder, or "built in".
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// There is no profile yet.
    #[error("{}: no profile found", path.display())]
    NoProfile {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Nobody with this name is enrolled.
    #[error("nobody called {name:?} is enrolled")]
    NoPerson {
        /// The name, or the id.
        name: String,
        /// The folder of the people.
        folder: PathBuf,
    },
    /// Several people have this name.
    #[error("{} people are called {name:?}, with the ids {}", ids.len(), ids.join(", "))]
    SeveralPeople {
        /// The name.
        name: String,
        /// The ids of those who have it.
        ids: Vec<String>,
    },
    /// Several people are enrolled, and none was chosen.
    #[error("{}: several people are enrolled, for example {first} and {second}", folder.display())]
    WhichPerson {
        /// The folder of the people.
        folder: PathBuf,
        /// The id of one of them.
        first: String,
        /// The id of another.
        second: String,
    },
    /// The profile's content is not valid.
    #[error("{}: damaged profile ({reason})", path.display())]
    DamagedProfile {
        /// The profile's file.
        path: PathBuf,
        /// What is not valid.
        reason: String,
    },
    /// The profile is encrypted, and there is no passphrase.
    #[error("{}: encrypted, and no passphrase was given", path.display())]
    Encrypted {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile was encrypted with another passphrase.
    #[error("{}: wrong passphrase; try again (without the right one nobody can open the profile)", path.display())]
    WrongPassphrase {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile is encrypted with a key, or in a form, that this program does not know.
    #[error("{}: encrypted with a key or in text form, which verify cannot open; decrypt it with `age -d`, then encrypt it with `verify profile encrypt`", path.display())]
    EncryptedOtherwise {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile was written by a newer program.
    #[error("{}: profile version {found} is newer than this program can read ({known}); update verify, or enrol again", path.display())]
    NewerProfile {
        /// The profile's file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The profile belongs to another pack.
    #[error("{}: made with the pack {found}, whose embeddings cannot be compared with those of the pack in use, {here}", path.display())]
    OtherModels {
        /// The profile's file.
        path: PathBuf,
        /// The identity of the profile's pack.
        found: String,
        /// The identity of the pack in use.
        here: String,
    },
    /// A file that is not a profile would be overwritten or deleted.
    #[error("{}: not a profile, so it was left unchanged", path.display())]
    NotAProfile {
        /// The file.
        path: PathBuf,
    },
    /// A photo was named that is not in the profile.
    #[error("{}: not in the profile; name a photo by its path or file name as it was enrolled, for example {}", path.display(), example.display())]
    NotEnrolled {
        /// The photo.
        path: PathBuf,
        /// A photo that is in the profile.
        example: PathBuf,
    },
    /// A photo was named by a file name that several photos in the profile have.
    #[error("{}: {count} photos in the profile have this name, for example {} and {}; give the whole path", path.display(), first.display(), second.display())]
    AmbiguousPhoto {
        /// The photo.
        path: PathBuf,
        /// How many photos have this name.
        count: usize,
        /// One of them.
        first: PathBuf,
        /// Another.
        second: PathBuf,
    },
    /// The scan's findings, which are kept beside a profile, cannot be used.
    #[error("{}: the scan's findings cannot be used ({reason})", path.display())]
    Review {
        /// The file beside the profile.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The index cannot be used; photos are then analysed again.
    #[error("{}: the index cannot be used ({reason})", path.display())]
    Index {
        /// The index's file.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// A file that is not an index is in the index's place.
    #[error("{}: not an index, so it was left unchanged", path.display())]
    NotAnIndex {
        /// The file.
        path: PathBuf,
    },
    /// The output could not be written, for example because a pipe was closed.
    #[error("the output cannot be written ({}); check where it goes", of_system(source))]
    Output {
        /// What the system said.
        source: io::Error,
    },
    /// The value of a flag or an argument is not valid.
    #[error("{what}: {problem}")]
    Value {
        /// The flag or the argument.
        what: String,
        /// What is wrong, and which values are valid.
        problem: String,
    },
    /// The pack's population has no calibration for a method.
    #[error("{method}: the pack's population has no calibration for this method")]
    NoCurve {
        /// The method.
        method: &'static str,
    },
    /// A computation failed, which only invalid input can cause.
    #[error("{what}: {reason}")]
    Numeric {
        /// What was computed.
        what: &'static str,
        /// Why it failed.
        reason: String,
    },
    /// A picture could not be drawn.
    #[error("{}: cannot be drawn ({reason}); the ending must be .png or .svg (`plot` also takes .html) and the folder writable", path.display())]
    Plot {
        /// The picture's file.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// The name of a page's file does not end in `.html`.
    #[error("{}: a page's name must end in .html; choose such a name", path.display())]
    Page {
        /// The page's file.
        path: PathBuf,
    },
}
