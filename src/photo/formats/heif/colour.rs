//! Brightness and colours of a HEIF picture as RGB, a few rows at a time.

use image::{DynamicImage, RgbImage, RgbaImage};
use oxideav_h265::hvcc::parse_hvcc;
use oxideav_h265::sps::SeqParameterSet;
use oxideav_heif::api::{ColorInfo, ColorRange, HeifImage, Metadata};
use oxideav_heif::compose::crop;
use oxideav_heif::derived::ImageNode;
use oxideav_heif::{HeifError, HeifFrame};

use crate::photo::formats::rgb::to_rgb;
use crate::photo::reduced::Reduced;
use crate::photo::rows::Rows;

type Result<T> = std::result::Result<T, HeifError>;

/// Rows that are converted at a time: even, so that none shares a colour with the next ones.
const ROWS: u32 = 256;

/// A sequence parameter set's kind among the units of HEVC (ITU-T H.265, table 7-1).
const PARAMETERS: u8 = 33;
/// The matrix of BT.601, which is meant if nothing is said (ISO/IEC 23000-22, 7.3.6.4).
const BT601: u8 = 6;
const UNSPECIFIED: u8 = 2;

/// The colour space of a picture: as its container says; if that says nothing, as its HEVC data says.
pub(super) fn of(node: &ImageNode) -> ColorInfo {
    if let Some(colours) = node.properties.nclx() {
        return ColorInfo::from_colr(colours);
    }
    let coded = node.coded_items();
    if let Some(colours) = coded.first().and_then(|coded| coded.properties.nclx()) {
        return ColorInfo::from_colr(colours);
    }
    let hevc = coded.first().and_then(|coded| coded.properties.hvcc());
    hevc.and_then(|hevc| in_hevc(&hevc.raw)).unwrap_or_default()
}

/// The colour space in the first parameter set of an `hvcC` record. One that says nothing means the limited
/// range (ITU-T H.265, E.3.1).
fn in_hevc(record: &[u8]) -> Option<ColorInfo> {
    let record = parse_hvcc(record).ok()?;
    let set = record.nal_units.iter().find(|unit| unit.header.nal_unit_type == PARAMETERS)?;
    let set = SeqParameterSet::parse(&set.rbsp).ok()?;
    let signal = set.vui_parameters.and_then(|vui| vui.video_signal_type);
    let full = signal.as_ref().is_some_and(|signal| signal.video_full_range_flag);
    let range = if full { ColorRange::Full } else { ColorRange::Limited };
    let matrix = signal.and_then(|signal| signal.colour_description).map(|of| of.matrix_coeffs);
    let matrix = matrix.filter(|matrix| *matrix != UNSPECIFIED).unwrap_or(BT601);
    Some(ColorInfo::new(range, UNSPECIFIED, UNSPECIFIED, matrix))
}

/// A picture as RGB, halved if it is very large and that leaves the pixels that are `wanted`.
pub(super) fn rgb(frame: &HeifFrame, colours: ColorInfo, wanted: u64) -> Result<Reduced> {
    let mut photo = Rows::new((frame.width, frame.height), wanted);
    for top in (0..frame.height).step_by(ROWS as usize) {
        let rows = crop(frame, 0, top, frame.width, ROWS.min(frame.height - top))?;
        photo.push(rows_as_rgb(rows, colours)?);
    }
    photo.finish().ok_or_else(short)
}

fn rows_as_rgb(rows: HeifFrame, colours: ColorInfo) -> Result<RgbImage> {
    let (width, height) = (rows.width, rows.height);
    let clear = rows.format.has_alpha;
    let image = HeifImage::from_frame(rows, colours, Metadata::default());
    if !clear {
        return RgbImage::from_raw(width, height, image.try_to_rgb8()?).ok_or_else(short);
    }
    let rgba = RgbaImage::from_raw(width, height, image.try_to_rgba8()?).ok_or_else(short)?;
    Ok(to_rgb(DynamicImage::ImageRgba8(rgba)))
}

fn short() -> HeifError {
    HeifError::invalid("it does not have as many pixels as it says")
}
