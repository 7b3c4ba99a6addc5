use std::path::Path;
use std::time::Duration;

use image::ImageFormat;

use super::heads::{Heads, Reader};
use super::*;
use crate::error::Error;
use crate::photo::Limits;
use crate::photo::read::tests::{encoded, sample};

fn read(bytes: &[u8], wanted: u64) -> Result<Reduced> {
    let limits = Limits { time: Duration::MAX, ..Limits::default() };
    decode(&Task::new(Path::new("a.jpg"), bytes, wanted, &limits))
}

/// A JPEG of one scan, and what is said of it when its header is changed.
fn changed(change: impl Fn(&mut Vec<u8>, usize, usize)) -> Reader {
    let mut jpeg = encoded(&sample(), ImageFormat::Jpeg);
    let find = |jpeg: &[u8], marker| jpeg.windows(2).position(|pair| pair == [0xFF, marker]);
    let (frame, scan) = (find(&jpeg, 0xC0).unwrap(), find(&jpeg, 0xDA).unwrap());
    change(&mut jpeg, frame, scan);
    Heads::of(&jpeg).reader()
}

fn sampled(process: u8, sampling: [u8; 3]) -> Reader {
    changed(|jpeg, frame, _| {
        jpeg[frame + 1] = process;
        for (component, sampling) in sampling.into_iter().enumerate() {
            jpeg[frame + 11 + 3 * component] = sampling;
        }
    })
}

#[test]
fn the_fast_decoder_gets_what_it_is_known_to_read_right() {
    for plain in [[0x11; 3], [0x22; 3], [0x22, 0x11, 0x11], [0x21, 0x11, 0x11], [0x41, 0x11, 0x11]]
    {
        assert_eq!(sampled(0xC0, plain), Reader::Fast, "{plain:x?}");
        assert_eq!(sampled(0xC2, plain), Reader::Fast, "{plain:x?}");
    }
    for odd in [[0x11, 0x22, 0x22], [0x31, 0x11, 0x11], [0x22, 0x21, 0x11]] {
        assert_eq!(sampled(0xC0, odd), Reader::Careful, "{odd:x?}");
        assert_eq!(sampled(0xC2, odd), Reader::Careful, "{odd:x?}");
    }
    // A component alone in a scan, sampled neither once nor most often.
    assert_eq!(sampled(0xC0, [0x41, 0x21, 0x11]), Reader::Careful);
    assert_eq!(sampled(0xC2, [0x41, 0x21, 0x11]), Reader::Rare);
    assert_eq!(sampled(0xC0, [0x31, 0x21, 0x11]), Reader::None, "one pixel and a half");
    assert_eq!(sampled(0xC0, [0x11, 0x10, 0x11]), Reader::None);
    let in_parts = changed(|jpeg, _, scan| jpeg[scan + 4] = 1);
    assert_eq!(in_parts, Reader::Careful);
    let without_tables = changed(|jpeg, frame, _| {
        let tables = |jpeg: &[u8]| jpeg[frame..].windows(2).position(|pair| pair == [0xFF, 0xC4]);
        while let Some(at) = tables(jpeg) {
            jpeg[frame + at + 1] = 0xFE;
        }
    });
    assert_eq!(without_tables, Reader::Careful);
}

#[test]
fn what_no_decoder_is_known_to_read_right_is_refused_with_these_words() {
    for (process, sampling, reader) in [
        (0xC9, [0x22, 0x11, 0x11], Reader::Rare),
        (0xCA, [0x22, 0x11, 0x11], Reader::Rare),
        (0xC3, [0x11; 3], Reader::Rare),
        (0xC3, [0x21, 0x11, 0x11], Reader::None),
        (0xC5, [0x11; 3], Reader::None),
    ] {
        assert_eq!(sampled(process, sampling), reader, "{process:x} {sampling:x?}");
    }
    assert_eq!(changed(|jpeg, frame, _| jpeg[frame + 4] = 12), Reader::Rare, "12 bits");
    assert_eq!(changed(|jpeg, frame, _| jpeg[frame + 9] = 5), Reader::None, "five components");
    let mut jpeg = encoded(&sample(), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 1] = 0xC7;
    let error = read(&jpeg, u64::MAX).err().unwrap().to_string();
    assert!(error.starts_with("a.jpg: this kind of JPEG cannot be read; convert it"), "{error}");
}

#[test]
fn a_file_that_lacks_nothing_but_its_end_is_whole() {
    let jpeg = encoded(&sample(), ImageFormat::Jpeg);
    let whole = read(&jpeg, u64::MAX).unwrap();
    for end in [1, 2] {
        let cut = read(&jpeg[..jpeg.len() - end], u64::MAX).unwrap();
        assert_eq!((cut.missing, &cut.pixels), (None, &whole.pixels), "{end}");
    }
    let cut = read(&jpeg[..jpeg.len() - 3], u64::MAX).unwrap();
    assert!(cut.missing.is_some());
}

/// The picture down to the last whole row of blocks, and grey below, at every size.
#[test]
fn what_is_cut_off_is_grey_and_its_share_is_told() {
    let picture = image::RgbImage::from_fn(200, 160, |x, y| Rgb([x as u8, y as u8, 30]));
    let jpeg = encoded(&picture.into(), ImageFormat::Jpeg);
    for wanted in [u64::MAX, 100 * 80, 50 * 40, 25 * 20] {
        let whole = read(&jpeg, wanted).unwrap();
        let cut = read(&jpeg[..jpeg.len() * 6 / 10], wanted).unwrap();
        assert_eq!((cut.size, cut.reduction), (whole.size, whole.reduction));
        let missing = u32::from(cut.missing.unwrap());
        assert!((20..60).contains(&missing), "{missing}");
        let height = whole.pixels.height();
        let grey = cut.pixels.rows().filter(|row| row.clone().all(|pixel| *pixel == GREY)).count();
        assert_eq!(grey as u32 * 100 / height, missing, "{wanted}");
        let known = cut.pixels.as_raw().len() * (height as usize - grey) / height as usize;
        // The last row of colours is interpolated with what follows it.
        let sure = known - 2 * 3 * cut.pixels.width() as usize;
        assert_eq!(cut.pixels.as_raw()[..sure], whole.pixels.as_raw()[..sure], "{wanted}");
    }
}

#[test]
fn of_any_part_of_a_file_something_is_said() {
    let jpeg = encoded(&sample(), ImageFormat::Jpeg);
    let mut last = 100;
    for end in 4..jpeg.len() {
        match read(&jpeg[..end], u64::MAX) {
            Ok(part) => {
                let missing = part.missing.unwrap_or(0);
                assert!(missing <= last, "{end}: {missing}");
                last = missing;
            }
            Err(Error::DamagedPhoto { reason, .. }) => {
                assert_eq!((reason.as_str(), last), ("the file is cut off", 100), "{end}");
            }
            Err(other) => panic!("{end}: {other}"),
        }
    }
    assert_eq!(last, 0);
}

/// Found by fuzzing.
#[test]
fn a_frame_without_components_is_damaged_and_breaks_nothing() {
    let mut jpeg = encoded(&sample(), ImageFormat::Jpeg);
    jpeg.truncate(jpeg.len() - 2);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 9] = 0;
    assert!(matches!(read(&jpeg, u64::MAX), Err(Error::DamagedPhoto { .. })));
}
