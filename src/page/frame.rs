//! The frame of every page: title, style, script, policy and footer. `assets/page/base.html` is its template.

use base64::prelude::{BASE64_STANDARD, Engine};
use sha2::{Digest, Sha256};

/// The footer of every page.
const FOOTER: &str = "Made by verify. This page loads nothing and sends nothing. It contains faces and file \
                      names, so protect it like the photos themselves.";
/// The footer of a page without faces.
const FOOTER_BARE: &str =
    "Made by verify. This page loads nothing and sends nothing. It contains file names.";

/// The frame of a page.
pub struct Frame {
    /// The page's title.
    pub title: String,
    /// The line below its title.
    pub subtitle: String,
    /// Its style, without any text from outside.
    pub style: &'static str,
    /// Its script, if it has one.
    pub script: Option<&'static str>,
    /// Whether it contains faces.
    pub with_faces: bool,
}

impl Frame {
    /// The page's content security policy: this style, this script, pictures in the page itself, and nothing
    /// else.
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

    /// The page's footer.
    pub fn footer(&self) -> &'static str {
        if self.with_faces { FOOTER } else { FOOTER_BARE }
    }
}
