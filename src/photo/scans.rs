//! How often a JPEG goes over its pixels. A progressive one does it once a scan, a scan that
//! changes nothing is a hundred bytes, and nothing in the format limits their number.

use memchr::memchr;

/// The number of scans of a JPEG, as far as its segments can be followed.
pub(super) fn scans(bytes: &[u8]) -> u64 {
    const SCAN: u8 = 0xDA;
    const END: u8 = 0xD9;
    let (mut at, mut scans) = (2, 0);
    while let Some(kind) = marker(bytes, &mut at) {
        match kind {
            END => break,
            // Restarts and others that have no length.
            0x01 | 0xD0..=0xD8 => continue,
            SCAN => scans += 1,
            _ => {}
        }
        let Some(length) = bytes.get(at..at + 2) else { break };
        at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
    }
    scans
}

/// The next marker from `at` on, which then lies behind it; what is between, a scan's data or
/// rubbish, is passed over, as decoders do.
fn marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let first = *at + memchr(0xFF, bytes.get(*at..)?)?;
        let kind = *bytes.get(first + 1)?;
        // In a scan's data, 0xFF is followed by 0; before a marker it may be repeated.
        let found = kind != 0 && kind != 0xFF;
        *at = first + if found { 2 } else { 1 };
        if found {
            return Some(kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat};

    use super::*;

    /// A JPEG, and where its scan begins.
    fn jpeg() -> (Vec<u8>, usize) {
        let mut bytes = std::io::Cursor::new(Vec::new());
        let image = DynamicImage::new_rgb8(64, 48);
        image.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
        let bytes = bytes.into_inner();
        let scan = bytes.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        (bytes, scan)
    }

    #[test]
    fn scans_are_counted_and_what_only_looks_like_one_is_not() {
        let (mut jpeg, scan) = jpeg();
        assert_eq!(scans(&jpeg), 1);
        let again = jpeg[scan..jpeg.len() - 2].to_vec();
        jpeg.truncate(jpeg.len() - 2);
        for _ in 0..41 {
            jpeg.extend(&again);
        }
        // A thumbnail's scan, in a segment of EXIF.
        let thumbnail = [0xFF, 0xE1, 0, 6, 0xFF, 0xDA, 0xFF, 0xDA];
        jpeg.splice(2..2, thumbnail);
        assert_eq!(scans(&jpeg), 42);
        jpeg.extend([0xFF, 0xD9]);
        jpeg.extend(&again);
        assert_eq!(scans(&jpeg), 42, "behind its end there may be another picture");
    }

    #[test]
    fn any_bytes_come_to_an_end() {
        let (jpeg, _) = jpeg();
        for end in 0..jpeg.len() {
            scans(&jpeg[..end]);
        }
        for bytes in [&[][..], &[0xFF; 9], &[0xFF, 0xD8, 0xFF, 0xE1, 0, 0], &[0; 9]] {
            assert_eq!(scans(bytes), 0);
        }
    }
}
