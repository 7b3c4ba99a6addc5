//! The place of a face: in pixels of the upright photo here, in fractions of the stored one in XMP.

use image::metadata::Orientation;

use crate::face::{FaceBox, Overlap, overlap};

/// How far the ratio of two sides may be off and still be that of the same picture: previews of RAW files lack
/// a few rows.
const SAME_RATIO: f64 = 0.03;
/// Of a face that is in a region, or of the region if that is smaller, at least this share is in both.
const INSIDE: f32 = 0.5;
/// A region that is so many times as large as a face shows a person or a group, and not that face.
const LARGEST: f32 = 16.0;

/// A rectangle in shares of a picture's width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The left edge.
    pub left: f64,
    /// The top edge.
    pub top: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

/// A photo's size, and how it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Pixels of the upright photo from left to right.
    pub width: u32,
    /// Pixels of the upright photo from top to bottom.
    pub height: u32,
    /// How the stored pixels are turned to stand upright.
    pub turn: Orientation,
}

impl Area {
    fn corners(self) -> [f32; 4] {
        [self.left, self.top, self.left + self.width, self.top + self.height]
            .map(|edge| edge as f32)
    }

    /// The share of this area and another, 0 to 1, that both have.
    #[must_use]
    pub fn overlap(self, other: Self) -> f32 {
        overlap(self.corners(), other.corners(), Overlap::Union, 0.0)
    }

    /// Whether both show the same face: other programs draw boxes wider, or closer.
    #[must_use]
    pub fn shows(self, other: Self) -> bool {
        let sizes = [self, other].map(|area| (area.width * area.height) as f32);
        let times = sizes[0].max(sizes[1]) / sizes[0].min(sizes[1]);
        overlap(self.corners(), other.corners(), Overlap::Smaller, 0.0) >= INSIDE
            && times <= LARGEST
    }

    /// The area with its corners moved, and cut to the picture.
    fn moved(self, to: impl Fn(f64, f64) -> (f64, f64)) -> Self {
        let one = to(self.left, self.top);
        let other = to(self.left + self.width, self.top + self.height);
        let edges = |a: f64, b: f64| (a.min(b).clamp(0.0, 1.0), a.max(b).clamp(0.0, 1.0));
        let ((left, right), (top, bottom)) = (edges(one.0, other.0), edges(one.1, other.1));
        Self { left, top, width: right - left, height: bottom - top }
    }

    /// As it lies after the picture was turned.
    fn turned(self, turn: Orientation) -> Self {
        self.moved(|x, y| match turn {
            Orientation::NoTransforms => (x, y),
            Orientation::FlipHorizontal => (1.0 - x, y),
            Orientation::Rotate180 => (1.0 - x, 1.0 - y),
            Orientation::FlipVertical => (x, 1.0 - y),
            Orientation::Rotate90FlipH => (y, x),
            Orientation::Rotate90 => (1.0 - y, x),
            Orientation::Rotate270FlipH => (1.0 - y, 1.0 - x),
            Orientation::Rotate270 => (y, 1.0 - x),
        })
    }
}

/// If width and height change places.
fn turns_sides(turn: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(turn, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH)
}

/// The orientation that undoes `turn`.
fn inverse(turn: Orientation) -> Orientation {
    match turn {
        Orientation::Rotate90 => Orientation::Rotate270,
        Orientation::Rotate270 => Orientation::Rotate90,
        other => other,
    }
}

