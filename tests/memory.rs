//! What photos cost in memory, measured: the largest of each format that a limit lets in.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "common/skipped.rs"]
mod skipped;

use std::io::Cursor;
use std::path::Path;

use image::{ColorType, DynamicImage, ImageFormat};
use sameface::Error;
use sameface::photo::{Limits, decode};
use skipped::skipped;

const LIMIT: u64 = 24 << 20;
/// What the program takes for other things while a photo is decoded.
const OTHERS: u64 = 3 << 20;

/// A line of what Linux tells of this process, in bytes.
fn status(key: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// The most memory that this process takes during `work`, beyond what it took before.
fn peak(work: impl FnOnce()) -> u64 {
    // Linux then counts the peak from now on.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = status("VmRSS");
    work();
    status("VmHWM").saturating_sub(before)
}

/// One-coloured, 1000 pixels wide and so high.
fn picture(color: ColorType, format: ImageFormat, height: u32) -> Vec<u8> {
    let picture = DynamicImage::new(1000, height, color);
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn the_largest_photo_of_each_format_that_is_read_takes_no_more_than_the_limit() {
    use ColorType::{L8, L16, La8, La16, Rgb8, Rgb16, Rgba8, Rgba16};
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff, WebP};
    if std::fs::write("/proc/self/clear_refs", "5").is_err() {
        return skipped("this system does not count a peak of memory anew");
    }
    let kinds = [L8, L16, La8, La16, Rgb8, Rgb16, Rgba8, Rgba16].map(|color| (color, Png));
    let kinds = kinds.into_iter().chain([(L8, Jpeg), (Rgb8, Jpeg), (Rgb8, WebP), (Rgba8, WebP)]);
    let kinds = kinds.chain([(Rgba8, Gif), (L8, Tiff), (Rgb8, Tiff), (Rgb16, Tiff), (Rgb8, Bmp)]);
    let limits = Limits { memory: LIMIT, ..Limits::default() };
    for (color, format) in kinds {
        // The least that a pixel takes is three bytes.
        let (mut read, mut refused) = (1, (LIMIT / 3000) as u32 + 1);
        while refused - read > 100 {
            let height = (read + refused) / 2;
            let bytes = picture(color, format, height);
            let mut decoded = None;
            let took = peak(|| decoded = Some(decode(Path::new("photo"), &bytes, &limits)));
            match decoded.unwrap() {
                Ok(_) => read = height,
                Err(Error::TooLarge { .. }) => refused = height,
                Err(error) => panic!("{error}"),
            }
            assert!(took <= LIMIT + OTHERS, "{color:?} {format:?} {height}: {took}");
        }
        // Twelve bytes a pixel, and a few, are the most that any of them takes.
        assert!(u64::from(refused) >= LIMIT / 13_000, "{color:?} {format:?} {refused}");
    }
}
