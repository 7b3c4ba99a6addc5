//! The embeddings in an index without their photos: the local strangers that calibrate a profile.

use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::{Index, schema};
use crate::pipeline::Cache;

const COUNT: &str = "
    SELECT a.id, count(p.id) FROM analyses a JOIN photos p ON p.analysis = a.id
    WHERE a.identity = ?1 AND length(p.embeddings) > 0 GROUP BY a.id";
const EMBEDDINGS: &str = "
    SELECT embeddings FROM photos WHERE analysis = ?1 AND length(embeddings) > 0 AND id % ?2 = 0";

impl Index {
    /// The embeddings of the faces found by `analysis`, one after another: of all photos, or of about `most` evenly
    /// sampled ones. Empty if the index cannot be read, which [`Index::notice`] reports.
    #[must_use]
    pub fn embeddings(&self, analysis: &str, most: usize) -> Vec<f32> {
        let read = |connection: &Connection| -> rusqlite::Result<Vec<f32>> {
            let found = connection
                .query_row(COUNT, [analysis], |row| {
                    Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
                })
                .optional()?;
            let Some((id, photos)) = found else { return Ok(Vec::new()) };
            let every = (photos as usize).div_ceil(most).max(1) as i64;
            let mut numbers = Vec::new();
            let mut statement = connection.prepare(EMBEDDINGS)?;
            let mut rows = statement.query((id, every))?;
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref(0)?.as_blob()?;
                numbers.extend(
                    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])),
                );
            }
            Ok(numbers)
        };
        // Include what waits to be written.
        self.flush();
        let connection = schema::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        connection.and_then(|connection| read(&connection)).unwrap_or_else(|error| {
            self.failed(&error);
            Vec::new()
        })
    }
}
