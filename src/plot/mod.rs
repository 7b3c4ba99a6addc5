//! Pictures of a profile ([`Picture`]) and of error rates ([`RatesFigure`]): computed, laid out, drawn with plotters,
//! written as PNG or SVG.

mod annotate;
mod axes;
mod brush;
mod chart;
mod contour;
mod crops;
mod draw;
mod file;
mod frame;
mod geometry;
mod layout;
mod legend;
mod marker;
mod measures;
mod names;
mod paint;
mod picture;
mod plane;
mod rates;
mod scene;
mod sheet;
mod size;
mod surface;
mod text;
mod thumbs;
mod years;

pub use annotate::{Annotation, AnnotationLayout, Boxed, Mark, annotated};
pub use axes::Tick;
pub use chart::{Chart, ChartLayout, Series};
pub use draw::{Draw, Placed};
pub use file::{Format, check_writable, draw, encode, jpeg};
pub use frame::Frame;
pub use geometry::{Anchor, Rect, Role, Text};
pub use layout::Layout;
pub use legend::{Key, Symbol};
pub use measures::{calibration_chart, zoo_chart};
pub use picture::{Group, Label, Picture, Spot};
pub use plane::{Border, Ellipse, Plane, View};
pub use rates::{Curve, Histogram, RatesFigure};
pub use scene::{Kind, Overlay, Scene, Shown, ShownGroup};
pub use sheet::{Sheet, SheetLayout};
pub use size::Size;
pub use surface::Surface;
pub use text::{Fonts, Weight};
pub use thumbs::{Point, Thumb};
pub use years::{YearsFigure, YearsLayout};
// Used by the program; not part of the stable API.
#[doc(hidden)]
pub use {
    crops::{crop_side, cut_out, photo_count, portrait, portraits},
    file::jpeg_uri,
    scene::{folder_name, judged},
};

#[cfg(test)]
mod tests;
