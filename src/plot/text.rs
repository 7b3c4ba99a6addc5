//! Text in pictures: the font, the width of a text, and fitting it into a space.

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont};

use crate::error::{Error, Result};

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
const SEMI_BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.otf");

/// The font families of an SVG: the font itself, then similar ones.
pub const FAMILIES: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, sans-serif";

/// The width assumed for a character of another font, in em.
const FOREIGN_WIDTH: f64 = 1.3;

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles.
    SemiBold,
}

/// The font in both weights.
pub struct Fonts {
    regular: FontRef<'static>,
    semi_bold: FontRef<'static>,
}

impl Fonts {
    /// The fonts that the executable carries.
    ///
    /// # Errors
    /// [`Error::Numeric`] if the built-in font files are damaged.
    pub fn load() -> Result<Self> {
        let font = |bytes| {
            FontRef::try_from_slice(bytes)
                .map_err(|e| Error::Numeric { what: "the font", reason: e.to_string() })
        };
        Ok(Self { regular: font(REGULAR)?, semi_bold: font(SEMI_BOLD)? })
    }

    /// The font of a weight.
    #[must_use]
    pub fn of(&self, weight: Weight) -> &FontRef<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        }
    }

    /// The width of `text` at `em` pixels. A character that the font lacks counts as wide as an emoji: in a PNG its box
    /// is narrower, in an SVG another font's character is not wider.
    #[must_use]
    pub fn width(&self, text: &str, em: f64, weight: Weight) -> f64 {
        let font = self.of(weight).as_scaled(scale(self.of(weight), em));
        let advance = |c: char| match font.glyph_id(c) {
            GlyphId(0) => FOREIGN_WIDTH * em,
            glyph => f64::from(font.h_advance(glyph)),
        };
        text.chars().map(advance).sum()
    }

    /// `text` and its em, fitted into `width` pixels: the size is reduced down to `smallest`, and then the text is
    /// shortened in the middle.
    #[must_use]
    pub fn fit(
        &self,
        text: &str,
        (em, smallest): (f64, f64),
        weight: Weight,
        width: f64,
    ) -> (String, f64) {
        let needed = self.width(text, em, weight);
        if needed <= width {
            return (text.to_owned(), em);
        }
        let em = (em * width / needed).max(smallest);
        let characters = text.chars().count();
        let fitting = (1..=characters)
            .rev()
            .map(|kept| shortened(text, kept))
            .find(|text| self.width(text, em, weight) <= width);
        (fitting.unwrap_or_default(), em)
    }
}

/// The scale at which an em of `font` is `em` pixels; ab_glyph's own is the height of a line.
#[must_use]
pub fn scale(font: &FontRef<'static>, em: f64) -> PxScale {
    let units = f64::from(font.units_per_em().unwrap_or(1000.0));
    PxScale::from((em * f64::from(font.height_unscaled()) / units) as f32)
}

/// `text` shortened to at most `most` characters, with an ellipsis in its middle if it was longer.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= most {
        return text.to_owned();
    }
    let kept = most.saturating_sub(1);
    let (front, back) = (kept.div_ceil(2), kept / 2);
    let mut short: String = characters[..front].iter().collect();
    short.push('…');
    short.extend(&characters[characters.len() - back..]);
    short
}

/// `text` on one line, with characters replaced that XML does not allow or that change the writing direction.
#[must_use]
pub fn plain(text: &str) -> String {
    let forbidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
    };
    text.trim().chars().map(|c| if forbidden(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_greek_and_cyrillic_are_in_the_font() {
        let fonts = Fonts::load().unwrap();
        for weight in [Weight::Regular, Weight::SemiBold] {
            for c in "Zoë Žižek Łódź Ελένη Αγγελοπούλου Екатерина Їжак …·%≥–’−₁₀⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars()
            {
                assert_ne!(fonts.of(weight).glyph_id(c), GlyphId(0), "{c}");
            }
        }
    }

    #[test]
    fn a_wide_text_is_set_smaller_then_shortened_and_always_fits() {
        let fonts = Fonts::load().unwrap();
        let long = "Екатерина Константинопольская-Северодвинская 山田太郎 👩‍👩‍👧 and so on";
        for width in [5.0, 40.0, 300.0, 600.0, 2000.0] {
            let (text, em) = fonts.fit(long, (30.0, 20.0), Weight::SemiBold, width);
            assert!(fonts.width(&text, em, Weight::SemiBold) <= width);
            assert!((20.0..=30.0).contains(&em));
        }
        assert_eq!(
            fonts.fit("short", (30.0, 20.0), Weight::Regular, 900.0),
            ("short".into(), 30.0)
        );
    }

    #[test]
    fn shortened_keeps_both_ends() {
        assert_eq!(shortened("holiday-2019-042.jpg", 11), "holid…2.jpg");
        assert_eq!(shortened("a.jpg", 11), "a.jpg");
        assert_eq!(shortened("абвгд", 3), "а…д");
    }

    #[test]
    fn control_characters_are_replaced() {
        assert_eq!(plain(" a\u{1}b\nc\u{ffff} "), "a\u{fffd}b\u{fffd}c\u{fffd}");
        assert_eq!(plain("gpj.\u{202e}exe"), "gpj.\u{fffd}exe");
    }
}
