//! Any bytes as XMP and as a photo that holds XMP: regions are read, names are added, and adding them again changes
//! nothing.
#![no_main]

use std::path::Path;

use image::metadata::Orientation;
use libfuzzer_sys::fuzz_target;
use sameface::face::FaceBox;
use sameface::photo::{Limits, Metadata};
use sameface::xmp::{Frame, Named, merged, regions};

fn named(name: &str, x: f32) -> Named {
    let bounds = FaceBox { x, y: 30.0, width: 40.0, height: 50.0 };
    Named { name: name.to_owned(), bounds }
}

fn any_xmp(text: &str, turn: Orientation) {
    let frame = Frame { width: 400, height: 300, turn };
    let read = regions(text);
    if let Err(reason) = &read {
        assert_eq!(reason.lines().count(), 1, "{reason}");
    }
    for region in read.into_iter().flatten() {
        let area = frame.upright(region.area);
        let edges = [area.left, area.top, area.left + area.width, area.top + area.height];
        assert!(edges.iter().all(|edge| (-1e-9..=1.0 + 1e-9).contains(edge)), "{area:?}");
    }
    let faces = [named("Ann & <B>", 30.0), named("Zoë", 250.0)];
    if let Ok(first) = merged(Some(text), &frame, &faces)
        && let Some(new) = first.text
    {
        let again = merged(Some(&new), &frame, &faces).expect("what was written can be read");
        assert_eq!(again.text, None, "{new}");
        let (before, after) =
            (regions(text).expect("it was read"), regions(&new).expect("it was written"));
        assert!(after.len() >= before.len().min(900), "nothing is lost");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (turn, rest) = bytes.split_first().unwrap_or((&1, &[]));
    let turn = Orientation::from_exif(1 + turn % 8).expect("1 to 8");
    if let Ok(text) = std::str::from_utf8(rest) {
        any_xmp(text, turn);
    }
    for packet in Metadata::of(Path::new("photo"), bytes, &Limits::default()).xmp {
        any_xmp(&String::from_utf8_lossy(&packet), turn);
    }
});