impl Frame {
    /// The width and height of the stored picture.
    #[must_use]
    pub fn stored(&self) -> (u32, u32) {
        if turns_sides(self.turn) { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// The frame in which regions for a picture of this size are: that of the stored photo, as the standard
    /// wants, or that of the upright one, which some programs take and their size tells. `None` if it is the
    /// size of another picture.
    #[must_use]
    pub fn meant_by(&self, size: Option<(f64, f64)>) -> Option<Self> {
        let Some((width, height)) = size else { return Some(*self) };
        let has = |(w, h): (u32, u32)| {
            let ratio = (width * f64::from(h)) / (height * f64::from(w));
            (ratio - 1.0).abs() <= SAME_RATIO
        };
        if has(self.stored()) {
            return Some(*self);
        }
        has((self.width, self.height)).then_some(Self { turn: Orientation::NoTransforms, ..*self })
    }

    /// Where a box of the upright photo is in the stored one. The middle of the first pixel is half a pixel
    /// from the edge.
    #[must_use]
    pub fn stored_area(&self, bounds: FaceBox) -> Area {
        let (width, height) = (f64::from(self.width.max(1)), f64::from(self.height.max(1)));
        let area = Area {
            left: (f64::from(bounds.x) + 0.5) / width,
            top: (f64::from(bounds.y) + 0.5) / height,
            width: f64::from(bounds.width) / width,
            height: f64::from(bounds.height) / height,
        };
        area.turned(inverse(self.turn))
    }

    /// Where an area of the stored photo is in the upright one, in shares of it.
    #[must_use]
    pub fn upright(&self, area: Area) -> Area {
        area.turned(self.turn)
    }
}

/// Which face each region shows, of those in the same frame: each pair that overlaps most, so that neighbours
/// in a group are not mixed up.
pub(super) fn pairs(regions: &[Area], faces: &[Area]) -> Vec<Option<usize>> {
    let mut all: Vec<(f32, usize, usize)> = Vec::new();
    for (r, region) in regions.iter().enumerate() {
        let shown = faces.iter().enumerate().filter(|(_, face)| region.shows(**face));
        all.extend(shown.map(|(f, face)| (region.overlap(*face), r, f)));
    }
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut found = vec![None; regions.len()];
    for (_, region, face) in all {
        if found[region].is_none() && !found.contains(&Some(face)) {
            found[region] = Some(face);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, RgbImage};

    use super::*;

    /// A box that is painted into a stored picture is found in the upright one where `upright` says, for all
    /// eight ways, and goes back to where it was.
    #[test]
    fn areas_turn_as_pictures_do() {
        for number in 1..=8 {
            let turn = Orientation::from_exif(number).unwrap();
            let mut stored = RgbImage::new(40, 20);
            for (x, y, pixel) in stored.enumerate_pixels_mut() {
                if (4..14).contains(&x) && (2..6).contains(&y) {
                    *pixel = Rgb([255; 3]);
                }
            }
            let mut image = DynamicImage::from(stored);
            image.apply_orientation(turn);
            let image = image.into_rgb8();
            let (width, height) = image.dimensions();
            let frame = Frame { width, height, turn };
            assert_eq!(frame.stored(), (40, 20));
            let lit = image.enumerate_pixels().filter(|(.., pixel)| pixel[0] == 255);
            let lit: Vec<(u32, u32)> = lit.map(|(x, y, _)| (x, y)).collect();
            let (x0, x1) = lit.iter().map(|p| p.0).fold((99, 0), |(a, b), x| (a.min(x), b.max(x)));
            let (y0, y1) = lit.iter().map(|p| p.1).fold((99, 0), |(a, b), y| (a.min(y), b.max(y)));
            let bounds = FaceBox {
                x: x0 as f32 - 0.5,
                y: y0 as f32 - 0.5,
                width: (x1 - x0 + 1) as f32,
                height: (y1 - y0 + 1) as f32,
            };
            let area = frame.stored_area(bounds);
            let wanted = Area { left: 0.1, top: 0.1, width: 0.25, height: 0.2 };
            assert!(area.overlap(wanted) > 0.9999, "{number}: {area:?}");
            let upright = Frame { turn: Orientation::NoTransforms, ..frame }.stored_area(bounds);
            assert!(frame.upright(area).overlap(upright) > 0.9999, "{number}");
        }
    }

    #[test]
    fn the_size_tells_which_picture_regions_are_for() {
        let turn = Orientation::Rotate90;
        let frame = Frame { width: 3000, height: 4000, turn };
        assert_eq!(frame.meant_by(None), Some(frame));
        assert_eq!(frame.meant_by(Some((4000.0, 3000.0))), Some(frame));
        assert_eq!(frame.meant_by(Some((1616.0, 1224.0))), Some(frame), "a few rows less");
        let upright = Frame { turn: Orientation::NoTransforms, ..frame };
        assert_eq!(frame.meant_by(Some((1500.0, 2000.0))), Some(upright));
        assert_eq!(frame.meant_by(Some((3000.0, 3000.0))), None);
        assert_eq!(frame.meant_by(Some((0.0, 0.0))), None);
    }

    #[test]
    fn each_region_gets_the_face_that_fills_it_most() {
        let area = |left: f64, width: f64| Area { left, top: 0.2, width, height: width };
        let faces = [area(0.30, 0.1), area(0.42, 0.1), area(0.8, 0.02)];
        // Two wide boxes, each of which reaches into the other's face; one around a whole group.
        let regions = [area(0.38, 0.18), area(0.24, 0.18), area(0.7, 0.3)];
        assert_eq!(pairs(&regions, &faces), [Some(1), Some(0), None]);
        assert_eq!(pairs(&[area(0.30, 0.1), area(0.31, 0.1)], &faces[..1]), [Some(0), None]);
        assert!(pairs(&regions, &[]).iter().all(Option::is_none));
    }
}
