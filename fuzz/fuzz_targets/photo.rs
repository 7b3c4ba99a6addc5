//! Any bytes as a photo: every format, EXIF, the count of a JPEG's scans, whole and reduced.
#![no_main]

mod photos;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| photos::any_photo(bytes));
