//! Alignment, from landmarks to the crop that the embedder takes: a similarity transform (rotation, scale,
//! translation; no shear) by weighted least squares, and sampling without aliasing.

use fast_image_resize::Resizer;
use image::RgbImage;
use image::imageops::flip_horizontal_in_place;
use serde::{Deserialize, Serialize};

use super::resample::{Region, by_area};
use super::{Face, Point};
use crate::error::{Error, Result};

/// Where the five landmarks belong in the crop, and the weight of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CropTemplate {
    /// The side of the square crop in pixels.
    pub size: u32,
    /// The places of the five landmarks in the crop, in the order of [`Face::landmarks`].
    pub landmarks: [Point; 5],
    /// The weight of each landmark in the fit.
    pub weights: [f32; 5],
}

impl CropTemplate {
    /// The distance between the eyes in the crop, in pixels: a face with less is enlarged.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        let [left, right, ..] = self.landmarks;
        (right.x - left.x).hypot(right.y - left.y)
    }
}

/// One view of a face. A mirrored and slightly wider second view makes some embeddings more stable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The size of the face in the crop, relative to the template.
    pub scale: f64,
    /// Whether it is mirrored.
    pub mirrored: bool,
}

/// A similarity transform: (x, y) → (a·x − b·y + tx, b·x + a·y + ty).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    /// Scale times the cosine of the rotation.
    pub a: f64,
    /// Scale times the sine of the rotation.
    pub b: f64,
    /// The shift along x.
    pub tx: f64,
    /// The shift along y.
    pub ty: f64,
}

impl Similarity {
    /// The transform that takes `from` to `to` with the least weighted sum of squared distances.
    ///
    /// Closed form of the two-dimensional case of Umeyama, "Least-squares estimation of
    /// transformation parameters between two point patterns", IEEE PAMI 13(4), 1991, without
    /// reflection. `None` if the points coincide or are not finite.
    #[must_use]
    pub fn fit(from: &[Point; 5], to: &[Point; 5], weights: &[f32; 5]) -> Option<Self> {
        let total: f64 = weights.iter().map(|&w| f64::from(w)).sum();
        let mean = |points: &[Point; 5], pick: fn(&Point) -> f32| {
            let sum = |(p, &w): (&Point, &f32)| f64::from(pick(p)) * f64::from(w);
            points.iter().zip(weights).map(sum).sum::<f64>() / total
        };
        let (fx, fy) = (mean(from, |p| p.x), mean(from, |p| p.y));
        let (gx, gy) = (mean(to, |p| p.x), mean(to, |p| p.y));
        let (mut along, mut across, mut spread) = (0.0, 0.0, 0.0);
        for ((p, q), &weight) in from.iter().zip(to).zip(weights) {
            let (px, py) = (f64::from(p.x) - fx, f64::from(p.y) - fy);
            let (qx, qy) = (f64::from(q.x) - gx, f64::from(q.y) - gy);
            let weight = f64::from(weight);
            along += weight * (px * qx + py * qy);
            across += weight * (px * qy - py * qx);
            spread += weight * (px * px + py * py);
        }
        let (a, b) = (along / spread, across / spread);
        let fitted = Self { a, b, tx: gx - a * fx + b * fy, ty: gy - b * fx - a * fy };
        (fitted.scale().is_normal() && fitted.tx.is_finite() && fitted.ty.is_finite())
            .then_some(fitted)
    }

    /// The scale factor.
    #[must_use]
    pub fn scale(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// This transform followed by scaling by `factor` around the point (`middle`, `middle`).
    #[must_use]
    pub fn scaled_around(&self, middle: f64, factor: f64) -> Self {
        let shift = |t: f64| factor * t + (1.0 - factor) * middle;
        Self { a: factor * self.a, b: factor * self.b, tx: shift(self.tx), ty: shift(self.ty) }
    }

    /// The image of a point.
    #[must_use]
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (self.a * x - self.b * y + self.tx, self.b * x + self.a * y + self.ty)
    }

