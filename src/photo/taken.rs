//! When a photo was taken: from its EXIF, otherwise its XMP, otherwise the date in its name, as phones and
//! messengers write it. The file's own times are not used, because they say when it was copied.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use memchr::memmem;
use serde::{Deserialize, Serialize};

use super::ifd::{Tiff, tag};
use super::orientation::app1;

/// How far into a file that is no JPEG an EXIF block is looked for, in bytes.
const HEAD: usize = 1 << 20;
/// The first year of which there is a photo.
const FIRST: u16 = 1826;
/// The latest year of a date.
const LAST: u16 = 2199;

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    /// From 1826 on.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// A day of the years that photos may be of; months of 31 days throughout, since nothing depends on it.
    fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_one =
            (FIRST..=LAST).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        is_one.then_some(Self { year, month, day })
    }

    /// The day with which a text begins: `2015:03:12`, `2015-03-12` or `20150312`.
    fn at_start(text: &[u8]) -> Option<Self> {
        let number = |from: usize, to: usize| -> Option<u16> {
            let digits = text.get(from..to).filter(|t| t.iter().all(u8::is_ascii_digit))?;
            std::str::from_utf8(digits).ok()?.parse().ok()
        };
        let parted = text.get(4).is_some_and(|byte| b":-_.".contains(byte));
        let (month, day) = if parted {
            if text.get(7) != text.get(4) {
                return None;
            }
            (number(5, 7)?, number(8, 10)?)
        } else {
            (number(4, 6)?, number(6, 8)?)
        };
        Self::new(number(0, 4)?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The first date that is a separate part of a file's name, as in `IMG_20150312_101500.jpg`.
    #[must_use]
    pub fn in_name(path: &Path) -> Option<Self> {
        let name = path.file_stem()?.to_string_lossy();
        let bytes = name.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let starts = (0..bytes.len()).filter(|at| *at == 0 || !is_digit(at - 1));
        let whole = |at: usize| {
            let date = Self::at_start(&bytes[at..])?;
            let length = if is_digit(at + 4) { 8 } else { 10 };
            // Cameras with names of this kind date from after 1990; a longer number is not a date.
            (date.year >= 1990 && !is_digit(at + length)).then_some(date)
        };
        starts.filter_map(whole).next()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl FromStr for Date {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = Self::at_start(text.as_bytes()).filter(|_| text.len() == 10);
        date.ok_or("give a day such as 2015-03-12")
    }
}

impl TryFrom<String> for Date {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// When the photo in these bytes was taken, if the file says so.
pub(super) fn taken(bytes: &[u8]) -> Option<Date> {
    if bytes.starts_with(b"\xFF\xD8") {
        let mut blocks = app1(bytes);
        return blocks.find_map(|block| match block.strip_prefix(b"Exif\0\0") {
            Some(tiff) => of_exif(tiff),
            None => of_xmp(block),
        });
    }
    let head = &bytes[..bytes.len().min(HEAD)];
    // A TIFF and most RAW files are such a block themselves.
    of_exif(bytes).or_else(|| in_container(head)).or_else(|| of_xmp(head))
}

/// The date of the EXIF block in a PNG, a WebP, or a file of HEIF's family.
fn in_container(head: &[u8]) -> Option<Date> {
    // The name of a chunk or of the block, and then, at times, its length.
    let blocks = [&b"Exif\0\0"[..], b"eXIf", b"EXIF"].into_iter().flat_map(|name| {
        memmem::find_iter(head, name).flat_map(move |at| [0, 4].map(|skip| at + name.len() + skip))
    });
    blocks.filter_map(|at| head.get(at..)).find_map(of_exif)
}

/// The date in the directories of an EXIF block, or of a TIFF.
fn of_exif(block: &[u8]) -> Option<Date> {
    let tiff = Tiff::of(block)?;
    let first = tiff.first()?;
    let exif = first.number(tag::EXIF).and_then(|at| tiff.directory(at));
    let date = exif.as_ref().unwrap_or(&first).bytes(tag::TAKEN)?;
    Date::at_start(date)
}

/// The date in XMP, as an attribute or an element.
fn of_xmp(packet: &[u8]) -> Option<Date> {
    let of = |name: &[u8]| {
        let rest = packet.get(memmem::find(packet, name)? + name.len()..)?;
        let begin = rest.iter().take(4).position(u8::is_ascii_digit)?;
        Date::at_start(&rest[begin..])
    };
    of(b"exif:DateTimeOriginal").or_else(|| of(b"photoshop:DateCreated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Option<Date> {
        Some(text.parse().unwrap())
    }

    /// An EXIF block whose first directory leads to another with the date.
    fn block() -> Vec<u8> {
        let mut block = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
        block.extend(b"\x01\0\x03\x90\x02\0\x14\0\0\0\x2c\0\0\0\0\0\0\0");
        block.extend(b"2004:07:31 12:00:00\0");
        block
    }

    #[test]
    fn exif_says_it_in_every_container() {
        let taken_on = date("2004-07-31");
        let segment = |content: &[u8]| {
            let length = (content.len() as u16 + 2).to_be_bytes();
            [&b"\xFF\xD8\xFF\xE1"[..], &length, content, b"\xFF\xDA"].concat()
        };
        let with = |before: &[u8]| [before, &block()].concat();
        assert_eq!(taken(&segment(&with(b"Exif\0\0"))), taken_on);
        assert_eq!(taken(&block()), taken_on, "a TIFF");
        assert_eq!(taken(&with(b"\x89PNG\r\n\x1a\n....eXIf")), taken_on);
        assert_eq!(taken(&with(b"RIFF....WEBPEXIF\x40\0\0\0")), taken_on);
        assert_eq!(taken(&with(b"....ftypheic....\0\0\0\x06Exif\0\0")), taken_on);
        assert_eq!(
            taken(&segment(
                b"http://ns.adobe.com/xap/1.0/\0<x exif:DateTimeOriginal=\"1998-02-03T04:05\"/>"
            )),
            date("1998-02-03")
        );
        for nothing in
            [&b""[..], b"\xFF\xD8", b"\xFF\xD8\xFF\xE1\0\x04ab", b"eXIf", b"II*\0\x08\0\0\0"]
        {
            assert_eq!(taken(nothing), None, "{nothing:?}");
        }
        for end in 0..block().len() {
            taken(&block()[..end]);
        }
    }

    #[test]
    fn xmp_says_it_as_an_attribute_or_an_element() {
        for (packet, expected) in [
            ("<x photoshop:DateCreated=\"1969-07-20\"/>", date("1969-07-20")),
            ("<photoshop:DateCreated>1969-07-20T20:17</photoshop:DateCreated>", date("1969-07-20")),
            ("<x exif:DateTimeOriginal=''/>", None),
            ("<x exif:DateTimeOriginal='0000:00:00 00:00:00'/>", None),
            ("exif:DateTimeOriginal", None),
        ] {
            assert_eq!(of_xmp(packet.as_bytes()), expected, "{packet}");
        }
    }

    #[test]
    fn a_name_says_it_as_telephones_write_it() {
        for (name, expected) in [
            ("IMG_20150312_101500.jpg", date("2015-03-12")),
            ("IMG-20150312-WA0001.jpeg", date("2015-03-12")),
            ("2015-03-12 10.15.00.png", date("2015-03-12")),
            ("Screenshot_2015.03.12.png", date("2015-03-12")),
            ("PXL_20210101_000000000.jpg", date("2021-01-01")),
            ("DSC_19850312.jpg", None),
            ("120150312.jpg", None),
            ("201503121.jpg", None),
            ("20151332.jpg", None),
            ("2015-03_12.jpg", None),
            ("IMG_1234.jpg", None),
            ("", None),
        ] {
            assert_eq!(Date::in_name(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn a_date_is_itself_again_as_text() {
        for text in ["2015-03-12", "1826-01-01"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.to_string(), text);
            let json = serde_json::to_string(&date).unwrap();
            assert_eq!(serde_json::from_str::<Date>(&json).unwrap(), date);
        }
        for wrong in ["", "2015", "2015-13-01", "2015-03-12 ", "1700-01-01", "20150312"] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
        }
        assert!("2004-12-31".parse::<Date>() < "2005-01-01".parse());
    }
}
