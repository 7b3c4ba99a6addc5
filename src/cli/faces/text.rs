//! The text that `verify faces` prints.

use std::fmt::Write as _;
use std::path::Path;

use crate::cli::output::{count, printable, shown};
use crate::cluster::{Gathered, Group};

/// The most groups that are listed.
const LISTED: usize = 20;

/// The groups as text. `out` is the file that they were written to.
pub fn text(gathered: &Gathered, unreadable: usize, out: Option<&Path>) -> String {
    let groups = &gathered.groups;
    let width = groups.len().min(LISTED).to_string().len();
    let mut text: String = groups.iter().take(LISTED).map(|group| line(group, width)).collect();
    if groups.len() > LISTED {
        let more = count(groups.len() - LISTED, "more group");
        let _ = writeln!(text, "and {more} (see all with --json or --out)");
    }
    let _ = writeln!(text, "{}", summary(gathered, unreadable));
    if let Some(out) = out {
        let _ = writeln!(text, "wrote {}", shown(out));
        if !groups.is_empty() {
            let _ = writeln!(
                text,
                "To enrol a group: verify enroll --from-faces {}:1 --name NAME",
                shown(out)
            );
        }
    }
    text
}

/// A group, with the photo of its most typical face.
fn line(group: &Group, width: usize) -> String {
    let faces = count(group.faces.len(), "face");
    let name = group.name.as_deref().map_or(String::new(), |name| format!("{}, ", printable(name)));
    let first = group.faces.first().map_or(String::new(), |face| shown(&face.photo));
    format!("{:>width$}  {faces:>9}  {name}as in {first}\n", group.group)
}

fn summary(gathered: &Gathered, unreadable: usize) -> String {
    let grouped: usize = gathered.groups.iter().map(|group| group.faces.len()).sum();
    let mut parts = vec![
        count(gathered.photos, "photo"),
        count(gathered.faces, "face"),
        format!("{} in {}", count(grouped, "face"), count(gathered.groups.len(), "group")),
        format!("{} alone", gathered.alone),
    ];
    if gathered.known > 0 {
        parts.push(format!("{} of enrolled people", gathered.known));
    }
    if gathered.copies > 0 {
        parts.push(count(gathered.copies, "duplicate photo"));
    }
    if unreadable > 0 {
        parts.push(format!("{} unreadable", count(unreadable, "photo")));
    }
    parts.join(", ")
}
