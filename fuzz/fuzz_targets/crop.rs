//! Any landmarks and boxes on a small picture: fitted, cropped, measured, enlarged.
#![no_main]

use std::sync::LazyLock;

use arbitrary::Arbitrary;
use image::RgbImage;
use libfuzzer_sys::fuzz_target;
use sameface::face::{Face, Point, Quality, Similarity, View, crop, main_face};
use sameface::pack::{Description, Pack};

static PACK: LazyLock<Description> =
    LazyLock::new(|| Pack::default_pack().expect("the pack is whole").description);

#[derive(Debug, Arbitrary)]
struct Input {
    width: u8,
    height: u8,
    landmarks: [Number; 10],
    bounds: [Number; 4],
    confidence: f32,
    scale: Option<f64>,
    mirrored: bool,
    times: u32,
}

/// Numbers near a picture are tried as often as those of any size, and those that are none.
#[derive(Debug, Clone, Copy, Arbitrary)]
enum Number {
    Near(i16),
    Any(f32),
    Same,
}

impl Number {
    fn value(self) -> f32 {
        match self {
            Self::Near(number) => f32::from(number) / 64.0,
            Self::Any(number) => number,
            Self::Same => 20.0,
        }
    }
}

fuzz_target!(|input: Input| {
    let (width, height) = (u32::from(input.width.max(1)), u32::from(input.height.max(1)));
    let image = RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 200]));
    let values = input.landmarks.map(Number::value);
    let landmarks = std::array::from_fn(|i| Point { x: values[2 * i], y: values[2 * i + 1] });
    let bounds = input.bounds.map(Number::value).into();
    let face = Face { bounds, confidence: input.confidence, landmarks };
    if let Some(fit) = Similarity::fit(&face.landmarks, &PACK.crop.landmarks, &PACK.crop.weights) {
        assert!(fit.scale().is_finite() && fit.scale() > 0.0);
        assert!(!fit.apply(0.0, 0.0).0.is_nan());
    }
    // The plain view, and any other.
    let scale = input.scale.unwrap_or(1.0);
    let plain = View { scale: 1.0, mirrored: false };
    for view in [plain, View { scale, mirrored: input.mirrored }] {
        if let Ok(crop) = crop(&image, &face, &PACK.crop, view) {
            assert_eq!(crop.dimensions(), (PACK.crop.size, PACK.crop.size));
            let quality = Quality::measure(&face, &crop, &PACK.quality);
            assert!(quality.sharpness.is_finite());
        }
    }
    let enlarged = face.enlarged(input.times);
    let _ = main_face(&[face, enlarged], width, height);
});
