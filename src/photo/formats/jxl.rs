//! JPEG XL: the first frame, turned upright as the file says.

use image::DynamicImage;
use jxl_oxide::{
    AllocTracker, CropInfo, EnumColourEncoding, JxlImage, JxlThreadPool, Render, RenderingIntent,
};

use super::rgb::to_rgb;
use crate::error::{Error, Result};
use crate::photo::reduced::Reduced;
use crate::photo::rows::Rows;
use crate::photo::task::Task;

/// The bytes that a pixel takes while it is decoded; in lossless photos, all pixels take them at once.
const A_PIXEL: u64 = 26;
/// The pixels that are decoded at a time: all of a photo of 24 megapixels would take 600 MB.
const AT_A_TIME: u32 = 4_000_000;
/// The rows of a group, which is decoded as a whole.
const GROUP: u32 = 256;

/// An error of the decoder, in its own words.
type Wrong = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    decode_in_parts(task, AT_A_TIME)
}

/// Decode about this many pixels at a time.
fn decode_in_parts(task: &Task, at_a_time: u32) -> Result<Reduced> {
    let explain = |error| explain(task, &error);
    let memory = usize::try_from(task.limits.memory).unwrap_or(usize::MAX);
    // Photos are decoded in parallel, each on one thread.
    let builder = JxlImage::builder().pool(JxlThreadPool::none());
    let builder = builder.alloc_tracker(AllocTracker::with_limit(memory));
    let mut image = builder.read(task.timed()).map_err(explain)?;
    let (width, height) = (image.width(), image.height());
    task.check_size(width, height)?;
    let intent = RenderingIntent::Relative;
    image.request_color_encoding(if image.image_header().metadata.grayscale() {
        EnumColourEncoding::gray_srgb(intent)
    } else {
        EnumColourEncoding::srgb(intent)
    });
    let whole = image.num_loaded_keyframes() > 0;
    let mut photo = Rows::new((width, height), task.wanted);
    let part = (u64::from(width) * u64::from(height)).min(at_a_time.into());
    if photo.takes().saturating_add(A_PIXEL * part) > task.limits.memory {
        return Err(task.too_much_memory());
    }
    let rows = (at_a_time / width.max(1)).max(1).next_multiple_of(GROUP);
    for top in (0..height).step_by(rows as usize) {
        let rows = rows.min(height - top);
        image.set_image_region(CropInfo { left: 0, top, width, height: rows });
        let render = if whole { image.render_frame(0) } else { image.render_loading_frame() };
        photo.push(to_rgb(pixels(task, render.map_err(explain)?)?));
    }
    let photo = photo
        .finish()
        .ok_or_else(|| task.damaged(&"it does not have as many pixels as it says"))?;
    // The decoder does not say how much of it arrived; the missing parts are coarse.
    Ok(Reduced { missing: (!whole).then_some(0), ..photo })
}

/// Grey or RGB with 8 bits, and what is transparent.
fn pixels(task: &Task, render: Render) -> Result<DynamicImage> {
    let mut stream = render.stream();
    let (width, height, channels) = (stream.width(), stream.height(), stream.channels());
    let values = u64::from(width) * u64::from(height) * u64::from(channels);
    let mut values = vec![0; usize::try_from(values).map_err(|_| task.too_much_memory())?];
    stream.write_to_buffer::<u8>(&mut values);
    drop(stream);
    drop(render);
    let image = match channels {
        1 => image::GrayImage::from_raw(width, height, values).map(DynamicImage::from),
        2 => image::GrayAlphaImage::from_raw(width, height, values).map(DynamicImage::from),
        3 => image::RgbImage::from_raw(width, height, values).map(DynamicImage::from),
        4 => image::RgbaImage::from_raw(width, height, values).map(DynamicImage::from),
        _ => None,
    };
    image.ok_or_else(|| task.unsupported("JPEG XL"))
}

fn explain(task: &Task, error: &Wrong) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&**error);
    while let Some(error) = cause {
        if error.to_string().contains("failed to allocate") {
            return task.too_much_memory();
        }
        cause = error.source();
    }
    task.damaged(error)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::photo::Limits;

    fn parts(bytes: &[u8], at_a_time: u32) -> Result<Reduced> {
        let limits = Limits::default();
        decode_in_parts(&Task::new(Path::new("a.jxl"), bytes, u64::MAX, &limits), at_a_time)
    }

    fn tall() -> Vec<u8> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/photos/heif/tall.jxl");
        std::fs::read(path).unwrap()
    }

    #[test]
    fn parts_come_to_the_same_photo() {
        let whole = parts(&tall(), u32::MAX).unwrap();
        assert_eq!(whole.pixels.dimensions(), (40, 600));
        let in_parts = parts(&tall(), 40 * 256).unwrap();
        let off = whole.pixels.as_raw().iter().zip(in_parts.pixels.as_raw());
        assert!(off.map(|(a, b)| a.abs_diff(*b)).max() <= Some(1));
        assert_eq!(in_parts.missing, None);
    }

    #[test]
    fn a_cut_file_has_what_came() {
        let tall = tall();
        let cut = parts(&tall[..tall.len() * 3 / 4], u32::MAX).unwrap();
        assert_eq!(cut.missing, Some(0));
        assert_eq!(cut.pixels.dimensions(), (40, 600));
        assert!(parts(&tall[..40], u32::MAX).is_err());
    }
}
