//! Turns the pixels of a whole photo upright, and says how much memory that takes.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

use crate::error::Result;
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// Refuse a photo if its RGB pixels do not fit into memory together with the decoder's `beside` bytes, and
/// then with the same pixels turned.
pub(super) fn check_memory(
    task: &Task,
    (width, height): (u32, u32),
    orientation: Orientation,
    beside: u64,
) -> Result<()> {
    let pixels = 3 * u64::from(width) * u64::from(height);
    let turned = if turns_sides(orientation) { pixels } else { 0 };
    task.check_memory(pixels.saturating_add(turned.max(beside)))
}

/// A photo of which all pixels were decoded.
pub(super) fn whole(task: &Task, pixels: RgbImage, orientation: Orientation) -> Reduced {
    turned(Reduced::not(pixels), orientation).of_any_size(task.wanted)
}

/// A photo turned.
pub(super) fn turned(photo: Reduced, orientation: Orientation) -> Reduced {
    let mut image = DynamicImage::from(photo.pixels);
    image.apply_orientation(orientation);
    let (width, height) = photo.size;
    let size = if turns_sides(orientation) { (height, width) } else { (width, height) };
    Reduced { pixels: image.into_rgb8(), size, ..photo }
}

/// Whether width and height are swapped.
fn turns_sides(orientation: Orientation) -> bool {
    use Orientation::{FlipHorizontal, FlipVertical, NoTransforms, Rotate180};
    !matches!(orientation, NoTransforms | Rotate180 | FlipHorizontal | FlipVertical)
}
