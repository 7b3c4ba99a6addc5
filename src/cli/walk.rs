//! The flags that say what to leave out of folders.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::photo::{Exclude, Walk};

/// What to leave out of folders.
#[derive(Debug, Clone, Default, Args)]
pub struct WalkArgs {
    /// Skip files and folders that match this pattern, in the syntax of .gitignore, such as *.png, thumbs/ or /old
    /// (repeatable); the skipped files are counted
    #[arg(long, value_name = "GLOB", value_parser = glob, help_heading = "Folders")]
    exclude: Vec<String>,
    /// Include hidden files and folders, whose names begin with a dot
    #[arg(long, help_heading = "Folders")]
    hidden: bool,
}

impl WalkArgs {
    /// The walk for these flags.
    pub fn walk(&self) -> Walk {
        self.without(&[])
    }

    /// The same, also skipping the folders `without`.
    pub fn without(&self, without: &[PathBuf]) -> Walk {
        Walk {
            without: without.to_vec(),
            hidden: self.hidden,
            exclude: self.excluded(),
            only: None,
        }
    }

    fn excluded(&self) -> Option<Exclude> {
        if self.exclude.is_empty() {
            return None;
        }
        // Each glob was checked when it was parsed.
        let globs = globs(&self.exclude).ok()?;
        Some(Arc::new(move |path, is_folder| globs.matched(path, is_folder).is_ignore()))
    }
}

/// A pattern of .gitignore.
fn glob(text: &str) -> Result<String, String> {
    let built = globs(&[text.to_owned()]).map_err(|error| error.to_string())?;
    if built.is_empty() {
        return Err("give a pattern, such as '*.png' or 'thumbs/'".to_owned());
    }
    Ok(text.to_owned())
}

/// Patterns for paths below the folder that is walked. The last match decides.
fn globs(lines: &[String]) -> Result<Gitignore, ignore::Error> {
    let mut builder = GitignoreBuilder::new("");
    for line in lines {
        builder.add_line(None, line)?;
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn patterns_are_those_of_gitignore() {
        let exclude = ["*.png", "thumbs/", "/old", "!keep.png", "a/**/b"].map(str::to_owned);
        let args = WalkArgs { exclude: exclude.to_vec(), hidden: false };
        let excluded = args.excluded().unwrap();
        for (path, is_folder, out) in [
            ("a.png", false, true),
            ("x/a.png", false, true),
            ("keep.png", false, false),
            ("thumbs", true, true),
            ("x/thumbs", true, true),
            ("thumbs", false, false),
            ("old", true, true),
            ("x/old", true, false),
            ("a/c/d/b", true, true),
            ("a.jpg", false, false),
        ] {
            assert_eq!(excluded(Path::new(path), is_folder), out, "{path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        assert_eq!(glob("*.png"), Ok("*.png".to_owned()));
        for wrong in ["", "#a", "a{b", "[z-a]"] {
            assert!(glob(wrong).is_err(), "{wrong}");
        }
    }
}
