//! Whether a file is a video, told by how it begins, whatever it is called.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are looked at: five packets of a transport stream, the longest of them.
const HEAD: usize = 5 * 204;

/// The main brands of the MP4 family that are photos or sound.
const NO_VIDEO: [&[u8; 4]; 13] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
    b"M4A ", b"M4B ", b"crx ",
];

/// Endings of video files.
const ENDINGS: [&str; 24] = [
    "mp4", "m4v", "mov", "qt", "3gp", "3g2", "mkv", "webm", "avi", "divx", "mpg", "mpeg", "mpe",
    "m2v", "vob", "ts", "m2ts", "mts", "tod", "mod", "wmv", "asf", "flv", "ogv",
];

/// Whether a file's name has the ending of a video.
#[must_use]
pub fn is_video_name(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether the file at `path` is a video. A file that cannot be read is none: whoever reads it says so.
#[must_use]
pub fn is_video(path: &Path) -> bool {
    let is_file = std::fs::metadata(path).is_ok_and(|file| file.is_file());
    let mut head = Vec::with_capacity(HEAD);
    let mut read = || File::open(path)?.take(HEAD as u64).read_to_end(&mut head);
    is_file && read().is_ok() && begins_as_video(&head)
}

/// Whether a file that begins so is a video.
fn begins_as_video(head: &[u8]) -> bool {
    let at =
        |from: usize, bytes: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(bytes));
    let mp4 = || at(4, b"ftyp") && !NO_VIDEO.iter().any(|brand| at(8, *brand));
    let old_quicktime = || {
        let sized = head.first() == Some(&0) || at(0, &[0, 0, 0, 1]);
        sized && [b"moov", b"mdat", b"wide", b"skip", b"pnot"].iter().any(|kind| at(4, *kind))
    };
    // A packet begins with 0x47; those of camcorders and discs have a time or a checksum more.
    let packets = |from: usize, size: usize| {
        let starts = (0..4).map(|packet| head.get(from + packet * size));
        starts.into_iter().all(|byte| byte == Some(&0x47))
    };
    mp4()
        || old_quicktime()
        || (at(0, b"\x1A\x45\xDF\xA3")
            && [&b"webm"[..], b"matroska"].iter().any(|name| holds(head, name)))
        || (at(0, b"RIFF") && at(8, b"AVI "))
        || at(0, b"\x00\x00\x01\xBA")
        || at(0, b"\x00\x00\x01\xB3")
        || at(0, b"FLV\x01")
        || at(0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11")
        || (at(0, b"OggS")
            && [&b"\x80theora"[..], b"fishead\0", b"OVP80"].iter().any(|name| holds(head, name)))
        || packets(0, 188)
        || packets(4, 192)
        || packets(0, 204)
}

fn holds(head: &[u8], name: &[u8]) -> bool {
    head.windows(name.len()).take(128).any(|part| part == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_are_told_from_photos_and_sound_by_how_they_begin() {
        let packets = |from: usize, size: usize| {
            let mut stream = vec![0; 5 * size];
            (0..5).for_each(|packet| stream[from + packet * size] = 0x47);
            stream
        };
        let videos: [&[u8]; 12] = [
            b"\0\0\0\x18ftypisom\0\0\0\0",
            b"\0\0\0\x14ftypqt  \0\0\0\0",
            b"\0\0\0\x08wide\0\0\0\x10mdat",
            b"\x1A\x45\xDF\xA3\x9FB\x86\x81\x01B\xF7\x81\x01B\xF2\x81\x04B\xF3\x81\x08B\x82\x84webm",
            b"RIFF\0\0\0\0AVI LIST",
            b"\x00\x00\x01\xBA\x44",
            b"FLV\x01\x05",
            b"\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6",
            b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x2A\x80theora",
            &packets(0, 188),
            &packets(4, 192),
            &packets(0, 204),
        ];
        for video in videos {
            assert!(begins_as_video(video), "{}", video[..video.len().min(16)].escape_ascii());
        }
        let others: [&[u8]; 10] = [
            b"",
            b"\0\0\0\x18ftypheic\0\0\0\0",
            b"\0\0\0\x18ftypavif\0\0\0\0",
            b"\0\0\0\x18ftypM4A \0\0\0\0",
            b"\0\0\0\x18ftypcrx \0\0\0\0",
            b"RIFF\0\0\0\0WEBPVP8 ",
            b"\x1A\x45\xDF\xA3 something else",
            b"\xFF\xD8\xFF\xE0",
            b"GGGG",
            b"OggS\0\x02 vorbis",
        ];
        for other in others {
            assert!(!begins_as_video(other), "{}", other.escape_ascii());
        }
    }
}
