//! Any bytes as HEIC or AVIF.
#![no_main]

mod photos;

use libfuzzer_sys::fuzz_target;
use sameface::photo::Format;

fuzz_target!(|bytes: &[u8]| {
    if matches!(Format::of(bytes), Some(Format::Heic | Format::Avif)) {
        photos::any_photo(bytes);
    }
});
