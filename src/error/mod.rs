//! The one error type of the library. Each message is one line and names the file or the value.
//! [`Error::told`] adds what to do in the words of the command line, of the server or of Python.

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

/// Everything that can go wrong, with what is needed to mend it.
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
    #[error("{}: cannot be written ({}); choose a place that exists and that you may write to", path.display(), of_system(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An address on the web where a file should be.
    #[error("{}", foreign::address(path))]
    Address {
        /// The address.
        path: PathBuf,
    },
    /// The content is of no photo format that can be read.
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
    /// A RAW file without a picture in it that could be looked at.
    #[error("{}: RAW without a preview; develop it and save it as JPEG first, for example with `darktable-cli IN OUT.jpg`", path.display())]
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
    /// A photo whose file is cut off, where only whole ones do.
    #[error("{}: {}; copy the file again, or leave it out", path.display(), cut_off(*missing))]
    CutOff {
        /// The file.
        path: PathBuf,
        /// How much of the picture is missing, in percent.
        missing: u8,
    },
    /// A photo beyond the limits of size.
    #[error("{}: too large ({found}; the limit is {limit}); shrink it first", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The size found.
        found: String,
        /// The limit that was passed.
        limit: String,
    },
    /// A photo that takes longer to decode than it may.
    #[error("{}: takes more than {} s to decode; open it in a viewer and save it again, or leave it out", path.display(), limit.as_secs_f32())]
    TooSlow {
        /// The file.
        path: PathBuf,
        /// The time that it may take.
        limit: Duration,
    },
    /// There is no ffmpeg to read a video with.
    #[error("{}: videos are read by ffmpeg, {reason}; install it (`apt install ffmpeg`, `brew install ffmpeg`), or set VERIFY_FFMPEG to its file", path.display())]
    NoFfmpeg {
        /// The video.
        path: PathBuf,
        /// Where it was looked for, as in "which is not on the PATH".
        reason: String,
    },
    /// A video that cannot be read, or not further.
    #[error("{}: the video cannot be read ({reason}); play it to see whether it is whole, or leave it out", path.display())]
    Video {
        /// The file.
        path: PathBuf,
        /// What ffmpeg said.
        reason: String,
    },
    /// XMP that cannot be read or added to.
    #[error("{}: its XMP cannot be used ({reason}); repair it with the program that wrote it; nothing was changed", path.display())]
    Xmp {
        /// The sidecar, or the photo that holds it.
        path: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A folder without any photo in it.
    #[error("{}: no photo found in it{}; name a folder with photos, such as JPEG, PNG or HEIC files", path.display(), foreign::only(passed))]
    NoPhotos {
        /// The folder.
        path: PathBuf,
        /// What was found instead, as in "12 videos, 1 PDF"; empty if there was nothing.
        passed: String,
    },
    /// There are photos, and not one of them can be read.
    #[error("{}: none of its {photos} photos can be read; the first: {first}", path.display())]
    NoneReadable {
        /// The folder.
        path: PathBuf,
        /// How many photos there are.
        photos: usize,
        /// What is wrong with the first.
        first: String,
    },
    /// Photos were read, but no face was found in any of them.
    #[error("{}: no face found in any of {photos} photos; use photos in which the face is at least 32 pixels high and not hidden", path.display())]
    NoFaces {
        /// The folder.
        path: PathBuf,
        /// How many photos were looked at.
        photos: usize,
    },
    /// Two people about equally often in the enrolled photos.
    #[error("{}: these photos show two people about equally often ({first} and {second} photos)", path.display())]
    TwoPeople {
        /// The folder.
        path: PathBuf,
        /// Photos of the first person.
        first: usize,
        /// Photos of the second person.
        second: usize,
        /// Photos of them, by which one of the two can be chosen.
        examples: Examples,
    },
    /// The only photo shows several people, and nobody says who is meant.
    #[error("{}: {faces} faces of like size and no other photo to tell who is meant", path.display())]
    WhichFace {
        /// The photo.
        path: PathBuf,
        /// How many faces it has.
        faces: usize,
    },
    /// The enrolled photos do not agree on any person.
    #[error("{}: no person is in the majority of these photos (at most {agreeing} of {photos} show the same one); keep the photos of one person", path.display())]
    NoMajority {
        /// The folder.
        path: PathBuf,
        /// Photos of whoever is in most of them.
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
        "device {device}: {reason}; {remedy}, with ORT_DYLIB_PATH set to the library in it; or name another device"
    )]
    Device {
        /// The device's name.
        device: &'static str,
        /// What is there instead, or why it does not work.
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
    #[error("{}: no profile there", path.display())]
    NoProfile {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Nobody goes by this name.
    #[error("nobody called {name:?} is enrolled")]
    NoPerson {
        /// The name, or the id.
        name: String,
        /// The folder of the people.
        folder: PathBuf,
    },
    /// Several people go by this name.
    #[error("{} people are called {name:?}, with the ids {}", ids.len(), ids.join(", "))]
    SeveralPeople {
        /// The name.
        name: String,
        /// The ids of those who have it.
        ids: Vec<String>,
    },
    /// Nobody says which of several people is meant.
    #[error("{}: several people are enrolled, {first} and {second} among them", folder.display())]
    WhichPerson {
        /// The folder of the people.
        folder: PathBuf,
        /// The id of one of them.
        first: String,
        /// The id of another.
        second: String,
    },
    /// The profile's content makes no sense.
    #[error("{}: damaged profile ({reason})", path.display())]
    DamagedProfile {
        /// The profile's file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The profile is encrypted, and there is no passphrase.
    #[error("{}: encrypted, and no passphrase was given", path.display())]
    Encrypted {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile was encrypted with another passphrase.
    #[error("{}: encrypted with another passphrase; try again with the right one, without which nobody can open it", path.display())]
    WrongPassphrase {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile is encrypted with a key, or in a form, that this program does not know.
    #[error("{}: encrypted by a key, or as text; decrypt it with `age -d`, then encrypt it with `verify profile encrypt`", path.display())]
    EncryptedOtherwise {
        /// The profile's file.
        path: PathBuf,
    },
    /// The profile was written by a newer program.
    #[error("{}: profile of version {found}, this program reads up to {known}; update verify, or enrol again", path.display())]
    NewerProfile {
        /// The profile's file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The profile belongs to another pack.
    #[error("{}: made with the pack {found}, and this is the pack {here}, whose embeddings cannot be compared with its", path.display())]
    OtherModels {
        /// The profile's file.
        path: PathBuf,
        /// The identity of the profile's pack.
        found: String,
        /// The identity of the pack in use.
        here: String,
    },
    /// A file that is no profile stands where one is to be written or deleted.
    #[error("{}: is not a profile and is left alone", path.display())]
    NotAProfile {
        /// The file.
        path: PathBuf,
    },
    /// A photo is to be taken out of a profile that does not have it.
    #[error("{}: not in the profile; name a photo by its path or file name as it was enrolled, for example {}", path.display(), example.display())]
    NotEnrolled {
        /// The photo.
        path: PathBuf,
        /// A photo that is in the profile.
        example: PathBuf,
    },
    /// The name of a photo to be taken out of a profile stands for several.
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
    /// What a scan found, which is kept beside a profile, cannot be used.
    #[error("{}: the findings cannot be used ({reason})", path.display())]
    Review {
        /// The file beside the profile.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The index cannot be used; photos are then analysed anew.
    #[error("{}: the index cannot be used ({reason})", path.display())]
    Index {
        /// The index's file.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
    /// A file stands where an index should be.
    #[error("{}: is not an index and is left alone", path.display())]
    NotAnIndex {
        /// The file.
        path: PathBuf,
    },
    /// The output could not be written; a closed pipe among others.
    #[error("the output cannot be written ({}); check where it goes to", of_system(source))]
    Output {
        /// What the system said.
        source: io::Error,
    },
    /// A value that a flag or a caller gave is out of its range.
    #[error("{what}: {problem}")]
    Value {
        /// The flag or the argument.
        what: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The pack's population does not say what a method's scores mean.
    #[error("{method}: the pack's population has no curve of this method")]
    NoCurve {
        /// The method.
        method: &'static str,
    },
    /// A computation broke down, which only broken input can cause.
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
    /// A page's file has another ending.
    #[error("{}: pages end in .html; give it such a name", path.display())]
    Page {
        /// The page's file.
        path: PathBuf,
    },
}
