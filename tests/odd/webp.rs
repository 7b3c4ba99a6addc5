//! WebP.

use crate::same::assert_same;

#[test]
fn flags_without_their_chunks_refuse_nothing() {
    assert_same(&[("webp/flag_exif.webp", 3.0), ("webp/flag_alpha.webp", 3.0)]);
}

#[test]
fn exif_with_the_letters_of_jpeg_turns_the_photo() {
    assert_same(&[("webp/exif_hdr_6.webp", 3.0)]);
}
