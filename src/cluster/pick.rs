//! What was gathered, read again from the file that it was written to.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{Gathered, Group};
use crate::error::{Error, Result};

/// The beginning and the end of the data in a page.
pub const IN_PAGE: [&str; 2] = ["<script type=\"application/json\" id=\"data\">", "</script>"];
/// The most bytes that are read: a page of a million faces with their pictures has fewer.
const MOST: u64 = 1 << 30;

impl Gathered {
    /// What `verify faces` wrote to `path`: a page, or JSON.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Value`] if it is something else.
    pub fn read(path: &Path) -> Result<Self> {
        let mut text = String::new();
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        file.take(MOST).read_to_string(&mut text).map_err(|e| Error::read(path, e))?;
        let [begin, end] = IN_PAGE;
        let data = text
            .split_once(begin)
            .map_or(text.as_str(), |(_, rest)| rest.split_once(end).map_or(rest, |(data, _)| data));
        serde_json::from_str(data).map_err(|_| {
            let problem = "is nothing that `verify faces` wrote; give its page or its JSON";
            Error::value(path.to_string_lossy(), problem)
        })
    }

    /// The group of this number.
    ///
    /// # Errors
    /// [`Error::Value`] if there is none.
    pub fn group(&self, number: usize) -> Result<&Group> {
        let found = self.groups.iter().find(|group| group.group == number);
        found.ok_or_else(|| {
            let problem = match self.groups.len() {
                0 => "there are no groups; look for faces in more photos".to_owned(),
                1 => "there is one group; give 1".to_owned(),
                groups => format!("there are {groups} groups; give a number from 1 to {groups}"),
            };
            Error::value(format!("group {number}"), problem)
        })
    }
}
