//! Any bytes as JPEG XL.
#![no_main]

mod photos;

use libfuzzer_sys::fuzz_target;
use sameface::photo::Format;

fuzz_target!(|bytes: &[u8]| {
    if Format::of(bytes) == Some(Format::Jxl) {
        photos::any_photo(bytes);
    }
});
