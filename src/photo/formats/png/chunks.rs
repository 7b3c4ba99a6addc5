//! The PNG that the decoder gets: the chunks that are needed for the pixels, and before them those with the
//! orientation, wherever they are in the file. All other chunks are left out, so it does not matter whether
//! they are valid.

use std::ops::Range;

use png::Info;

use crate::photo::spliced::Spliced;

/// The keyword of XMP.
pub(super) const XMP: &str = "XML:com.adobe.xmp";
/// The prefix of ImageMagick's keywords.
const PROFILE: &str = "Raw profile type ";
/// The longest chunk that is read for the orientation.
const LONGEST: usize = 1 << 20;
/// The bytes of a chunk beside its content: length, kind and checksum.
const AROUND: usize = 12;
const SIGNATURE: usize = 8;
const END: &[u8] = b"\0\0\0\0IEND\xAE\x42\x60\x82";

struct Chunk<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// Where all of it lies in the file.
    at: Range<usize>,
}

/// The parts of the file that are needed; `None` if it has unknown critical chunks, without which it cannot
/// be read.
pub(super) fn needed(bytes: &[u8]) -> Option<Spliced<'_>> {
    let mut parts = Spliced::new(bytes);
    parts.push(0..SIGNATURE);
    let before = chunks(bytes).take_while(|chunk| &chunk.kind != b"IDAT");
    let mut colours = 0;
    for chunk in before {
        match &chunk.kind {
            b"IHDR" => parts.push(chunk.at),
            b"PLTE" => {
                colours = chunk.content.len() / 3;
                parts.push(chunk.at);
            }
            b"tRNS" if chunk.content.len() <= colours.max(6) => parts.push(chunk.at),
            [b'A'..=b'Z', ..] => return None,
            _ => {}
        }
    }
    turns(bytes).for_each(|chunk| parts.push(chunk.at));
    for chunk in chunks(bytes).filter(|chunk| &chunk.kind == b"IDAT") {
        parts.push(chunk.at);
    }
    // The end chunk may be missing, but a chunk that is cut off must not swallow it.
    if end(bytes) <= bytes.len() {
        parts.add(END.to_vec());
    }
    Some(parts)
}

/// If the file ends before its picture does.
pub(super) fn are_cut(bytes: &[u8]) -> bool {
    let end = end(bytes);
    end.checked_add(8).and_then(|behind| bytes.get(end + 4..behind)) != Some(b"IEND")
}

/// Where the last chunk before the end chunk ends.
fn end(bytes: &[u8]) -> usize {
    chunks(bytes).last().map_or(SIGNATURE, |last| last.at.end)
}

/// The chunks that may have the orientation, one of each kind.
fn turns(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let says = |chunk: &Chunk| match &chunk.kind {
        b"eXIf" => true,
        b"tEXt" | b"zTXt" | b"iTXt" => {
            let names = [XMP, PROFILE].map(str::as_bytes);
            names.iter().any(|name| chunk.content.starts_with(name))
        }
        _ => false,
    };
    let small = |chunk: &Chunk| chunk.content.len() <= LONGEST && chunk.at.end <= bytes.len();
    // A photo needs no more for EXIF, XMP and profiles; each chunk takes memory.
    chunks(bytes).filter(move |chunk| says(chunk) && small(chunk)).take(8)
}

/// The chunks of a PNG; the last one may be cut off, and then ends beyond the end of the file.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut from = SIGNATURE;
    std::iter::from_fn(move || {
        let (head, rest) = bytes.get(from..)?.split_first_chunk::<8>()?;
        let (length, kind) = head.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        let kind: [u8; 4] = kind.try_into().ok()?;
        let at = from..from.saturating_add(length).saturating_add(AROUND);
        from = at.end;
        (&kind != b"IEND").then_some(Chunk { kind, content: &rest[..length.min(rest.len())], at })
    })
}

/// The content of an ImageMagick text, `Raw profile type NAME`: a line with the name, one with the number of
/// bytes, then the bytes in hexadecimal.
pub(super) fn profile(info: &Info, name: &str) -> Option<Vec<u8>> {
    let named = |keyword: &str| keyword.strip_prefix(PROFILE) == Some(name);
    let plain = info.uncompressed_latin1_text.iter().find(|text| named(&text.keyword));
    let text = plain.map(|text| text.text.clone());
    let text = text.or_else(|| {
        let mut packed = info.compressed_latin1_text.iter().find(|t| named(&t.keyword))?.clone();
        packed.decompress_text_with_limit(4 * LONGEST).ok()?;
        packed.get_text().ok()
    });
    let text = text.or_else(|| {
        let mut packed = info.utf8_text.iter().find(|t| named(&t.keyword))?.clone();
        packed.decompress_text_with_limit(4 * LONGEST).ok()?;
        packed.get_text().ok()
    })?;
    let mut lines = text.trim_start().lines();
    lines.next()?;
    let length = lines.next()?.trim().parse::<usize>().ok()?;
    let digits = lines.flat_map(str::chars).filter_map(|digit| digit.to_digit(16));
    let digits: Vec<u8> =
        digits.take(2 * length.min(4 * LONGEST)).map(|digit| digit as u8).collect();
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32).to_be_bytes();
        [&length[..], kind, content, b"sums"].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
    }

    fn kinds(file: &[u8]) -> Option<String> {
        let mut bytes = Vec::new();
        needed(file)?.read_to_end(&mut bytes).unwrap();
        let kinds = chunks(&bytes).map(|chunk| String::from_utf8(chunk.kind.to_vec()).unwrap());
        Some(kinds.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn only_what_is_needed_is_left_and_what_turns_comes_first() {
        let some = |kind| chunk(kind, b"some content");
        let all =
            [b"IHDR", b"iCCP", b"gAMA", b"IDAT", b"tIME", b"IDAT", b"eXIf", b"IEND"].map(some);
        assert_eq!(kinds(&file(&all)).unwrap(), "IHDR eXIf IDAT IDAT");
        // No end at all.
        assert_eq!(kinds(&file(&all[..6])).unwrap(), "IHDR IDAT IDAT");
        assert_eq!(kinds(&file(&[some(b"IHDR"), some(b"CgBI"), some(b"IDAT")])), None);
        let texts = [
            chunk(b"tEXt", b"Comment\0no"),
            chunk(b"zTXt", b"Raw profile type exif\0\0"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0"),
        ];
        assert_eq!(kinds(&file(&texts)).unwrap(), "zTXt iTXt");
    }

    #[test]
    fn transparency_counts_only_if_it_fits_the_colours() {
        let with = |clear: usize| {
            let parts = [chunk(b"PLTE", &[0; 30]), chunk(b"tRNS", &vec![0; clear])];
            kinds(&file(&parts)).unwrap()
        };
        assert_eq!(with(10), "PLTE tRNS");
        assert_eq!(with(11), "PLTE");
    }

    #[test]
    fn a_chunk_that_is_cut_stays_cut() {
        let mut cut = file(&[chunk(b"IHDR", b"head"), chunk(b"IDAT", &[7; 100])]);
        cut.truncate(cut.len() - 50);
        let mut bytes = Vec::new();
        needed(&cut).unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, cut);
        for end in 0..cut.len() {
            needed(&cut[..end]);
        }
    }
}
