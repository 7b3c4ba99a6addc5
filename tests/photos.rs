//! The odd formats that photo folders hold, on the tiny pictures of `tests/data/photos`: red on
//! the left and blue on the right, or above and below where EXIF says to turn them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};
use sameface::Error;
use sameface::photo::{Limits, decode, read};

const RED: Rgb<u8> = Rgb([200, 40, 40]);
const BLUE: Rgb<u8> = Rgb([40, 40, 200]);

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/photos").join(name)
}

fn pixels(name: &str) -> RgbImage {
    read(&path(name), &Limits::default()).unwrap_or_else(|error| panic!("{error}")).pixels
}

/// The colours near two opposite corners are `first` and `last`, as far as a JPEG keeps them.
fn assert_corners(name: &str, picture: &RgbImage, first: Rgb<u8>, last: Rgb<u8>) {
    let (width, height) = picture.dimensions();
    for (at, expected) in [((1, 1), first), ((width - 2, height - 2), last)] {
        let found = picture.get_pixel(at.0, at.1);
        let off = (0..3).map(|c| found[c].abs_diff(expected[c])).max().unwrap();
        assert!(off <= 6, "{name}: {found:?} at {at:?}, not {expected:?}");
    }
}

#[test]
fn inks_depths_and_compressions_give_the_same_picture() {
    for name in [
        "cmyk.jpg",
        "ycck.jpg",
        "progressive.jpg",
        "palette.png",
        "lzw.tif",
        "deflate.tif",
        "jpeg.tif",
        "cmyk.tif",
        "alpha.tif",
        "big.tif",
        "lab.tif",
        "planes.tif",
        "twelve-bits.tif",
        "float-tiles.tif",
        "shared-colours.tif",
        "interlaced-16.png",
        "junk.png",
        "flags.webp",
        "os2.bmp",
        "top-down.bmp",
        "empty-alpha.bmp",
        "masks.bmp",
    ] {
        let picture = pixels(name);
        assert_eq!(picture.dimensions(), (12, 8), "{name}");
        assert_corners(name, &picture, RED, BLUE);
    }
}

#[test]
fn grey_stays_grey_and_what_is_clear_becomes_white() {
    for name in ["grey.tif", "grey-alpha.tif", "float.tif"] {
        assert_corners(name, &pixels(name), Rgb([88; 3]), Rgb([58; 3]));
    }
    // In black and white both halves are dark.
    assert_corners("bilevel-fax4.tif", &pixels("bilevel-fax4.tif"), Rgb([0; 3]), Rgb([0; 3]));
    let white = Rgb([255; 3]);
    assert_corners("grey-alpha-16.png", &pixels("grey-alpha-16.png"), white, white);
}

#[test]
fn the_first_frame_counts() {
    for name in ["animated.gif", "animated.webp", "animated.png"] {
        assert_corners(name, &pixels(name), RED, BLUE);
    }
}

#[test]
fn exif_turns_photos_of_every_format_that_has_it() {
    for name in [
        "turned.jpg",
        "turned.png",
        "turned.webp",
        "turned.tif",
        "turned-after.png",
        "turned-text.png",
        "turned-letters.webp",
        // By XMP, which counts if there is no EXIF.
        "turned-xmp.png",
        "turned-xmp.webp",
        "turned-xmp.tif",
    ] {
        let picture = pixels(name);
        assert_eq!(picture.dimensions(), (8, 12), "{name}");
        assert_corners(name, &picture, RED, BLUE);
    }
}

#[test]
fn the_largest_picture_of_a_tiff_counts() {
    for name in ["small-first.tif", "small-above.tif"] {
        let picture = pixels(name);
        assert_eq!(picture.dimensions(), (12, 8), "{name}");
        assert_corners(name, &picture, RED, BLUE);
    }
}

#[test]
fn dimensions_that_no_memory_holds_are_refused_from_the_header() {
    let error = read(&path("huge.png"), &Limits::default()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }));
    let line = error.to_string();
    assert!(line.contains("huge.png: too large (30000×30000 pixels; the limit is 128"), "{line}");
}

