//! A JPEG whose file is cut off: how much of it is there, and a JPEG of that part alone. Decoders would fill
//! in the missing part, each in its own way.

use super::frame::{Frame, MOST};
use super::huffman::{Tables, read_tables};
use super::segments::{END, HUFFMAN_TABLES, RESTART_INTERVAL, SCAN, Segment, data_end, segments};
use super::walk::Scan;

/// A file with more scans than this is not worth the trouble.
const MOST_SCANS: usize = 1000;

/// The part of a cut-off file that is there.
pub(super) struct Found {
    /// A JPEG of the uppermost rows of the picture.
    pub jpeg: Vec<u8>,
    /// Its height.
    pub rows: u32,
    /// Whether all of them are there, and only the end of the file is missing.
    pub is_everything: bool,
}

/// The part that is there of a JPEG without an end, with one frame and Huffman coding; `None` if not even one
/// row of blocks is there.
pub(super) fn found(bytes: &[u8]) -> Option<Found> {
    let mut scans = Scans::default();
    for segment in segments(bytes) {
        scans.add(bytes, segment);
    }
    let (frame, at) = scans.frame?;
    let number = frame.components().len();
    let is_everything = !scans.cut && scans.complete[..number].iter().all(|band| *band == u64::MAX);
    let rows = scans.rows[0].min(frame.height);
    // A part without its colours would be grey.
    let grey = scans.rows[..number].iter().any(|other| *other < rows);
    let (component, most) = (frame.components().first()?, frame.most());
    if rows == 0 || grey && (scans.together || (component.across, component.down) != most) {
        return None;
    }
    let mut jpeg = bytes[..at].to_vec();
    let kept = if grey { 1 } else { number };
    let header = bytes.get(at..at + 10 + 3 * kept)?;
    jpeg.extend(header);
    jpeg[at + 3] = (8 + 3 * kept) as u8;
    jpeg[at + 5..at + 7].copy_from_slice(&(rows as u16).to_be_bytes());
    jpeg[at + 9] = kept as u8;
    let mut from = at + 10 + 3 * number;
    for (begins, ends, place) in scans.kept {
        if grey && place > 0 {
            jpeg.extend(bytes.get(from..begins)?);
        } else {
            jpeg.extend(bytes.get(from..ends)?);
        }
        from = ends;
    }
    jpeg.extend([0xFF, END]);
    Some(Found { jpeg, rows, is_everything })
}

/// The scans of a file, up to the one that is cut off.
#[derive(Default)]
struct Scans {
    /// The frame and where it begins.
    frame: Option<(Frame, usize)>,
    tables: Tables,
    restart: u32,
    /// The rows of pixels whose brightness each component has.
    rows: [u32; MOST],
    /// For each component, the coefficients that are complete, a bit each.
    complete: [u64; MOST],
    not_zero: [Vec<u64>; MOST],
    /// Where each usable scan begins and ends, and the index of its first component.
    kept: Vec<(usize, usize, usize)>,
    /// Whether a scan has several components.
    together: bool,
    /// Whether a scan is cut off. Anything after it is useless.
    cut: bool,
}

impl Scans {
    fn add(&mut self, bytes: &[u8], segment: Segment) {
        let Segment { kind, content, .. } = segment;
        match kind {
            _ if self.cut => {}
            HUFFMAN_TABLES => read_tables(content, &mut self.tables),
            RESTART_INTERVAL => {
                if let [high, low] = *content {
                    self.restart = u32::from(u16::from_be_bytes([high, low]));
                }
            }
            SCAN => self.cut = self.add_scan(bytes, segment).is_none(),
            _ if segment.is_frame() => {
                self.frame = Some((Frame::of(kind, content), segment.at));
            }
            _ => {}
        }
    }

    /// `None` if it is cut off.
    fn add_scan(&mut self, bytes: &[u8], segment: Segment) -> Option<()> {
        let (frame, _) = self.frame.filter(|_| self.kept.len() < MOST_SCANS)?;
        let scan = Scan::of(&frame, segment.content)?;
        let from = segment.content_at + segment.content.len();
        let data = &bytes[from..data_end(bytes, from)];
        let walked = scan.walk(data, &self.tables, self.restart, &mut self.not_zero);
        let rows = if walked.is_whole { u32::MAX } else { walked.rows * scan.rows_of_a_group };
        let mut first = None;
        for place in scan.places() {
            self.together |= first.is_some();
            first = first.or(Some(place));
            if scan.is_first() {
                self.rows[place] = rows;
            }
            if walked.is_whole {
                self.complete[place] |= scan.completes();
            }
        }
        // The decoder would invent the rest of a detail scan that is cut off.
        if walked.is_whole || scan.is_first() && walked.rows > 0 {
            let used = if walked.is_whole { data.len() } else { walked.bytes };
            self.kept.push((segment.at, from + used, first?));
        }
        walked.is_whole.then_some(())
    }
}
