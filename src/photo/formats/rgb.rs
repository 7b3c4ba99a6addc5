//! Decoded pixels of any kind as RGB with 8 bits; what is transparent becomes white, as on a page.

use image::{DynamicImage, RgbImage};

/// A whole picture.
pub(super) fn to_rgb(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    row_to_rgb(rgba.as_raw(), 4, &mut rgb);
    rgb
}

/// Pixels one after the other, with 8 bits a channel: grey, grey with alpha, RGB, or RGB with alpha, as
/// `channels` are 1 to 4.
pub(super) fn row_to_rgb(samples: &[u8], channels: usize, rgb: &mut [u8]) {
    for (from, to) in samples.chunks_exact(channels).zip(rgb.chunks_exact_mut(3)) {
        match *from {
            [grey] => to.fill(grey),
            [grey, alpha] => to.fill(over_white(grey, alpha)),
            [r, g, b] => to.copy_from_slice(&[r, g, b]),
            [r, g, b, alpha] => to.copy_from_slice(&[r, g, b].map(|c| over_white(c, alpha))),
            _ => {}
        }
    }
}

/// A colour with alpha, blended onto white.
pub(super) fn over_white(colour: u8, alpha: u8) -> u8 {
    let alpha = u32::from(alpha);
    ((u32::from(colour) * alpha + 255 * (255 - alpha)) / 255) as u8
}

/// A 16-bit value rounded to 8 bits.
pub(super) fn in_eight_bits(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}
