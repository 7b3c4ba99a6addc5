//! A photo as a row: its faces and embeddings as little-endian 32-bit numbers, with a checksum, because SQLite
//! notices a broken page but not a broken number.

use sha2::{Digest, Sha256};

use crate::face::{Concern, Face, Point, Quality};
use crate::photo::Date;
use crate::pipeline::{AnalysedFace, AnalysedPhoto, CachedPhoto};

/// Numbers of a face beside its embedding: box, confidence, five landmarks, four measures, concerns.
const FACE_NUMBERS: usize = 4 + 1 + 10 + 4 + 1;
/// Their size in bytes.
pub(super) const FACE_BYTES: usize = 4 * FACE_NUMBERS;

/// What a row of `photos` holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PhotoRow {
    pub sha256: [u8; 32],
    pub width: u32,
    pub height: u32,
    /// [`FACE_NUMBERS`] numbers for each face.
    pub faces: Vec<u8>,
    /// The embeddings, one after another.
    pub embeddings: Vec<u8>,
    /// If the photo's file is cut off: how much of the picture is missing, in percent.
    pub missing: Option<u8>,
    /// The day on which it was taken, as 20150312.
    pub taken: Option<u32>,
}

impl PhotoRow {
    /// The row of a photo; `None` if its SHA-256 is not valid.
    pub fn of(photo: &AnalysedPhoto) -> Option<Self> {
        let AnalysedPhoto { width, height, ref faces, missing, taken, .. } = *photo;
        let numbers = faces.iter().flat_map(|found| numbers(&found.face, &found.quality));
        let embeddings = faces.iter().flat_map(|found| &found.embedding);
        Some(Self {
            sha256: from_hex(&photo.sha256)?,
            width,
            height,
            faces: numbers.flat_map(f32::to_le_bytes).collect(),
            embeddings: embeddings.flat_map(|value| value.to_le_bytes()).collect(),
            missing,
            taken: taken.map(number),
        })
    }

    /// The checksum that is stored with the row.
    pub fn checksum(&self, analysis: i64) -> i64 {
        let mut hash = Sha256::new();
        hash.update(self.sha256);
        hash.update(analysis.to_le_bytes());
        hash.update(self.width.to_le_bytes());
        hash.update(self.height.to_le_bytes());
        hash.update((self.faces.len() as u64).to_le_bytes());
        hash.update(&self.faces);
        hash.update(&self.embeddings);
        hash.update(self.missing.as_slice());
        hash.update(self.taken.map_or([0; 4], u32::to_le_bytes));
        let mut first = [0; 8];
        first.copy_from_slice(&hash.finalize()[..8]);
        i64::from_le_bytes(first)
    }

    /// The photo; `None` if the numbers are not valid.
    pub fn photo(&self) -> Option<CachedPhoto> {
        let count = self.faces.len() / FACE_BYTES;
        let each = self.embeddings.len().checked_div(count).unwrap_or(0);
        if self.faces.len() != count * FACE_BYTES
            || self.embeddings.len() != count * each
            || !each.is_multiple_of(4)
            || (count > 0 && each == 0)
        {
            return None;
        }
        let rows = self.faces.chunks_exact(FACE_BYTES);
        let embeddings = self.embeddings.chunks_exact(each.max(1));
        let faces = rows.zip(embeddings).map(|(row, embedding)| face(row, embedding));
        Some(CachedPhoto {
            sha256: to_hex(&self.sha256),
            width: self.width,
            height: self.height,
            faces: faces.collect::<Option<_>>()?,
            missing: self.missing,
            taken: self.taken.and_then(|number| number_as_text(number).parse().ok()),
        })
    }
}

/// A day as 20150312.
fn number(date: Date) -> u32 {
    (u32::from(date.year) * 100 + u32::from(date.month)) * 100 + u32::from(date.day)
}

/// The same as 2015-03-12.
fn number_as_text(number: u32) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}

