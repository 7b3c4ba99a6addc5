//! The photo at the size of one pass, turned; and the conversion back to its own pixels.

use std::borrow::Cow;

use fast_image_resize::Resizer;
use image::imageops::{replace, rotate90, rotate180, rotate270};
use image::{Rgb, RgbImage};

use super::super::resample::{by_area, whole};
use super::super::{Face, Point};
use super::sizes::Version;
use crate::error::Result;

/// The grey of a border, neither light nor dark to a detector.
const GREY: Rgb<u8> = Rgb([128; 3]);

/// How a photo is turned clockwise for the detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Turn {
    pub const ALL: [Self; 4] = [Self::None, Self::Quarter, Self::Half, Self::ThreeQuarters];

    fn of(self, image: &RgbImage) -> Cow<'_, RgbImage> {
        match self {
            Self::None => Cow::Borrowed(image),
            Self::Quarter => Cow::Owned(rotate90(image)),
            Self::Half => Cow::Owned(rotate180(image)),
            Self::ThreeQuarters => Cow::Owned(rotate270(image)),
        }
    }

    /// The place of a point of the turned picture in the unturned picture of this size.
    fn back(self, (width, height): (u32, u32), Point { x, y }: Point) -> Point {
        let (right, bottom) = (width as f32 - 1.0, height as f32 - 1.0);
        match self {
            Self::None => Point { x, y },
            Self::Quarter => Point { x: y, y: bottom - x },
            Self::Half => Point { x: right - x, y: bottom - y },
            Self::ThreeQuarters => Point { x: right - y, y: x },
        }
    }
}

/// The photo at the size of one pass.
pub(super) struct Picture<'a> {
    pixels: Cow<'a, RgbImage>,
    /// How many pixels of the photo one of its pixels is wide and high.
    scale: (f32, f32),
}

impl<'a> Picture<'a> {
    /// A photo at about `area` pixels, enlarged at most `enlarge` times along each side.
    pub fn of(version: &Version<'a>, area: u64, enlarge: f32) -> Result<Self> {
        let Version { pixels, reduction } = *version;
        let (width, height) = pixels.dimensions();
        let own = f64::from(width) * f64::from(height);
        // A reduced photo either has enough pixels, or more of them would take too much memory.
        let most = if reduction == 1 { f64::from(enlarge) } else { 1.0 };
        let factor = (area as f64 / own.max(1.0)).sqrt().min(most);
        let scaled = |side: u32| ((f64::from(side) * factor).round() as u32).max(1);
        let (columns, rows) = (scaled(width), scaled(height));
        let scale = |own: u32, small: u32| own as f32 * reduction as f32 / small as f32;
        let scale = (scale(width, columns), scale(height, rows));
        let pixels = if own == 0.0 || (columns, rows) == (width, height) {
            Cow::Borrowed(pixels)
        } else {
            Cow::Owned(by_area(&mut Resizer::new(), pixels, whole(pixels), (columns, rows))?)
        };
        Ok(Self { pixels, scale })
    }

    /// How many pixels it has.
    pub fn area(&self) -> u64 {
        u64::from(self.pixels.width()) * u64::from(self.pixels.height())
    }

    /// How many pixels of the photo one of its pixels is long: the mean of both scales.
    pub fn scale(&self) -> f32 {
        (self.scale.0 + self.scale.1) / 2.0
    }

    /// The picture turned, with a grey border around it whose width is relative to the shorter side.
    pub fn canvas(&self, turn: Turn, border: f32) -> Canvas<'_> {
        let turned = turn.of(&self.pixels);
        let (width, height) = turned.dimensions();
        let border = (border * width.min(height) as f32).round() as u32;
        let pixels = if border == 0 {
            turned
        } else {
            let mut bordered = RgbImage::from_pixel(width + 2 * border, height + 2 * border, GREY);
            replace(&mut bordered, &*turned, i64::from(border), i64::from(border));
            Cow::Owned(bordered)
        };
        Canvas { pixels, border, turn, size: self.pixels.dimensions(), scale: self.scale }
    }
}

/// A picture as the detector gets it.
pub(super) struct Canvas<'a> {
    pub pixels: Cow<'a, RgbImage>,
    border: u32,
    turn: Turn,
    /// Width and height of the picture before it was turned.
    size: (u32, u32),
    scale: (f32, f32),
}

impl Canvas<'_> {
    /// A face of the canvas in pixels of the photo.
    pub fn in_photo(&self, face: &Face) -> Face {
        let border = self.border as f32;
        face.moved(|Point { x, y }| {
            let inside = Point { x: x - border, y: y - border };
            let Point { x, y } = self.turn.back(self.size, inside);
            Point { x: x * self.scale.0, y: y * self.scale.1 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    fn gradient(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 7]))
    }

    #[test]
    fn a_look_is_bounded_by_its_pixels_whatever_the_photos_shape() {
        for (width, height) in [(400, 300), (2000, 60), (60, 2000), (15_000, 30)] {
            let photo = RgbImage::new(width, height);
            let version = Version { pixels: &photo, reduction: 1 };
            let picture = Picture::of(&version, 30_000, 1.0).unwrap();
            let area = picture.area() as f64;
            assert!((29_000.0..=31_000.0).contains(&area), "{width}×{height}: {area}");
        }
    }

    #[test]
    fn small_photos_are_enlarged_as_far_as_is_allowed_and_reduced_ones_never() {
        let photo = gradient(40, 30);
        let area = |reduction, enlarge| {
            let version = Version { pixels: &photo, reduction };
            Picture::of(&version, 100_000, enlarge).unwrap().area()
        };
        assert_eq!([area(1, 1.0), area(1, 2.0), area(4, 2.0)], [1200, 4800, 1200]);
    }

    #[test]
    fn every_pixel_of_a_canvas_leads_back_to_the_photo() {
        let photo = gradient(40, 30);
        let picture = Picture::of(&Version { pixels: &photo, reduction: 1 }, 1200, 1.0).unwrap();
        for turn in Turn::ALL {
            let canvas = picture.canvas(turn, 0.1);
            assert_eq!(canvas.pixels[(2, 2)], GREY);
            for (x, y, pixel) in canvas.pixels.enumerate_pixels().filter(|(.., p)| **p != GREY) {
                let face = canvas.in_photo(&face_at(x as f32, y as f32, 0.0));
                let at = face.landmarks[0];
                assert_eq!([at.x as u8, at.y as u8], [pixel[0], pixel[1]], "{turn:?} {x} {y}");
            }
        }
    }

    #[test]
    fn a_reduced_photo_leads_to_pixels_of_the_photo_itself() {
        let photo = gradient(200, 100);
        let picture = Picture::of(&Version { pixels: &photo, reduction: 8 }, 5000, 1.0).unwrap();
        let face = picture.canvas(Turn::None, 0.0).in_photo(&face_at(50.0, 20.0, 10.0));
        // A quarter of the pixels is half of each side: a pixel stands for 16.
        assert_eq!((picture.scale(), face.eye_distance()), (16.0, 160.0));
        assert_eq!(face.landmarks[0], Point { x: 45.0 * 16.0, y: 20.0 * 16.0 });
    }
}
