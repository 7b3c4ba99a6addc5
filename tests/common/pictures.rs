//! The pictures of `tests/data/patterns.py`, made here to the byte; that file says how.

use std::path::{Path, PathBuf};

use image::{Rgb, RgbImage};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A synthetic picture: smooth noise with grain.
#[derive(Debug, Deserialize)]
pub struct Pattern {
    seed: u32,
    /// The side of the cells of the noise, in pixels.
    cell: u32,
    /// The side of the picture, in pixels.
    side: u32,
}

/// A canvas of one colour with pieces of a photo pasted on it, in order.
#[derive(Debug, Deserialize)]
pub struct Recipe {
    width: u32,
    height: u32,
    fill: [u8; 3],
    pastes: Vec<Paste>,
}

/// Every n-th row and column of a rectangle of the photo, at a place of the canvas.
#[derive(Debug, Deserialize)]
struct Paste {
    /// Left, top, width, height.
    from: [u32; 4],
    every: usize,
    mirrored: bool,
    at: [u32; 2],
}

impl Pattern {
    /// The picture, `side` × `side`.
    pub fn draw(&self) -> RgbImage {
        let mut state = self.seed;
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as i32
        };
        let (cell, knots) = (self.cell as i32, (self.side / self.cell + 1) as usize);
        let mut picture = RgbImage::new(self.side, self.side);
        for channel in 0..3 {
            let lattice: Vec<i32> = (0..knots * knots).map(|_| byte()).collect();
            for (x, y, pixel) in picture.enumerate_pixels_mut() {
                let (right, down) = ((x % self.cell) as i32, (y % self.cell) as i32);
                let corner = (y / self.cell) as usize * knots + (x / self.cell) as usize;
                let between = |at: usize| lattice[at] * (cell - right) + lattice[at + 1] * right;
                let sum = between(corner) * (cell - down) + between(corner + knots) * down;
                pixel[channel] = (sum / (cell * cell) + byte() % 33 - 16).clamp(0, 255) as u8;
            }
        }
        picture
    }
}

impl Recipe {
    /// The canvas with the pieces of `photo` on it.
    pub fn compose(&self, photo: &RgbImage) -> RgbImage {
        let mut canvas = RgbImage::from_pixel(self.width, self.height, Rgb(self.fill));
        for Paste { from: [x, y, width, height], every, mirrored, at: [left, top] } in &self.pastes
        {
            let mut columns: Vec<u32> = (*x..x + width).step_by(*every).collect();
            if *mirrored {
                columns.reverse();
            }
            for (row, from_y) in (*y..y + height).step_by(*every).enumerate() {
                for (column, from_x) in columns.iter().enumerate() {
                    let pixel = *photo.get_pixel(*from_x, from_y);
                    canvas.put_pixel(left + column as u32, top + row as u32, pixel);
                }
            }
        }
        canvas
    }
}

/// The path of a file of `tests/data`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// The photo that recipes cut pieces from.
pub fn astronaut() -> RgbImage {
    image::open(fixture("astronaut.png")).unwrap().into_rgb8()
}

/// The SHA-256 of the pixels of `pictures`, one after the other, in hexadecimal.
pub fn digest(pictures: &[RgbImage]) -> String {
    let mut hash = Sha256::new();
    for picture in pictures {
        hash.update(picture.as_raw());
    }
    format!("{:x}", hash.finalize())
}
