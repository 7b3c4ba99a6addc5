//! Links from a page to photos.

use std::path::{Component, Path, PathBuf};

use crate::file::folder_of;

/// The URL of the photo at `path` for a page in `folder`: relative, so that it still works if both move together,
/// and reveals as little of the disk as possible. `None` if the photo is gone.
#[must_use]
pub fn address(folder: &Path, path: &Path) -> Option<String> {
    let photo = path.canonicalize().ok()?;
    let (mut from, mut to) = (folder.components().peekable(), photo.components().peekable());
    if from.peek() != to.peek() {
        // The photo is on another drive.
        return None;
    }
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| "..".to_owned());
    let down = to.map(|part| match part {
        Component::Normal(name) => encoded(name.as_encoded_bytes()),
        _ => String::new(),
    });
    let parts: Vec<String> = up.chain(down).collect();
    Some(format!("./{}", parts.join("/")))
}

/// The absolute path of a page's folder.
#[must_use]
pub fn folder_of_page(page: &Path) -> Option<PathBuf> {
    folder_of(page).canonicalize().ok()
}

/// A name in a URL: all bytes except letters, digits and -._~ as %XX.
fn encoded(name: &[u8]) -> String {
    let mut safe = String::with_capacity(name.len());
    for byte in name {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                safe.push(char::from(*byte));
            }
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_from_the_page_to_the_photo() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for name in ["pages/deep", "photos/my cat"] {
            std::fs::create_dir_all(root.join(name)).unwrap();
        }
        let photo = root.join("photos/my cat/<b>#1?%.jpg");
        std::fs::write(&photo, b"x").unwrap();
        let tail = "photos/my%20cat/%3Cb%3E%231%3F%25.jpg";
        assert_eq!(address(&root, &photo), Some(format!("./{tail}")));
        assert_eq!(address(&root.join("pages/deep"), &photo), Some(format!("./../../{tail}")));
        assert_eq!(address(&root, &root.join("gone.jpg")), None);
        assert_eq!(folder_of_page(&root.join("a.html")), Some(root));
    }

    #[test]
    fn a_name_is_never_a_scheme() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::write(root.join("javascript:alert(1).jpg"), b"x").unwrap();
        let found = address(&root, &root.join("javascript:alert(1).jpg")).unwrap();
        assert!(found.starts_with("./javascript%3A"), "{found}");
    }
}
