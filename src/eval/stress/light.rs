//! Simulates the effects of light, lenses and files: blur, noise, compression, darkness, glare, haze.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage, imageops};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::error::{Error, Result};

/// The image blurred by a Gaussian of `sigma` pixels.
pub(super) fn blurred(image: &RgbImage, sigma: f32) -> RgbImage {
    imageops::blur(image, sigma.max(0.1))
}

/// The image with every value of every pixel changed.
pub(super) fn each(image: &RgbImage, mut change: impl FnMut(f32) -> f32) -> RgbImage {
    let mut changed = image.clone();
    changed.iter_mut().for_each(|value| *value = change(f32::from(*value)).round() as u8);
    changed
}

/// The image with Gaussian noise of `sigma` of 255 in every value.
pub(super) fn noisy(image: &RgbImage, sigma: f32, random: &mut Xoshiro256PlusPlus) -> RgbImage {
    each(image, |value| {
        let noise: f32 = StandardNormal.sample(random);
        value + sigma * noise
    })
}

/// The image underexposed to the share `light`, with the noise of a sensor in low light.
pub(super) fn dark(image: &RgbImage, light: f32, random: &mut Xoshiro256PlusPlus) -> RgbImage {
    noisy(&each(image, |value| value * light), 3.0, random)
}

/// The image overexposed `times`; values above white are cut off.
pub(super) fn bright(image: &RgbImage, times: f32) -> RgbImage {
    each(image, |value| value * times)
}

/// The image with the share `contrast` of its contrast.
pub(super) fn faint(image: &RgbImage, contrast: f32) -> RgbImage {
    each(image, |value| 128.0 + contrast * (value - 128.0))
}

/// The image in greyscale.
pub(super) fn grey(image: &RgbImage) -> RgbImage {
    let grey = imageops::grayscale(image);
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        image::Rgb([grey.get_pixel(x, y)[0]; 3])
    })
}

/// The image compressed as a JPEG of `quality`, 1 to 100.
///
/// # Errors
/// None that pixels can cause.
pub(super) fn compressed(image: &RgbImage, quality: u8) -> Result<RgbImage> {
    let failed = |e: image::ImageError| Error::Numeric {
        what: "compressing a photo",
        reason: e.to_string(),
    };
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image).map_err(failed)?;
    let decoded = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).map_err(failed)?;
    Ok(decoded.into_rgb8())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn ramp() -> RgbImage {
        RgbImage::from_fn(64, 64, |x, y| {
            image::Rgb([(4 * x) as u8, (4 * y) as u8, if x < 32 { 40 } else { 200 }])
        })
    }

    fn mean(image: &RgbImage) -> f32 {
        image.iter().map(|v| f32::from(*v)).sum::<f32>() / image.len() as f32
    }

    /// The mean difference of pixel values.
    fn change(a: &RgbImage, b: &RgbImage) -> f32 {
        a.iter().zip(b.iter()).map(|(a, b)| f32::from(a.abs_diff(*b))).sum::<f32>() / a.len() as f32
    }

    #[test]
    fn the_stronger_the_further_from_the_photo() {
        let image = ramp();
        let random = || Xoshiro256PlusPlus::seed_from_u64(1);
        let pairs = [
            (blurred(&image, 1.0), blurred(&image, 6.0)),
            (noisy(&image, 10.0, &mut random()), noisy(&image, 60.0, &mut random())),
            (dark(&image, 0.5, &mut random()), dark(&image, 0.1, &mut random())),
            (bright(&image, 1.5), bright(&image, 4.0)),
            (faint(&image, 0.6), faint(&image, 0.1)),
            (compressed(&image, 90).unwrap(), compressed(&image, 5).unwrap()),
        ];
        for (i, (weak, strong)) in pairs.iter().enumerate() {
            let (weak, strong) = (change(&image, weak), change(&image, strong));
            assert!(0.0 < weak && 1.5 * weak < strong, "{i}: {weak} {strong}");
        }
    }

    #[test]
    fn light_goes_where_it_says() {
        let image = ramp();
        let random = &mut Xoshiro256PlusPlus::seed_from_u64(1);
        assert!((mean(&dark(&image, 0.25, random)) - 0.25 * mean(&image)).abs() < 3.0);
        assert_eq!(bright(&image, 3.0).get_pixel(63, 63).0, [255; 3]);
        assert!(faint(&image, 0.1).iter().all(|v| v.abs_diff(128) <= 13));
        assert!(grey(&image).pixels().all(|p| p[0] == p[1] && p[1] == p[2]));
        let same = |seed| noisy(&image, 9.0, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
        assert_eq!(same(7), same(7));
        assert_ne!(same(7), same(8));
    }
}