    /// The inverse transform.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let square = self.a * self.a + self.b * self.b;
        let (a, b) = (self.a / square, -self.b / square);
        Self { a, b, tx: -(a * self.tx - b * self.ty), ty: -(b * self.tx + a * self.ty) }
    }
}

/// The crop of `face` that `template` and `view` describe: `size` × `size` RGB pixels, black outside the
/// photo.
///
/// # Errors
/// [`Error::Numeric`] if the landmarks coincide or are not finite.
pub fn crop(
    image: &RgbImage,
    face: &Face,
    template: &CropTemplate,
    view: View,
) -> Result<RgbImage> {
    let mut seen = upright(image, face, template, view.scale)?;
    if view.mirrored {
        flip_horizontal_in_place(&mut seen);
    }
    Ok(seen)
}

/// The crop before it is mirrored.
fn upright(image: &RgbImage, face: &Face, template: &CropTemplate, scale: f64) -> Result<RgbImage> {
    let to_crop = Similarity::fit(&face.landmarks, &template.landmarks, &template.weights)
        .map(|fitted| fitted.scaled_around((f64::from(template.size) - 1.0) / 2.0, scale))
        .filter(|t| (1e-4..1e4).contains(&t.scale()))
        .ok_or_else(|| Error::Numeric {
            what: "aligning a face",
            reason: "its landmarks coincide".into(),
        })?;
    let to_photo = to_crop.inverse();
    // Bilinear sampling uses every pixel only up to a step of two, so larger faces are shrunk first.
    let step = to_photo.scale();
    if step <= 2.0 {
        return Ok(sample(image, &to_photo, (template.size, template.size)));
    }
    let Some(region) = covered(image, &to_photo, template.size) else {
        return Ok(RgbImage::new(template.size, template.size));
    };
    let shrink = 2.0 / step;
    let width = (region.width * shrink).round().max(1.0);
    let height = (region.height * shrink).round().max(1.0);
    let small = by_area(&mut Resizer::new(), image, region, (width as u32, height as u32))?;
    let (fx, fy) = (width / region.width, height / region.height);
    // fx and fy differ by rounding alone; their mean keeps the transform a similarity.
    let factor = (fx + fy) / 2.0;
    let to_small = Similarity {
        a: to_photo.a * factor,
        b: to_photo.b * factor,
        tx: (to_photo.tx - region.left + 0.5) * fx - 0.5,
        ty: (to_photo.ty - region.top + 0.5) * fy - 0.5,
    };
    Ok(sample(&small, &to_small, (template.size, template.size)))
}

/// The part of the photo under the crop, with a margin; `None` if the crop is entirely outside.
fn covered(image: &RgbImage, to_photo: &Similarity, size: u32) -> Option<Region> {
    let far = f64::from(size);
    let corners = [(0.0, 0.0), (far, 0.0), (0.0, far), (far, far)];
    let corners = corners.map(|(x, y)| to_photo.apply(x, y));
    let margin = 2.0 * to_photo.scale();
    let range = |values: [f64; 4], end: u32| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min) - margin;
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) + margin;
        let (low, high) = (low.floor().max(0.0), high.ceil().min(f64::from(end)));
        (high - low >= 1.0).then_some((low, high - low))
    };
    let (left, width) = range(corners.map(|c| c.0), image.width())?;
    let (top, height) = range(corners.map(|c| c.1), image.height())?;
    Some(Region { left, top, width, height })
}

/// A picture of `size` (width, height), sampled bilinearly from `image` at the places that `to_image` gives; black
/// outside the image.
pub(crate) fn sample(image: &RgbImage, to_image: &Similarity, size: (u32, u32)) -> RgbImage {
    let mut crop = RgbImage::new(size.0, size.1);
    for (x, y, out) in crop.enumerate_pixels_mut() {
        let (sx, sy) = to_image.apply(f64::from(x), f64::from(y));
        let (left, top) = (whole_part(sx), whole_part(sy));
        let (wx, wy) = ((sx - f64::from(left)) as f32, (sy - f64::from(top)) as f32);
        let (upper, lower) = (pair(image, left, top), pair(image, left, top.wrapping_add(1)));
        for channel in 0..3 {
            let row = |p: [[f32; 3]; 2]| p[0][channel] + wx * (p[1][channel] - p[0][channel]);
            // Round by adding 0.5, because a call of `round` takes longer than all the rest.
            out[channel] = (row(upper) + wy * (row(lower) - row(upper)) + 0.5) as u8;
        }
    }
    crop
}

