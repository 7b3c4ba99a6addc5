//! The orientation of a photo, wherever programs write it: in an EXIF block, otherwise in XMP.

use image::metadata::Orientation;
use memchr::memmem;

use super::ifd::{Tiff, tag};

/// The orientation in an EXIF block, with or without the letters that precede it in JPEG.
pub(super) fn from_exif(block: &[u8]) -> Option<Orientation> {
    let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
    from_number(Tiff::of(block)?.first()?.number(tag::ORIENTATION)?)
}

/// The orientation in XMP, as an attribute (`tiff:Orientation="6"`) or an element (`<tiff:Orientation>6<`).
pub(super) fn from_xmp(packet: &[u8]) -> Option<Orientation> {
    const NAME: &[u8] = b"tiff:Orientation";
    let rest = packet.get(memmem::find(packet, NAME)? + NAME.len()..)?;
    let mut value = rest.iter().skip_while(|byte| b" \t\r\n=\"'>".contains(byte));
    let digit = value.next()?.checked_sub(b'0')?;
    let alone = !value.next()?.is_ascii_alphanumeric();
    alone.then(|| from_number(digit.into()))?
}

/// The orientation in the segments before a JPEG's pixels; of several EXIF blocks, the last counts.
pub(super) fn of_jpeg(bytes: &[u8]) -> Option<Orientation> {
    const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
    let named = |name| move |segment: &&[u8]| segment.starts_with(name);
    let exif = app1(bytes).filter(named(b"Exif\0\0")).filter_map(from_exif).last();
    exif.or_else(|| app1(bytes).filter(named(XMP)).find_map(from_xmp))
}

/// The segments of a JPEG that hold EXIF and XMP.
pub(super) fn app1(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            let (marker, rest) = bytes.get(at..)?.split_first_chunk::<2>()?;
            match marker {
                // Markers may be repeated and may have fill bytes; a scan ends the header.
                [0xFF, 0xFF] => at += 1,
                [0xFF, 0xDA | 0xD9] => return None,
                [0xFF, 0x01 | 0xD0..=0xD8] => at += 2,
                [0xFF, kind] => {
                    let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?)).max(2);
                    at += 2 + length;
                    if *kind == 0xE1 {
                        return rest.get(2..length.min(rest.len()));
                    }
                }
                // Garbage between segments.
                _ => at += 1,
            }
        }
    })
}

/// The orientation for the tag's number.
pub(super) fn from_number(number: u64) -> Option<Orientation> {
    Orientation::from_exif(u8::try_from(number).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with the tag alone, of this kind.
    fn block(kind: u8, value: u8) -> Vec<u8> {
        let mut block = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01".to_vec();
        block.extend([kind, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]);
        block
    }

    #[test]
    fn exif_says_it_with_or_without_the_letters_before_it() {
        let turned = Some(Orientation::Rotate90);
        for kind in [1, 3, 4] {
            assert_eq!(from_exif(&block(kind, 6)), turned, "{kind}");
            assert_eq!(from_exif(&block(kind, 6)[6..]), turned);
        }
        assert_eq!(from_exif(&block(3, 1)), Some(Orientation::NoTransforms));
        for nothing in [&block(2, 6)[..], &block(3, 0), &block(3, 9), b"", b"Exif\0\0", b"II*\0"] {
            assert_eq!(from_exif(nothing), None, "{nothing:?}");
        }
        // Cut off behind the tag.
        assert_eq!(from_exif(&block(3, 6)[..26]), turned);
        let other = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0";
        assert_eq!(from_exif(other), Some(Orientation::Rotate270));
    }

    #[test]
    fn xmp_says_it_as_an_attribute_or_an_element() {
        for (packet, expected) in [
            ("<rdf:Description tiff:Orientation=\"8\">", Some(Orientation::Rotate270)),
            ("<x tiff:Orientation = '3' />", Some(Orientation::Rotate180)),
            ("<tiff:Orientation>6</tiff:Orientation>", Some(Orientation::Rotate90)),
            ("<tiff:Orientation> 6 </tiff:Orientation>", Some(Orientation::Rotate90)),
            ("<tiff:Orientation>66</tiff:Orientation>", None),
            ("<tiff:Orientation></tiff:Orientation>", None),
            ("<tiff:Orientation>9</tiff:Orientation>", None),
            ("tiff:Orientation", None),
            ("tiff:Orientation=\"6", None),
            ("nothing", None),
        ] {
            assert_eq!(from_xmp(packet.as_bytes()), expected, "{packet}");
        }
    }

    #[test]
    fn a_jpeg_says_it_by_exif_before_xmp() {
        let segment = |kind: u8, content: &[u8]| {
            let length = (content.len() as u16 + 2).to_be_bytes();
            [&[0xFF, kind], &length[..], content].concat()
        };
        let xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"3\"/>");
        let exif = segment(0xE1, &block(3, 6));
        let jpeg = |parts: &[&[u8]]| of_jpeg(&[&[0xFF, 0xD8], parts.concat().as_slice()].concat());
        let (half, quarter) = (Some(Orientation::Rotate180), Some(Orientation::Rotate90));
        assert_eq!(jpeg(&[&segment(0xE0, b"JFIF\0"), &xmp]), half);
        assert_eq!(jpeg(&[&xmp, &[0xFF, 0xFF], &exif]), quarter);
        // EXIF without an orientation, and the orientation of another picture after this one.
        assert_eq!(jpeg(&[&segment(0xE1, &block(3, 0)), &xmp]), half);
        assert_eq!(jpeg(&[&segment(0xDA, b"scan"), &exif]), None);
        for end in 0..exif.len() {
            jpeg(&[&exif[..end]]);
        }
    }
}
