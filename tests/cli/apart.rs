//! Photos that are decoded in a process of their own.

use crate::enrolled;
use crate::photos::{astronaut, fixture};
use crate::sandbox::{Sandbox, json_lines, stdout};

/// Bits, the first of them the lowest of the first byte.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        for bit in 0..bits {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let last = self.bytes.len() - 1;
            self.bytes[last] |= ((value >> bit & 1) as u8) << (8 - self.free);
            self.free -= 1;
        }
    }

    /// A prefix code's bits, which come from the highest on.
    fn code(&mut self, code: u32, bits: u32) {
        (0..bits).rev().for_each(|bit| self.put(code >> bit, 1));
    }

    /// A prefix code of one symbol, or of two.
    fn simple(&mut self, symbols: &[u32]) {
        self.put(1, 1);
        self.put(symbols.len() as u32 - 1, 1);
        self.put(1, 1);
        symbols.iter().for_each(|symbol| self.put(*symbol, 8));
    }

    /// A prefix code of eleven symbols with 1, 2 … 9, 10 and 10 bits, whose table has 1,024 places.
    fn long(&mut self) {
        self.put(0, 1);
        // The lengths of the code that lengths are written in: in an order of their own, 1 to 6 have three
        // bits, 7 to 10 four.
        self.put(14 - 4, 4);
        for length in [0, 0, 0, 3, 3, 3, 3, 3, 0, 3, 4, 4, 4, 4] {
            self.put(length, 3);
        }
        // Eleven lengths follow.
        self.put(1, 1);
        self.put(1, 3);
        self.put(11 - 2, 4);
        for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10] {
            match length {
                1..=6 => self.code(length - 1, 3),
                _ => self.code(length - 7 + 0b1100, 4),
            }
        }
    }
}

/// A lossless WebP of 16 × 16 pixels with 65,536 groups of codes, of which two are used: 3.8 MB that a
/// decoder makes 1.4 GB of tables of.
fn bomb() -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2F, 8);
    bits.put(15, 14);
    bits.put(15, 14);
    // No alpha, version 0, no transform, no cache; groups, told by a picture of 4 × 4 pixels.
    bits.put(0, 1 + 3 + 1 + 1);
    bits.put(1, 1);
    bits.put(0, 3);
    bits.put(0, 1);
    for symbols in [&[0, 255][..], &[0, 255], &[0], &[0], &[0]] {
        bits.simple(symbols);
    }
    // Fifteen times group 0, then group 65,535.
    bits.put(0, 2 * 15);
    bits.put(0b11, 2);
    (0..65_536 * 5).for_each(|_| bits.long());
    (0..16 * 16 * 4).for_each(|_| bits.put(0, 1));
    let mut file = b"RIFF\0\0\0\0WEBPVP8L".to_vec();
    file.extend((bits.bytes.len() as u32).to_le_bytes());
    file.extend(bits.bytes);
    if file.len() % 2 == 1 {
        file.push(0);
    }
    let length = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&length.to_le_bytes());
    file
}

#[test]
fn photos_of_phones_are_checked_like_others() {
    let sandbox = enrolled();
    for name in ["phone.heic", "phone.avif", "heif/lossless.jxl", "animated.webp"] {
        let photo = sandbox.copy(&fixture(name), name);
        let checked = sandbox.run(&["check", photo.to_str().unwrap(), "--json"]).code(1);
        assert_eq!(json_lines(&checked)[0]["verdict"], "no-face", "{}", stdout(&checked));
    }
}

/// Linux refuses a process more memory than it may have; elsewhere it is only estimated.
#[cfg(target_os = "linux")]
#[test]
fn a_photo_that_takes_all_memory_is_refused_and_stops_nothing() {
    let sandbox = enrolled();
    sandbox.write("album/bomb.webp", &bomb());
    sandbox.copy(&astronaut(), "album/her.png");
    let checked = sandbox.run(&["check", "album", "--json"]).code(2);
    let lines = json_lines(&checked);
    let error = lines[0]["error"].as_str().unwrap();
    assert!(
        error.contains("bomb.webp: too large (its pixels in memory; the limit is 440 MB)"),
        "{error}"
    );
    assert_eq!(lines[1]["verdict"], "match");
}

#[test]
fn a_process_that_is_asked_nothing_says_so_in_a_line() {
    Sandbox::new().fails(&["decode"], &[]);
}
