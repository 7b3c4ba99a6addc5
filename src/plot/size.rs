//! The size of a picture.

use std::str::FromStr;

/// The size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

impl Size {
    /// The smallest size with readable text.
    pub const LEAST: Self = Self { width: 400, height: 300 };
    /// The longest side.
    pub const LONGEST: u32 = 8000;
}

impl Default for Size {
    /// 1600 × 1200: sharp in print over a column, and readable on a phone.
    fn default() -> Self {
        Self { width: 1600, height: 1200 }
    }
}

impl FromStr for Size {
    type Err = String;

    /// Reads "1600x1200".
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let Self { width: least_width, height: least_height } = Self::LEAST;
        let longest = Self::LONGEST;
        let numbers = text.split_once(['x', 'X', '×']);
        let size = numbers.and_then(|(width, height)| {
            Some(Self { width: width.trim().parse().ok()?, height: height.trim().parse().ok()? })
        });
        match size {
            Some(Self { width, height })
                if (least_width..=longest).contains(&width)
                    && (least_height..=longest).contains(&height) =>
            {
                Ok(Self { width, height })
            }
            _ => Err(format!(
                "give width x height in pixels, from {least_width}x{least_height} to \
                 {longest}x{longest}, for example 1600x1200"
            )),
        }
    }
}
