//! NumPy's own format, version 1.0: a text header followed by the numbers; and beside it comma-separated values
//! with everything else, a line for each row.

use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;

use super::{Export, FaceRow, Layout, cell};
use crate::error::{Error, Result};
use crate::file::{Draft, Readers};

/// The header's length in bytes; the shape, which is known only at the end, always fits.
const HEADER: usize = 128;

pub(super) struct Npy {
    numbers: Draft,
    rest: csv::Writer<Draft>,
    rows: u64,
    dimensions: usize,
}

/// A line of the file beside the numbers.
#[derive(Serialize)]
struct Line<'a> {
    photo: &'a str,
    sha256: &'a str,
    face: u32,
    x: f32,
    y: f32,
    width: f32,
    height: f32,
    confidence: f32,
    score: Option<f64>,
}

const COLUMNS: [&str; 9] =
    ["photo", "sha256", "face", "x", "y", "width", "height", "confidence", "score"];

impl Npy {
    pub fn create(path: &Path, layout: &Layout) -> Result<Self> {
        let mut numbers = Draft::new(path, Readers::Owner)?;
        let beside = path.with_extension("csv");
        let rest = Draft::new(&beside, Readers::Owner)?;
        let mut rest = csv::WriterBuilder::new().has_headers(false).from_writer(rest);
        numbers.write_all(&[0; HEADER]).map_err(|e| Error::write(path, e))?;
        rest.write_record(COLUMNS).map_err(|e| Error::write(&beside, e.into()))?;
        Ok(Self { numbers, rest, rows: 0, dimensions: layout.dimensions })
    }
}

impl Export for Npy {
    fn add(&mut self, row: &FaceRow) -> Result<()> {
        let bytes: Vec<u8> = row.embedding.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.numbers.write_all(&bytes).map_err(|e| Error::write(self.numbers.path(), e))?;
        let [x, y, width, height] = row.bounds.into();
        let FaceRow { photo, sha256, face, confidence, score, .. } = row;
        let (photo, face, confidence, score) = (&*cell(photo), *face, *confidence, *score);
        let line = Line { photo, sha256, face, x, y, width, height, confidence, score };
        let written = self.rest.serialize(line);
        written.map_err(|e| Error::write(self.rest.get_ref().path(), e.into()))?;
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let header = header(self.rows, self.dimensions);
        let written = self
            .numbers
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.numbers.write_all(&header))
            .and_then(|()| self.rest.flush());
        written.map_err(|e| Error::write(self.numbers.path(), e))?;
        let beside = self.rest.get_ref().path().to_owned();
        let rest = self.rest.into_inner();
        let rest = rest.map_err(|e| Error::write(&beside, std::io::Error::other(e.to_string())))?;
        rest.finish()?;
        self.numbers.finish()
    }
}

/// The header of little-endian 32-bit numbers in `rows` rows.
fn header(rows: u64, dimensions: usize) -> Vec<u8> {
    let mut header = b"\x93NUMPY\x01\x00".to_vec();
    header.extend(((HEADER - 10) as u16).to_le_bytes());
    let shape = format!("({rows}, {dimensions})");
    header
        .extend(format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}").bytes());
    header.resize(HEADER - 1, b' ');
    header.push(b'\n');
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_that_of_numpy_whatever_the_shape() {
        for rows in [0, 7, u64::MAX] {
            let header = header(rows, 128);
            assert_eq!((header.len(), header[127], header.len() % 64), (HEADER, b'\n', 0));
            let text = String::from_utf8_lossy(&header[10..]).trim_end().to_owned();
            let shape = format!("'shape': ({rows}, 128), }}");
            // numpy 2.3: np.lib.format.header_data_from_array_1_0(np.zeros((7, 128), "<f4"))
            let whole = format!("{{'descr': '<f4', 'fortran_order': False, {shape}");
            assert_eq!(text, whole);
        }
    }
}