#[test]
fn a_tiff_cannot_hide_how_large_the_jpegs_in_it_are() {
    let mut tiff = std::fs::read(path("jpeg.tif")).unwrap();
    let refused = |tiff: &[u8]| {
        let error = decode(Path::new("a.tif"), tiff, &Limits::default()).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        error.to_string()
    };
    // Its JPEG has 8 × 12 pixels: the frame's head, its length, eight bits a value.
    let frame = tiff.windows(5).position(|found| found == [0xFF, 0xC0, 0, 17, 8]).unwrap();
    tiff[frame + 5..frame + 9].copy_from_slice(&[0x3F, 0xFF, 0x3F, 0xFF]);
    assert!(refused(&tiff).contains("its pixels in memory"));
    // Over four times a thousand million pixels.
    tiff[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert!(refused(&tiff).contains("megapixels in all"));
}

#[test]
fn a_photo_that_is_not_decoded_gets_its_remedy() {
    if cfg!(not(feature = "heif")) {
        for name in ["phone.avif", "phone.heic"] {
            let error = read(&path(name), &Limits::default()).unwrap_err();
            assert!(matches!(error, Error::UnsupportedFormat { .. }), "{error:?}");
            assert!(
                error.to_string().contains("(left out of this build) cannot be read"),
                "{error}"
            );
        }
    }
    // A rare kind of a format that is read otherwise.
    for (name, kind) in [("bilevel-fax.tif", "TIFF"), ("jpeg-inside.bmp", "BMP")] {
        let error = read(&path(name), &Limits::default()).unwrap_err().to_string();
        assert!(
            error.contains(&format!("this kind of {kind} cannot be read; convert it")),
            "{error}"
        );
    }
}

#[cfg(feature = "heif")]
#[test]
fn heic_and_avif_are_decoded_and_not_turned_by_their_exif() {
    // They turn pictures by boxes of their own; the standard says to pass EXIF's turn over.
    for name in ["phone.heic", "phone.avif"] {
        let picture = pixels(name);
        assert_eq!(picture.dimensions(), (64, 48), "{name}");
        assert_corners(name, &picture, RED, BLUE);
    }
}

/// Red on the left and blue on the right, however it is stored: sampled, deep, grey with alpha, in
/// tiles, turned and mirrored by boxes, in a bare JPEG XL and in one that holds a JPEG.
#[cfg(all(feature = "heif", feature = "jxl"))]
#[test]
fn phones_and_the_web_are_read_in_all_their_kinds() {
    for name in [
        "422.heic",
        "444.heic",
        "deep-422.heic",
        "deep-444.heic",
        "turned.heic",
        "mirrored.heic",
        "tiles.heic",
        "444.avif",
        "deep.avif",
        "turned.avif",
        "lossy.jxl",
        "lossless.jxl",
        "of-jpeg.jxl",
        "turned.jxl",
    ] {
        let picture = pixels(&format!("heif/{name}"));
        let put_together = ["turned.heic", "mirrored.heic", "tiles.heic"].contains(&name);
        let size = if put_together { (128, 64) } else { (64, 48) };
        assert_eq!(picture.dimensions(), size, "{name}");
        assert_corners(name, &picture, RED, BLUE);
    }
    for name in ["clear.heic", "clear.avif", "clear.jxl"] {
        let picture = pixels(&format!("heif/{name}"));
        assert_corners(name, &picture, RED, Rgb([255; 3]));
    }
}

/// A file in tiles that ends in the midst of them has those that came; the others are grey.
#[cfg(feature = "heif")]
#[test]
fn a_cut_heic_has_the_tiles_that_came() {
    let whole = std::fs::read(path("heif/tiles.heic")).unwrap();
    let decoded = |bytes: &[u8]| {
        sameface::photo::PhotoFile::from_bytes("a.heic".into(), bytes.to_vec(), &Limits::default())
            .and_then(|file| file.decode(&Limits::default()))
    };
    assert_eq!(decoded(&whole).unwrap().missing, None);
    let cut = decoded(&whole[..whole.len() - 30]).unwrap();
    assert_eq!(cut.missing, Some(50));
    assert_corners("the first tile", &cut.pixels, RED, Rgb([128; 3]));
    let one = std::fs::read(path("phone.heic")).unwrap();
    let error = decoded(&one[..one.len() - 40]).unwrap_err();
    assert!(matches!(error, Error::DamagedPhoto { .. }), "{error:?}");
    assert_eq!(decoded(&one[..one.len() - 1]).unwrap().missing, Some(0), "a byte is not missed");
}
