//! The page of `verify faces`: a row for each group of unknown faces.

use std::path::Path;

use askama::Template;

use super::frame::Frame;
use super::link::{address, folder_of_page};
use super::rendered;
use crate::cluster::{Gathered, Group, Member};
use crate::error::Result;
use crate::words::count;

const STYLE: &str = concat!(
    include_str!("../../assets/page/page.css"),
    include_str!("../../assets/page/faces.css")
);
const SCRIPT: &str = include_str!("../../assets/page/faces.js");

/// The most faces of a group that are shown.
const SHOWN: usize = 10;

/// The page.
#[derive(Template)]
#[template(path = "faces.html")]
struct Page<'a> {
    frame: Frame,
    /// The name of the page's file, for the command that the page shows.
    page: String,
    groups: Vec<GroupRow>,
    /// How many groups are not shown.
    more: usize,
    data: &'a Gathered,
    script: &'static str,
}

/// A group.
struct GroupRow {
    number: usize,
    words: String,
    faces: Vec<Face>,
}

/// A face that is shown.
struct Face {
    name: String,
    /// The photo's URL.
    href: Option<String>,
    /// The face as a `data:` URL.
    crop: Option<String>,
}

/// The faces that the page of the first `groups` groups shows, in order: at most ten of each group, evenly sampled
/// from the most to the least typical, so that a wrong face is noticed.
pub fn shown_faces(gathered: &Gathered, groups: usize) -> impl Iterator<Item = &Member> {
    gathered.groups.iter().take(groups).flat_map(shown_of)
}

fn shown_of(group: &Group) -> impl Iterator<Item = &Member> {
    let faces = group.faces.len();
    let shown = faces.min(SHOWN);
    (0..shown).map(move |at| &group.faces[at * (faces - 1) / shown.saturating_sub(1).max(1)])
}

/// The page of the groups in `gathered`, to be written to `path`. It shows the first `groups` groups; `crops` are
/// the faces of [`shown_faces`] as `data:` URLs.
///
/// # Errors
/// [`crate::Error::Plot`] if it cannot be made.
pub fn faces_page(
    gathered: &Gathered,
    groups: usize,
    crops: Vec<Option<String>>,
    path: &Path,
) -> Result<String> {
    let folder = folder_of_page(path);
    let with_faces = crops.iter().any(Option::is_some);
    let mut crops = crops.into_iter();
    let mut face = |member: &Member| Face {
        name: member.photo.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        href: folder.as_deref().and_then(|folder| address(folder, &member.photo)),
        crop: crops.next().flatten(),
    };
    let row = |group: &Group| GroupRow {
        number: group.group,
        words: words(group),
        faces: shown_of(group).map(&mut face).collect(),
    };
    let frame = Frame {
        title: "Unknown faces".to_owned(),
        subtitle: subtitle(gathered),
        style: STYLE,
        script: Some(SCRIPT),
        with_faces,
    };
    let page = Page {
        frame,
        page: path.to_string_lossy().into_owned(),
        groups: gathered.groups.iter().take(groups).map(row).collect(),
        more: gathered.groups.len().saturating_sub(groups),
        data: gathered,
        script: SCRIPT,
    };
    rendered(&page, Some(path))
}

fn words(group: &Group) -> String {
    let faces = count(group.faces.len(), "face");
    match &group.name {
        Some(name) => format!("{faces}, probably {name}, who is enrolled"),
        None => faces,
    }
}

fn subtitle(gathered: &Gathered) -> String {
    let grouped: usize = gathered.groups.iter().map(|group| group.faces.len()).sum();
    let known = match gathered.known {
        0 => String::new(),
        known => format!("; {} of enrolled people left out", count(known, "face")),
    };
    format!(
        "{} in {}, {} alone, of {}{known}",
        count(grouped, "face"),
        count(gathered.groups.len(), "group"),
        gathered.alone,
        count(gathered.photos, "photo"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    fn gathered(name: &str, faces: usize) -> Gathered {
        let member = |number| Member {
            photo: Path::new("/gone").join(name),
            sha256: "0".repeat(64),
            number,
            score: 5.0,
            face: face_at(1.0, 2.0, 3.0),
        };
        let faces = (1..=faces).map(member).collect();
        let group = Group { group: 1, person: Some(name.into()), name: Some(name.into()), faces };
        Gathered { groups: vec![group], ..Gathered::default() }
    }

    #[test]
    fn nothing_from_outside_is_markup_and_the_page_is_read_again() {
        let nasty = "<script>alert(1)<!--\u{2028}&'\".jpg";
        let found = gathered(nasty, 2);
        let crops = vec![Some("data:x".to_owned()), None];
        let page = faces_page(&found, 5, crops, Path::new("a'<script>.html")).unwrap();
        let ours = SCRIPT.matches("<script").count() + 2;
        assert_eq!(page.matches("<script").count(), ours, "its data and its script");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("faces.html");
        std::fs::write(&path, page).unwrap();
        assert_eq!(Gathered::read(&path).unwrap(), found);
    }

    #[test]
    fn the_most_and_the_least_typical_are_among_those_shown() {
        for faces in [1, 2, SHOWN, SHOWN + 1, 57] {
            let found = gathered("a", faces);
            let shown: Vec<usize> = shown_faces(&found, 3).map(|face| face.number).collect();
            assert_eq!(shown.len(), faces.min(SHOWN));
            assert_eq!((shown[0], *shown.last().unwrap()), (1, faces));
            assert!(shown.windows(2).all(|pair| pair[0] < pair[1]), "{shown:?}");
        }
        assert_eq!(shown_faces(&gathered("a", 3), 0).count(), 0);
    }
}
