//! Decoded pixels of any kind as RGB.

use image::{DynamicImage, RgbImage};

/// RGB with 8 bits; what is transparent becomes white, as on a page.
pub(super) fn to_rgb(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let rgba = image.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(rgb.pixels_mut()) {
        let alpha = u32::from(from[3]);
        for channel in 0..3 {
            let mixed = u32::from(from[channel]) * alpha + 255 * (255 - alpha);
            to[channel] = (mixed / 255) as u8;
        }
    }
    rgb
}
