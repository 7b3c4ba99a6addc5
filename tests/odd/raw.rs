//! RAW files as their makers lay them out, made here: a preview that is red on the left and blue on the
//! right, or above and below where the file says to turn it, between what stands for the sensor's values.

use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use sameface::Error;
use sameface::photo::{Format, Limits, decode};

const RED: Rgb<u8> = Rgb([200, 40, 40]);
const BLUE: Rgb<u8> = Rgb([40, 40, 200]);
/// Orientation 6: to be shown a quarter turn clockwise, so that red is above blue.
const QUARTER_TURN: u32 = 6;

/// A value of a tag.
enum Value {
    /// A number.
    Number(u32),
    /// Bytes that the tag holds, wherever they are.
    Bytes(Vec<u8>),
    /// Bytes to whose place the tag's number leads.
    Place(Vec<u8>),
    /// Other directories, by their place in the list.
    Below(Vec<usize>),
}
use Value::{Below, Bytes, Number, Place};

type Tags = Vec<(u16, Value)>;

/// A file with directories: the first, which `following` of them follow, the others below these.
/// `head` is the file up to the number that leads to the first.
fn directories(head: &[u8], gap: &[u8], list: &[Tags], following: usize) -> Vec<u8> {
    let little = head[0] == b'I';
    let two = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
    let four = |n: usize| if little { (n as u32).to_le_bytes() } else { (n as u32).to_be_bytes() };
    let first = head.len() + 4 + gap.len();
    let places: Vec<usize> = list
        .iter()
        .scan(first, |at, tags| {
            *at += 2 + 12 * tags.len() + 4;
            Some(*at - (2 + 12 * tags.len() + 4))
        })
        .collect();
    let mut end = places.last().unwrap() + 2 + 12 * list.last().unwrap().len() + 4;
    let mut file = [head, &four(first), gap].concat();
    let mut behind = Vec::new();
    let mut put = |bytes: &[u8]| {
        behind.extend(bytes);
        end += bytes.len();
        end - bytes.len()
    };
    for (at, tags) in list.iter().enumerate() {
        file.extend(two(tags.len() as u16));
        for (tag, value) in tags {
            let (kind, count, value) = match value {
                Number(number) => (4, 1, four(*number as usize)),
                Bytes(bytes) if bytes.len() <= 4 => {
                    (1, bytes.len(), [0, 1, 2, 3].map(|i| *bytes.get(i).unwrap_or(&0)))
                }
                Bytes(bytes) => (7, bytes.len(), four(put(bytes))),
                Place(bytes) => (4, 1, four(put(bytes))),
                Below(of) if of.len() == 1 => (4, 1, four(places[of[0]])),
                Below(of) => {
                    let all: Vec<u8> = of.iter().flat_map(|at| four(places[*at])).collect();
                    (4, of.len(), four(put(&all)))
                }
            };
            file.extend([two(*tag), two(kind)].concat());
            file.extend([four(count), value].concat());
        }
        let next = if at < following { places[at + 1] } else { 0 };
        file.extend(four(next));
    }
    [file, behind].concat()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// With an EXIF block that says to turn it, and holds a thumbnail.
fn turned(mut jpeg: Vec<u8>, orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(self::jpeg(160, 120));
    let length = (exif.len() as u16 + 2).to_be_bytes();
    jpeg.splice(2..2, [&[0xFF, 0xE1][..], &length, &exif].concat());
    jpeg
}

/// A lossless JPEG, as far as its head: what a sensor saw.
fn lossless(width: u16, height: u16) -> Vec<u8> {
    let [[w0, w1], [h0, h1]] = [width, height].map(u16::to_be_bytes);
    let mut jpeg =
        vec![0xFF, 0xD8, 0xFF, 0xC3, 0, 14, 14, h0, h1, w0, w1, 2, 0, 0x11, 0, 1, 0x11, 0];
    jpeg.extend([0xFF, 0xDA, 0, 10, 2, 0, 0, 1, 0, 1, 0, 0, 1, 2, 3, 0xFF, 0xD9]);
    jpeg
}

/// What a sensor saw, as a directory.
fn mosaic(compression: u32, strip: Vec<u8>) -> Tags {
    let strip_tags =
        [(256, Number(4000)), (257, Number(3000)), (258, Number(14)), (259, Number(compression))];
    let mut tags: Tags = strip_tags.into();
    tags.extend([(262, Number(32803)), (273, Place(strip)), (277, Number(1)), (279, Number(15))]);
    tags
}

/// A small picture without compression, as first directories have it.
fn thumbnail() -> Tags {
    vec![
        (254, Number(1)),
        (256, Number(160)),
        (257, Number(120)),
        (258, Number(8)),
        (259, Number(1)),
        (262, Number(2)),
        (273, Place(vec![90; 160 * 120 * 3])),
        (274, Number(QUARTER_TURN)),
        (277, Number(3)),
        (278, Number(120)),
        (279, Number(160 * 120 * 3)),
    ]
}

/// A preview as the old way of JPEG in TIFF has it.
fn preview(jpeg: Vec<u8>) -> Tags {
    let length = jpeg.len() as u32;
    vec![(259, Number(6)), (513, Place(jpeg)), (514, Number(length))]
}

fn nef() -> Vec<u8> {
    let mut first = thumbnail();
    first.push((330, Below(vec![1, 2])));
    directories(b"MM\0*", &[], &[first, preview(jpeg(480, 320)), mosaic(34713, vec![7; 15])], 0)
}

fn arw() -> Vec<u8> {
    let mut first = preview(jpeg(480, 320));
    first.extend([(274, Number(QUARTER_TURN)), (330, Below(vec![2]))]);
    let second = preview(jpeg(160, 120));
    directories(b"II*\0", &[], &[first, second, mosaic(32767, vec![7; 15])], 1)
}

fn cr2() -> Vec<u8> {
    let whole = jpeg(480, 320);
    let length = whole.len() as u32;
    let first = vec![
        (256, Number(480)),
        (257, Number(320)),
        (259, Number(6)),
        (273, Place(whole)),
        (274, Number(QUARTER_TURN)),
        (279, Number(length)),
    ];
    let last = vec![(259, Number(6)), (273, Place(lossless(4000, 3000))), (279, Number(40))];
    directories(b"II*\0", b"CR\x02\0\0\0\0\0", &[first, preview(jpeg(160, 120)), last], 2)
}

/// A DNG whose sensor's values are of this kind.
fn dng(sensor: Tags) -> Vec<u8> {
    let whole = jpeg(480, 320);
    let length = whole.len() as u32;
    let mut first = thumbnail();
    first.extend([(330, Below(vec![1, 2])), (50706, Bytes(vec![1, 4, 0, 0]))]);
    let below = vec![
        (254, Number(1)),
        (256, Number(480)),
        (257, Number(320)),
        (258, Number(8)),
        (259, Number(7)),
        (262, Number(6)),
        (273, Place(whole)),
        (277, Number(3)),
        (278, Number(320)),
        (279, Number(length)),
    ];
    directories(b"II*\0", &[], &[first, sensor, below], 0)
}

fn orf() -> Vec<u8> {
    let note = [b"OLYMPUS\0II\x03\0".to_vec(), jpeg(480, 320)].concat();
    let first = vec![
        (256, Number(4000)),
        (257, Number(3000)),
        (273, Place(vec![7; 15])),
        (274, Number(QUARTER_TURN)),
        (34665, Below(vec![1])),
    ];
    directories(b"IIRO", &[], &[first, vec![(37500, Bytes(note))]], 0)
}

fn rw2() -> Vec<u8> {
    let whole = turned(jpeg(480, 320), QUARTER_TURN as u8);
    // The preview's own word counts.
    let first = vec![(1, Number(0x0130)), (46, Bytes(whole)), (274, Number(3))];
    directories(b"IIU\0", &[], &[first], 0)
}

fn raf() -> Vec<u8> {
    let whole = turned(jpeg(480, 320), QUARTER_TURN as u8);
    let mut file = b"FUJIFILMCCD-RAW 0201FF389501X-T1".to_vec();
    file.resize(84, 0);
    file.extend(148_u32.to_be_bytes());
    file.extend((whole.len() as u32).to_be_bytes());
    file.resize(148, 0);
    file.extend(whole);
    file.extend([7; 99]);
    file
}

fn cr3() -> Vec<u8> {
    let atom = |kind: &[u8; 4], content: &[&[u8]]| {
        let content = content.concat();
        [&(content.len() as u32 + 8).to_be_bytes()[..], kind, &content].concat()
    };
    let first = vec![(256, Number(4000)), (274, Number(QUARTER_TURN))];
    let tags = atom(b"CMT1", &[&directories(b"II*\0", &[], &[first], 0)]);
    let moov = atom(b"moov", &[&atom(b"uuid", &[&[0x85; 16], &tags])]);
    let small = atom(b"uuid", &[&[0xEA; 16], &jpeg(320, 240)]);
    let data = atom(b"mdat", &[&jpeg(480, 320), &lossless(4000, 3000)]);
    [atom(b"ftyp", &[b"crx \0\0\0\x01crx isom"]), moov, small, data].concat()
}

fn read(bytes: &[u8]) -> sameface::Result<RgbImage> {
    decode(Path::new("a.raw"), bytes, &Limits::default())
}

#[test]
fn the_largest_preview_is_the_photo_upright() {
    let linear = {
        let mut tags = mosaic(34892, Vec::new());
        // The values of a sensor may be packed as a picture is; a piece is no picture.
        tags.retain(|(tag, _)| !matches!(tag, 262 | 273 | 279));
        tags.extend([(262, Number(34892)), (324, Place(jpeg(640, 640)))]);
        tags
    };
    for (name, file) in [
        ("NEF", nef()),
        ("ARW", arw()),
        ("CR2", cr2()),
        ("DNG", dng(mosaic(7, lossless(4000, 3000)))),
        ("DNG, packed as a picture", dng(linear)),
        ("ORF", orf()),
        ("RW2", rw2()),
        ("RAF", raf()),
        ("CR3", cr3()),
    ] {
        assert_eq!(Format::of(&file), Some(Format::Raw), "{name}");
        let picture = read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(picture.dimensions(), (320, 480), "{name}");
        for (at, expected) in [((5, 5), RED), ((310, 470), BLUE)] {
            let found = picture.get_pixel(at.0, at.1);
            assert!((0..3).all(|c| found[c].abs_diff(expected[c]) <= 6), "{name}: {found:?}");
        }
    }
}

#[test]
fn a_preview_that_is_turned_by_itself_is_turned_once() {
    let mut first = preview(turned(jpeg(480, 320), 1));
    first.extend([(274, Number(QUARTER_TURN)), (330, Below(vec![1]))]);
    let file = directories(b"II*\0", &[], &[first, mosaic(1, vec![7; 15])], 0);
    assert_eq!(read(&file).unwrap().dimensions(), (480, 320));
}

#[test]
fn a_picture_that_is_larger_than_the_preview_counts() {
    let mut picture = thumbnail();
    for (tag, value) in [(256, 600), (257, 500), (278, 500), (279, 900_000)] {
        picture.retain(|(other, _)| *other != tag);
        picture.push((tag, Number(value)));
    }
    picture.retain(|(tag, _)| *tag != 273);
    picture.push((273, Place(vec![90; 900_000])));
    let mut first = preview(jpeg(480, 320));
    first.extend([(330, Below(vec![1])), (50706, Bytes(vec![1, 4, 0, 0]))]);
    let file = directories(b"II*\0", &[], &[first, picture], 0);
    assert_eq!(read(&file).unwrap().dimensions(), (500, 600));
}

#[test]
fn a_raw_file_without_a_preview_says_so() {
    let mut first = thumbnail();
    first.push((330, Below(vec![1, 2])));
    let small = preview(jpeg(160, 120));
    let file = directories(b"II*\0", &[], &[first, small, mosaic(1, vec![7; 15])], 0);
    let error = read(&file).unwrap_err();
    assert!(matches!(error, Error::NoPreview { .. }), "{error}");
    assert!(error.to_string().starts_with("a.raw: RAW file without a preview; "), "{error}");
    let error = read(b"FUJIFILMCCD-RAW 0201").unwrap_err();
    assert!(matches!(error, Error::NoPreview { .. }), "{error}");
}

#[test]
fn a_raw_file_that_is_cut_anywhere_comes_to_an_end() {
    for file in [nef(), cr2(), cr3(), raf()] {
        for end in (0..file.len()).step_by(211) {
            let _ = read(&file[..end]);
        }
    }
}
