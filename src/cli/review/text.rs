//! The text that `verify review` prints in the terminal.

use super::super::output::{count, printable, shown};
use crate::review::{Answer, List, Listed};

/// The answers, and the list after them.
pub(super) fn text(
    list: &List,
    answers: &[(String, Answer)],
    undone: &[String],
    faces: bool,
) -> String {
    let mut text = String::new();
    let name = printable(&list.name);
    for (said, what) in [
        (Answer::Yes, format!("enrolled as {name}")),
        (Answer::No, "kept apart from now on".to_owned()),
        (Answer::Unsure, "to be asked about last".to_owned()),
    ] {
        let number = answers.iter().filter(|(_, answer)| *answer == said).count();
        if number > 0 {
            text += &format!("{} {what}\n", count(number, "face"));
        }
    }
    if !undone.is_empty() {
        text += &format!("undid the answers to {}\n", count(undone.len(), "face"));
    }
    if faces {
        list.faces.iter().for_each(|face| text += &line(face));
    }
    text + &summary(list) + "\n"
}

/// The text if there is nothing to review.
#[cfg(feature = "serve")]
pub(super) fn nothing(list: &List) -> String {
    summary(list)
}

fn line(face: &Listed) -> String {
    let which = match face.faces {
        1 => String::new(),
        faces => format!("  face {} of {faces} from the left", face.number),
    };
    let near = face.nearest.first().map_or(String::new(), |near| {
        let file = near.photo.file_name().unwrap_or_default().to_string_lossy();
        format!("  most like {} ({:.2})", printable(&file), near.cosine)
    });
    let unsure = if face.unsure { "  not sure" } else { "" };
    let verdict = face.judgement.verdict.to_string();
    let score = face.judgement.score;
    format!(
        "{:<13} {verdict:<9} {score:5.2}  {}{which}{near}{unsure}\n",
        face.face,
        shown(&face.photo)
    )
}

/// How many faces are left, and whether further answers matter.
fn summary(list: &List) -> String {
    let name = printable(&list.name);
    let answered = list.yes + list.no;
    if list.open + list.unsure == 0 {
        return match answered {
            0 => format!("no faces to review for {name}; `verify scan DIR` finds some"),
            _ => format!("no faces left to review for {name} ({} yes, {} no)", list.yes, list.no),
        };
    }
    let mut text = format!("{name}: {} to review", count(list.open, "face"));
    if list.unsure > 0 {
        text += &format!(", {} not sure", list.unsure);
    }
    text += &format!(" ({} yes, {} no so far)", list.yes, list.no);
    if list.settled {
        text += "; further answers would not change another face's verdict";
    }
    text
}
