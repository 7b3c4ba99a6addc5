//! Files that end too early: according to its header, the box with the pixels is longer than the file.

use std::borrow::Cow;

/// The bytes themselves, or, if the last box runs past their end, a copy filled up with zeros to where it
/// ends. The zeros are not decoded, except for the few bytes that may be missing at the end of a picture.
pub(super) fn mended(bytes: &[u8]) -> Cow<'_, [u8]> {
    match end_of_boxes(bytes) {
        Some(end) if end > bytes.len() && end <= 2 * bytes.len() + MOST => {
            let mut filled = bytes.to_vec();
            filled.resize(end, 0);
            Cow::Owned(filled)
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// The most zeros beyond the file's own size: a claim of gigabytes is not believed.
const MOST: usize = 64 << 20;

/// Where the last of the file's outermost boxes ends; `None` if they cannot be followed.
fn end_of_boxes(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        let length = u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?);
        let kind = bytes.get(at + 4..at + 8)?;
        let length = match length {
            // Up to the end of the file.
            0 => return Some(bytes.len()),
            1 => u64::from_be_bytes(*bytes.get(at + 8..)?.first_chunk()?),
            short => u64::from(short),
        };
        if length < 8 {
            return None;
        }
        let end = at.checked_add(usize::try_from(length).ok()?)?;
        // Only pixels may be cut off; without a whole description of them there is no picture.
        if end > bytes.len() && kind != b"mdat" {
            return None;
        }
        at = end;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(boxes: &[(&[u8; 4], u32)], bytes: usize) -> Vec<u8> {
        let mut file = Vec::new();
        for (kind, length) in boxes {
            let start = file.len();
            file.extend(length.to_be_bytes());
            file.extend(*kind);
            file.resize(start + *length as usize, 7);
        }
        file.truncate(bytes);
        file
    }

    #[test]
    fn only_a_box_of_pixels_is_filled_up() {
        let whole = file(&[(b"ftyp", 16), (b"meta", 40), (b"mdat", 100)], 156);
        assert!(matches!(mended(&whole), Cow::Borrowed(_)));
        let cut = file(&[(b"ftyp", 16), (b"meta", 40), (b"mdat", 100)], 120);
        let filled = mended(&cut);
        assert_eq!((filled.len(), &filled[..120], filled[120]), (156, &cut[..], 0));
        let early = file(&[(b"ftyp", 16), (b"mdat", 40), (b"meta", 100)], 120);
        assert!(matches!(mended(&early), Cow::Borrowed(_)));
    }

    #[test]
    fn a_claim_of_gigabytes_is_not_believed() {
        let mut cut = file(&[(b"ftyp", 16), (b"mdat", 100)], 100);
        cut[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(matches!(mended(&cut), Cow::Borrowed(_)));
        for bytes in [&[][..], &[0; 7], &[0xFF; 30], b"\0\0\0\x07ftyp"] {
            assert!(matches!(mended(bytes), Cow::Borrowed(_)));
        }
    }
}
