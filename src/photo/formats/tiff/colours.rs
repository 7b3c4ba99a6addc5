//! Samples of 8 bits as RGB: grey, palettes, inks, brightness with colours, and Lab.

use super::page::Page;
use crate::photo::formats::rgb::over_white;

/// How the pixels of a page become RGB.
pub(super) struct Colours {
    model: Model,
    samples: usize,
    alpha: Option<Alpha>,
}

/// The sample with a pixel's opacity, and whether the colours are already multiplied by it.
struct Alpha {
    at: usize,
    lessened: bool,
}

enum Model {
    Grey,
    GreyOfInk,
    Rgb,
    Palette(Vec<[u8; 3]>),
    Cmyk,
    Brightness(Brightness),
    Lab { lab: Box<Lab>, signed: bool },
}

impl Colours {
    pub fn of(page: &Page) -> Self {
        let (model, colours) = match page.photometric {
            0 => (Model::GreyOfInk, 1),
            2 => (Model::Rgb, 3),
            3 => (Model::Palette(palette(page)), 1),
            5 => (Model::Cmyk, 4),
            6 => (Model::Brightness(Brightness::of(page)), 3),
            8 | 9 => (Model::Lab { lab: Box::default(), signed: page.photometric == 8 }, 3),
            _ => (Model::Grey, 1),
        };
        let extra = page.directory.number(338);
        // One sample more than there are colours is alpha, unless the file says otherwise.
        let extra = extra.or((page.samples == colours + 1).then_some(2));
        let alpha = match extra {
            Some(kind @ (1 | 2)) if page.samples > colours => {
                Some(Alpha { at: colours, lessened: kind == 1 })
            }
            _ => None,
        };
        Self { model, samples: page.samples, alpha }
    }

    /// A row of pixels.
    pub fn row(&self, samples: &[u8], rgb: &mut [u8]) {
        for (pixel, to) in samples.chunks_exact(self.samples).zip(rgb.chunks_exact_mut(3)) {
            let colour = self.model.rgb(pixel);
            let colour = match &self.alpha {
                None => colour,
                Some(Alpha { at, lessened: false }) => colour.map(|c| over_white(c, pixel[*at])),
                Some(Alpha { at, .. }) => colour.map(|c| c.saturating_add(255 - pixel[*at])),
            };
            to.copy_from_slice(&colour);
        }
    }
}

impl Model {
    #[inline]
    fn rgb(&self, pixel: &[u8]) -> [u8; 3] {
        match (self, pixel) {
            (Self::Grey, [grey, ..]) => [*grey; 3],
            (Self::GreyOfInk, [ink, ..]) => [255 - ink; 3],
            (Self::Palette(colours), [number, ..]) => {
                colours.get(usize::from(*number)).copied().unwrap_or_default()
            }
            (Self::Cmyk, [c, m, y, k, ..]) => {
                let light = 255 - u32::from(*k);
                [c, m, y].map(|ink| ((255 - u32::from(*ink)) * light / 255) as u8)
            }
            (Self::Rgb, [r, g, b, ..]) => [*r, *g, *b],
            (Self::Brightness(by), [y, cb, cr, ..]) => by.rgb([*y, *cb, *cr]),
            (Self::Lab { lab, signed: true }, [l, a, b, ..]) => lab.rgb(*l, *a as i8, *b as i8),
            (Self::Lab { lab, .. }, [l, a, b, ..]) => {
                lab.rgb(*l, (*a ^ 0x80) as i8, (*b ^ 0x80) as i8)
            }
            _ => [0; 3],
        }
    }
}

/// The colours of a palette: all reds, all greens, all blues, with 16 bits each; old programs fill 8.
fn palette(page: &Page) -> Vec<[u8; 3]> {
    let all = page.directory.numbers(320).unwrap_or_default();
    let shift = if all.iter().all(|value| *value < 256) { 0 } else { 8 };
    let number = all.len() / 3;
    (0..number).map(|at| [0, 1, 2].map(|c| (all[c * number + at] >> shift) as u8)).collect()
}

/// Brightness and two differences of colour (`YCbCr`).
struct Brightness {
    /// The shares of red, green and blue in the brightness.
    shares: [f32; 3],
    /// Black and white, or none and most, of each sample.
    ends: [[f32; 2]; 3],
}

impl Brightness {
    fn of(page: &Page) -> Self {
        let usual = [0.299, 0.587, 0.114];
        let shares = page.directory.fractions(529).and_then(|shares| shares.try_into().ok());
        let shares: [f32; 3] = shares.unwrap_or(usual);
        let ends = page.directory.fractions(532).filter(|ends| ends.len() == 6);
        let usual_ends = [[0.0, 255.0], [128.0, 255.0], [128.0, 255.0]];
        let ends = ends.map_or(usual_ends, |ends| [0, 2, 4].map(|at| [ends[at], ends[at + 1]]));
        let sound = shares.iter().all(|share| *share > 0.0 && *share < 1.0)
            && ends.iter().all(|[from, to]| to > from);
        if sound { Self { shares, ends } } else { Self { shares: usual, ends: usual_ends } }
    }

    #[inline]
    fn rgb(&self, samples: [u8; 3]) -> [u8; 3] {
        let part = |at: usize, full: f32| {
            let [from, to] = self.ends[at];
            (f32::from(samples[at]) - from) * full / (to - from)
        };
        let (y, cb, cr) = (part(0, 255.0), part(1, 127.0), part(2, 127.0));
        let [red, green, blue] = self.shares;
        let r = y + 2.0 * (1.0 - red) * cr;
        let b = y + 2.0 * (1.0 - blue) * cb;
        let g = (y - red * r - blue * b) / green;
        [r, g, b].map(|c| (c + 0.5) as u8)
    }
}

/// CIE's Lab with the white of print, as sRGB.
struct Lab {
    /// A linear share of light as an sRGB value.
    bright: Vec<u8>,
}

const STEPS: f32 = 8191.0;

impl Default for Lab {
    fn default() -> Self {
        let bright = (0..=STEPS as u16).map(|step| {
            let light = f32::from(step) / STEPS;
            let bright = match light <= 0.003_130_8 {
                true => 12.92 * light,
                false => 1.055 * light.powf(1.0 / 2.4) - 0.055,
            };
            (255.0 * bright + 0.5) as u8
        });
        Self { bright: bright.collect() }
    }
}

impl Lab {
    #[inline]
    fn rgb(&self, l: u8, a: i8, b: i8) -> [u8; 3] {
        let fy = (f32::from(l) / 2.55 + 16.0) / 116.0;
        let light = |root: f32| {
            if root > 6.0 / 29.0 { root.powi(3) } else { (root - 4.0 / 29.0) * (108.0 / 841.0) }
        };
        let x = 0.9642 * light(fy + f32::from(a) / 500.0);
        let y = light(fy);
        let z = 0.8249 * light(fy - f32::from(b) / 200.0);
        // To the light of sRGB, whose white is another (Bradford's way).
        let linear = [
            3.133_856 * x - 1.616_867 * y - 0.490_615 * z,
            -0.978_768 * x + 1.916_142 * y + 0.033_454 * z,
            0.071_945 * x - 0.228_991 * y + 1.405_243 * z,
        ];
        linear.map(|c| self.bright[(c.clamp(0.0, 1.0) * STEPS + 0.5) as usize])
    }
}
