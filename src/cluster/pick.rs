//! Reads groups back from the file that `verify faces` wrote.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::{Gathered, Group};
use crate::error::{Error, Result};

/// What comes before and after the data in a page.
pub const IN_PAGE: [&str; 2] = ["<script type=\"application/json\" id=\"data\">", "</script>"];
/// The largest file that is read, in bytes: a page of a million faces with their pictures is smaller.
const MOST: u64 = 1 << 30;

impl Gathered {
    /// Read the page or JSON that `verify faces` wrote to `path`.
    ///
    /// # Errors
    /// [`Error::Read`]; [`Error::Value`] if it is another file.
    pub fn read(path: &Path) -> Result<Self> {
        let mut text = String::new();
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        file.take(MOST).read_to_string(&mut text).map_err(|e| Error::read(path, e))?;
        let [begin, end] = IN_PAGE;
        let data = text
            .split_once(begin)
            .map_or(text.as_str(), |(_, rest)| rest.split_once(end).map_or(rest, |(data, _)| data));
        serde_json::from_str(data).map_err(|_| {
            let problem = "not a file of `verify faces`; give its page or its JSON";
            Error::value(path.to_string_lossy(), problem)
        })
    }

    /// The group with this number.
    ///
    /// # Errors
    /// [`Error::Value`] if there is none.
    pub fn group(&self, number: usize) -> Result<&Group> {
        let found = self.groups.iter().find(|group| group.group == number);
        found.ok_or_else(|| {
            let problem = match self.groups.len() {
                0 => "there are no groups; run `verify faces` on more photos".to_owned(),
                1 => "there is only one group; give 1".to_owned(),
                groups => format!("there are {groups} groups; give a number from 1 to {groups}"),
            };
            Error::value(format!("group {number}"), problem)
        })
    }
}
