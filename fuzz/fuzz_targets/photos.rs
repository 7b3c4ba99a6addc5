//! What every target of photos checks: any bytes are decoded, whole and reduced, or are an error of one line.

use sameface::photo::{Limits, Photo, PhotoFile};

/// So little that an execution is cheap, and that the limits are met.
fn small() -> Limits {
    let (side, pixels, memory, scanned) = (600, 100_000, 2 << 20, 1_000_000);
    Limits { side, pixels, memory, scanned, ..Limits::default() }
}

/// Decode `bytes`, and check what comes of it.
pub fn any_photo(bytes: &[u8]) {
    let file = PhotoFile { path: "photo".into(), sha256: String::new(), bytes: bytes.to_vec() };
    let limits = small();
    for wanted in [u64::MAX, 1600, 1] {
        match file.decode_reduced(wanted, &limits) {
            Ok(photo) => check(&photo, wanted, &limits),
            Err(error) => assert_eq!(error.to_string().lines().count(), 1, "{error}"),
        }
    }
}

/// What everybody behind the reader relies on.
fn check(photo: &Photo, wanted: u64, limits: &Limits) {
    let Photo { width, height, reduction, ref pixels, .. } = *photo;
    assert!(u64::from(width) * u64::from(height) <= limits.pixels);
    assert!([1, 2, 4, 8].contains(&reduction));
    let small = (width.div_ceil(reduction), height.div_ceil(reduction));
    assert_eq!(pixels.dimensions(), small);
    assert!(reduction == 1 || u64::from(small.0) * u64::from(small.1) >= wanted);
}
