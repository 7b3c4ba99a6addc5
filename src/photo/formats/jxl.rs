//! JPEG XL: its first frame, turned upright as it says.

use image::DynamicImage;
use jxl_oxide::{
    AllocTracker, EnumColourEncoding, JxlImage, JxlThreadPool, Render, RenderingIntent,
};

use super::rgb::to_rgb;
use crate::error::{Error, Result};
use crate::photo::reduced::Reduced;
use crate::photo::task::Task;

/// What goes wrong in the decoder, in its words.
type Wrong = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn decode(task: &Task) -> Result<Reduced> {
    let explain = |error| explain(task, &error);
    let memory = usize::try_from(task.limits.memory).unwrap_or(usize::MAX);
    // Photos are decoded side by side, each on one thread.
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
    let render = if whole { image.render_frame(0) } else { image.render_loading_frame() };
    let pixels = pixels(task, render.map_err(explain)?)?;
    let reduced = Reduced::not(to_rgb(pixels)).of_any_size(task.wanted);
    Ok(Reduced { truncated: !whole, ..reduced })
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
        if error.to_string().contains("out of memory") {
            return task.too_much_memory();
        }
        cause = error.source();
    }
    task.damaged(error)
}
