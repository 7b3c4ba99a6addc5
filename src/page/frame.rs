//! What every page has around its content; `assets/page/base.html` is its template.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

/// What every page ends with.
const FOOTER: &str = "Made by verify. This page loads nothing and sends nothing; it holds faces and \
                      names of files, so treat it like the photos themselves.";
/// The same of a page without faces.
const FOOTER_BARE: &str = "Made by verify. This page loads nothing and sends nothing; it holds names \
                           of files.";

/// What every page has around its content.
pub struct Frame {
    /// What the page is called.
    pub title: String,
    /// What is said below its title.
    pub subtitle: String,
    /// Its style, which no text from outside is part of.
    pub style: &'static str,
    /// Its one script, if it has one.
    pub script: Option<&'static str>,
    /// Whether faces are in it.
    pub with_faces: bool,
}

impl Frame {
    /// The policy of the page: this style, this script, photos from the page itself, and nothing else
    /// from anywhere.
    pub fn policy(&self) -> String {
        let hash = |content: &str| BASE64_STANDARD.encode(Sha256::digest(content));
        let script =
            self.script.map_or("'none'".to_owned(), |script| format!("'sha256-{}'", hash(script)));
        format!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; \
             style-src 'sha256-{}'; script-src {script}",
            hash(self.style)
        )
    }

    /// What the page ends with.
    pub fn footer(&self) -> &'static str {
        if self.with_faces { FOOTER } else { FOOTER_BARE }
    }
}