/// The whole number below `value`, or a negative whole number's predecessor, which gives the same sample with
/// weight 1. (A call of `floor` is slow.)
fn whole_part(value: f64) -> i32 {
    (value as i32).saturating_sub(i32::from(value < 0.0))
}

/// The pixel in this column and row and the one to its right; black outside the image.
fn pair(image: &RgbImage, column: i32, row: i32) -> [[f32; 3]; 2] {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let rgb = |p: &[u8]| [f32::from(p[0]), f32::from(p[1]), f32::from(p[2])];
    // A negative number becomes a huge one, which is outside too.
    let (row, columns) = (row as usize, [column as usize, column.wrapping_add(1) as usize]);
    if row >= height {
        return [[0.0; 3]; 2];
    }
    let row = &image.as_raw()[3 * row * width..3 * (row + 1) * width];
    if columns[1] < width && columns[0] < width {
        let both = &row[3 * columns[0]..3 * columns[0] + 6];
        return [rgb(&both[..3]), rgb(&both[3..])];
    }
    columns.map(|at| if at < width { rgb(&row[3 * at..]) } else { [0.0; 3] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    fn template() -> CropTemplate {
        CropTemplate {
            size: 150,
            landmarks: face_at(75.0, 50.0, 53.0).landmarks,
            weights: [1.0, 1.0, 1.0, 0.5, 0.5],
        }
    }

    const PLAIN: View = View { scale: 1.0, mirrored: false };

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([(255 * x / width) as u8, (255 * y / height) as u8, 128])
        })
    }

    #[test]
    fn a_fit_recovers_a_known_transform() {
        let known = Similarity { a: 0.6, b: -0.3, tx: 12.0, ty: -7.0 };
        let from = face_at(40.0, 60.0, 33.0).landmarks;
        let to = from.map(|p| {
            let (x, y) = known.apply(f64::from(p.x), f64::from(p.y));
            Point { x: x as f32, y: y as f32 }
        });
        let found = Similarity::fit(&from, &to, &[1.0, 0.5, 2.0, 1.0, 1.0]).unwrap();
        for (found, known) in
            [(found.a, known.a), (found.b, known.b), (found.tx, known.tx), (found.ty, known.ty)]
        {
            assert!((found - known).abs() < 1e-5, "{found} {known}");
        }
        let (x, y) = found.inverse().apply(found.apply(3.0, 4.0).0, found.apply(3.0, 4.0).1);
        assert!((x - 3.0).abs() < 1e-9 && (y - 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_face_in_place_is_cropped_unchanged() {
        let image = gradient(150, 150);
        let cropped = crop(&image, &face_at(75.0, 50.0, 53.0), &template(), PLAIN).unwrap();
        let worst = image.iter().zip(cropped.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 1, "{worst}");
    }

    #[test]
    fn a_view_is_smaller_around_the_middle_and_mirrored() {
        let image = gradient(150, 150);
        let wider = View { scale: 0.5, mirrored: true };
        let cropped = crop(&image, &face_at(75.0, 50.0, 53.0), &template(), wider).unwrap();
        // 20 pixels left of the middle is, mirrored, 20 right of it: 40 in the photo.
        let (found, expected) = (cropped.get_pixel(54, 74), image.get_pixel(115, 74));
        assert!(found.0.iter().zip(expected.0).all(|(a, b)| a.abs_diff(b) <= 3), "{found:?}");
        assert_eq!(cropped.get_pixel(2, 2).0, [0; 3], "outside the photo");
    }

    #[test]
    fn a_large_face_is_the_same_picture_and_does_not_alias() {
        let large = gradient(1200, 1200);
        let cropped = crop(&large, &face_at(600.0, 400.0, 424.0), &template(), PLAIN).unwrap();
        let (x, y) = (40, 70);
        let expected = [(255.0 * f64::from(x) / 150.0), (255.0 * f64::from(y) / 150.0)];
        let found = cropped.get_pixel(x, y);
        assert!((f64::from(found[0]) - expected[0]).abs() < 2.5, "{found:?} {expected:?}");
        assert!((f64::from(found[1]) - expected[1]).abs() < 2.5, "{found:?} {expected:?}");

        // A checkerboard of single pixels must come out grey, not as a moiré.
        let board =
            RgbImage::from_fn(1200, 1200, |x, y| image::Rgb([((x + y) % 2 * 255) as u8; 3]));
        let cropped = crop(&board, &face_at(600.0, 400.0, 424.0), &template(), PLAIN).unwrap();
        // The outermost pixels take part of their light from outside the photo, which is black.
        let inside = cropped
            .enumerate_pixels()
            .filter(|(x, y, _)| (1..149).contains(x) && (1..149).contains(y));
        for (x, y, pixel) in inside {
            assert!(pixel.0.iter().all(|v| v.abs_diff(128) < 12), "{pixel:?} at {x}, {y}");
        }
    }

    #[test]
    fn outside_the_photo_is_black_and_nonsense_is_an_error() {
        let image = gradient(150, 150);
        for away in [-500.0, 500.0, 2_147_483_647.0, -1e30, 1e30] {
            let place = Similarity { a: 1.0, b: 0.0, tx: away, ty: away };
            assert!(sample(&image, &place, (150, 150)).iter().all(|&v| v == 0), "{away}");
        }
        let cropped = crop(&image, &face_at(-500.0, -500.0, 53.0), &template(), PLAIN).unwrap();
        assert!(cropped.iter().all(|&v| v == 0));
        let mut flat = face_at(10.0, 10.0, 5.0);
        flat.landmarks = [Point { x: 1.0, y: 1.0 }; 5];
        assert!(crop(&image, &flat, &template(), PLAIN).is_err());
        flat.landmarks[0].x = f32::NAN;
        assert!(crop(&image, &flat, &template(), PLAIN).is_err());
    }

    /// A picture that gets brighter by `slope` a pixel to the right in red, downwards in green, and
    /// darker to the right in blue, with grain, so that rounding is as often up as down.
    fn slopes(side: u32, slope: f64) -> RgbImage {
        RgbImage::from_fn(side, side, |x, y| {
            let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
            let grain = f64::from((mixed >> 20) % 11) - 5.0;
            let at = |place: u32| (slope * f64::from(place) + grain).round() as u8;
            image::Rgb([at(x), at(y), at(side - 1 - x)])
        })
    }

    /// Half a pixel more or less in a crop costs recognition, and no eye sees it.
    #[test]
    fn every_pixel_of_a_crop_comes_from_the_middle_of_its_place() {
        // As it is, enlarged twice, and shrunk before it is sampled, also not by a whole number.
        for (side, size) in [(150, 53.0), (75, 26.5), (400, 141.33), (520, 183.73)] {
            let (times, slope) = (size / 53.0, 240.0 / f64::from(side));
            let at = |v: f32| (v + 0.5) * times - 0.5;
            let face = face_at(at(75.0), at(50.0), size);
            let cropped = crop(&slopes(side, slope), &face, &template(), PLAIN).unwrap();
            let mut off = [0.0; 3];
            for (x, y) in (10..140).flat_map(|x| (10..140).map(move |y| (x, y))) {
                let pixel = cropped.get_pixel(x, y);
                let [x, y] = [x, y].map(|place| f64::from(at(place as f32)));
                for (c, place) in [x, y, f64::from(side - 1) - x].into_iter().enumerate() {
                    off[c] += (f64::from(pixel[c]) - slope * place) / f64::from(130 * 130);
                }
            }
            // A difference that is the same in both directions is rounding; half of the remaining one is the
            // shift, here in pixels of the crop.
            let unit = slope * f64::from(times);
            let (right, down) =
                ((off[0] - off[2]) / 2.0 / unit, (off[1] - (off[0] + off[2]) / 2.0) / unit);
            assert!(right.abs() < 0.06 && down.abs() < 0.06, "{side}: {right} {down}");
        }
    }
}
