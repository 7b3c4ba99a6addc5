//! JSON lines: one object per face.

use std::io::Write;
use std::path::Path;

use super::{Export, FaceRow};
use crate::error::{Error, Result};
use crate::file::{Draft, Readers};

pub(super) struct JsonLines {
    file: Draft,
}

impl JsonLines {
    pub fn create(path: &Path) -> Result<Self> {
        Ok(Self { file: Draft::new(path, Readers::Owner)? })
    }
}

impl Export for JsonLines {
    fn add(&mut self, row: &FaceRow) -> Result<()> {
        let written = serde_json::to_writer(&mut self.file, row).map_err(std::io::Error::from);
        written
            .and_then(|()| self.file.write_all(b"\n"))
            .map_err(|e| Error::write(self.file.path(), e))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.file.finish()
    }
}
