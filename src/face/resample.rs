//! Resampling of pixels for the detector and the alignment.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

use crate::error::{Error, Result};

/// A region of an image in pixels, with fractions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// `region` of `image` at the size `width` × `height`; every source pixel is weighted by the area it covers, which
/// avoids aliasing at any scale.
pub(super) fn by_area(
    resizer: &mut Resizer,
    image: &RgbImage,
    region: Region,
    (width, height): (u32, u32),
) -> Result<RgbImage> {
    let failed = |e: &dyn std::fmt::Display| Error::Numeric {
        what: "resizing a photo",
        reason: e.to_string(),
    };
    // Typed images save minutes of compiling code for every other pixel type.
    let source = TypedImageRef::<U8x3>::from_buffer(image.width(), image.height(), image.as_raw())
        .map_err(|e| failed(&e))?;
    let mut resized = RgbImage::new(width, height);
    let mut target =
        TypedImage::<U8x3>::from_buffer(width, height, &mut resized).map_err(|e| failed(&e))?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Box)).crop(
        region.left,
        region.top,
        region.width,
        region.height,
    );
    resizer.resize_typed(&source, &mut target, &options).map_err(|e| failed(&e))?;
    Ok(resized)
}

/// The whole of an image as a region.
pub(super) fn whole(image: &RgbImage) -> Region {
    Region {
        left: 0.0,
        top: 0.0,
        width: f64::from(image.width()),
        height: f64::from(image.height()),
    }
}
