//! Apache Parquet: a column for each field, the embedding as a list of floats, and the identity of the pack in the
//! file's metadata.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::{Export, FaceRow, Layout};
use crate::error::{Error, Result};
use crate::file::{Draft, Readers};

/// Rows in a group, which is held in memory before it is written: some 10 MB.
const GROUP: usize = 16_384;

pub(super) struct Parquet {
    path: PathBuf,
    writer: SerializedFileWriter<Draft>,
    scores: bool,
    rows: Vec<FaceRow>,
}

type Group<'a> = SerializedRowGroupWriter<'a, Draft>;
type Written = std::result::Result<(), ParquetError>;

impl Parquet {
    pub fn create(path: &Path, layout: &Layout) -> Result<Self> {
        let score = if layout.scores { "required double score;" } else { "" };
        let schema = format!(
            "message faces {{
                required binary photo (UTF8);
                required binary sha256 (UTF8);
                required int32 face;
                required float x;
                required float y;
                required float width;
                required float height;
                required float confidence;
                {score}
                required group embedding (LIST) {{ repeated group list {{ required float element; }} }}
            }}"
        );
        let models = KeyValue::new("verify.models".to_owned(), layout.models.clone());
        let properties = WriterProperties::builder().set_key_value_metadata(Some(vec![models]));
        // Numbers that rarely repeat are smaller without a dictionary.
        let properties = properties.set_dictionary_enabled(false).build();
        let file = Draft::new(path, Readers::Owner)?;
        let writer = parse_message_type(&schema).and_then(|schema| {
            SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties))
        });
        let writer = writer.map_err(|e| failed(path, e))?;
        Ok(Self { path: path.to_owned(), writer, scores: layout.scores, rows: Vec::new() })
    }

    fn write_group(&mut self) -> Written {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        let text = |of: fn(&FaceRow) -> &str| -> Vec<ByteArray> {
            rows.iter().map(|row| ByteArray::from(of(row))).collect()
        };
        column::<ByteArrayType>(&mut group, &text(|row| &row.photo), None)?;
        column::<ByteArrayType>(&mut group, &text(|row| &row.sha256), None)?;
        let faces: Vec<i32> = rows.iter().map(|row| row.face as i32).collect();
        column::<Int32Type>(&mut group, &faces, None)?;
        let numbers: [fn(&FaceRow) -> f32; 5] = [
            |row| row.bounds.x,
            |row| row.bounds.y,
            |row| row.bounds.width,
            |row| row.bounds.height,
            |row| row.confidence,
        ];
        for number in numbers {
            let values: Vec<f32> = rows.iter().map(number).collect();
            column::<FloatType>(&mut group, &values, None)?;
        }
        if self.scores {
            let scores: Vec<f64> = rows.iter().map(|r| r.score.unwrap_or(f64::NAN)).collect();
            column::<DoubleType>(&mut group, &scores, None)?;
        }
        let values: Vec<f32> = rows.iter().flat_map(|row| row.embedding.iter().copied()).collect();
        // Level 0 begins a list, 1 continues it.
        let starts = rows.iter().flat_map(|row| (0..row.embedding.len()).map(|i| i16::from(i > 0)));
        column::<FloatType>(&mut group, &values, Some(&starts.collect::<Vec<_>>()))?;
        group.close().map(drop)
    }
}

/// Write the next column of a group; `repeated` for a column of non-empty lists.
fn column<T: DataType>(group: &mut Group, values: &[T::T], repeated: Option<&[i16]>) -> Written {
    let missing = || ParquetError::General("more columns than the schema has".to_owned());
    let mut column = group.next_column()?.ok_or_else(missing)?;
    let defined = repeated.map(|levels| vec![1; levels.len()]);
    column.typed::<T>().write_batch(values, defined.as_deref(), repeated)?;
    column.close()
}

fn failed(path: &Path, error: ParquetError) -> Error {
    Error::write(path, std::io::Error::other(error.to_string()))
}

impl Export for Parquet {
    fn add(&mut self, row: &FaceRow) -> Result<()> {
        self.rows.push(row.clone());
        if self.rows.len() < GROUP {
            return Ok(());
        }
        self.write_group().map_err(|e| failed(&self.path, e))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.write_group().map_err(|e| failed(&self.path, e))?;
        self.writer.into_inner().map_err(|e| failed(&self.path, e))?.finish()
    }
}