fn numbers(face: &Face, quality: &Quality) -> [f32; FACE_NUMBERS] {
    let mut numbers = [0.0; FACE_NUMBERS];
    numbers[..4].copy_from_slice(&<[f32; 4]>::from(face.bounds));
    numbers[4] = face.confidence;
    for (i, landmark) in face.landmarks.iter().enumerate() {
        numbers[5 + 2 * i] = landmark.x;
        numbers[6 + 2 * i] = landmark.y;
    }
    let Quality { eye_distance, sharpness, yaw, confidence, ref concerns } = *quality;
    let concerns = CONCERNS.iter().enumerate().filter(|(_, concern)| concerns.contains(concern));
    let concerns: u8 = concerns.map(|(bit, _)| 1 << bit).sum();
    numbers[15..].copy_from_slice(&[eye_distance, sharpness, yaw, confidence, f32::from(concerns)]);
    numbers
}

/// The concern of each bit, the most serious first.
const CONCERNS: [Concern; 4] =
    [Concern::Doubtful, Concern::Small, Concern::Blurred, Concern::TurnedAway];

fn face(row: &[u8], embedding: &[u8]) -> Option<AnalysedFace> {
    let values: [f32; FACE_NUMBERS] = floats(row).try_into().ok()?;
    let embedding = floats(embedding);
    let length: f32 = embedding.iter().map(|v| v * v).sum();
    if !values.iter().all(|v| v.is_finite()) || !(0.99..1.01).contains(&length) {
        return None;
    }
    let [x, y, width, height, confidence, points @ ..] = values;
    let landmarks = std::array::from_fn(|i| Point { x: points[2 * i], y: points[2 * i + 1] });
    let [.., eye_distance, sharpness, yaw, sure, concerns] = values;
    let is_set = |(bit, _): &(usize, Concern)| concerns as u8 & (1 << bit) != 0;
    let concerns = CONCERNS.into_iter().enumerate().filter(is_set).map(|(_, concern)| concern);
    Some(AnalysedFace {
        face: Face { bounds: [x, y, width, height].into(), confidence, landmarks },
        quality: Quality {
            eye_distance,
            sharpness,
            yaw,
            confidence: sure,
            concerns: concerns.collect(),
        },
        embedding,
    })
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// The 32 bytes that 64 hexadecimal digits stand for.
pub(super) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (digit(2 * i)? * 16 + digit(2 * i + 1)?) as u8;
    }
    (digits.len() == 64).then_some(bytes)
}

fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        bytes.iter().flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    digits.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::tests::{face, known, photo};

    #[test]
    fn a_row_gives_back_every_bit() {
        for count in [0, 1, 3] {
            let faces: Vec<_> = (0..count).map(|i| face(i as f32 + 0.1)).collect();
            for missing in [None, Some(0), Some(99)] {
                let photo = AnalysedPhoto { faces: faces.clone(), missing, ..photo(7) };
                assert_eq!(PhotoRow::of(&photo).unwrap().photo(), known(&photo));
            }
        }
        assert_eq!(PhotoRow::of(&AnalysedPhoto { sha256: "no hash".into(), ..photo(7) }), None);
    }

    #[test]
    fn a_row_that_is_not_whole_is_none_and_every_change_is_noticed() {
        let faces = vec![face(1.0), face(2.0)];
        let row = PhotoRow::of(&AnalysedPhoto { faces, ..photo(1) }).unwrap();
        let cut = |faces: usize, embeddings: usize| PhotoRow {
            faces: row.faces[..row.faces.len() - faces].to_vec(),
            embeddings: row.embeddings[..row.embeddings.len() - embeddings].to_vec(),
            ..row.clone()
        };
        for (faces, embeddings) in [
            (1, 0),
            (FACE_BYTES, 0),
            (0, 1),
            (0, 4),
            (2 * FACE_BYTES, 0),
            (0, row.embeddings.len()),
        ] {
            assert_eq!(cut(faces, embeddings).photo(), None, "{faces} {embeddings}");
        }
        let mut nan = row.clone();
        nan.faces[..4].copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(nan.photo(), None);
        let cut_off = PhotoRow { missing: Some(0), ..row.clone() };
        assert_ne!(cut_off.checksum(1), row.checksum(1));
        let mut bent = row.clone();
        bent.embeddings[9] ^= 1;
        assert_ne!(bent.checksum(1), row.checksum(1));
        assert_ne!(row.checksum(2), row.checksum(1));
    }
}
