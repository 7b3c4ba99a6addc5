//! `POST /api/faces`: the unknown faces of photos, grouped by person.

use axum::Json;
use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::describe::{Guarded, OfBody};
use super::embed::Embedded;
use super::people::candidates;
use super::{aside, made};
use crate::cluster::{Collection, Gathered, Known};
use crate::identify::Gallery;
use crate::serve::problem::{Answer, Problem};
use crate::serve::{Server, Shared};

/// Photos whose faces are grouped.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The photos in the answer of /api/embed.
    #[schema(min_items = 1)]
    photos: Vec<Embedded>,
    /// Whether to include faces of enrolled people; their groups then have their names.
    #[serde(default)]
    known: bool,
    /// Leave out groups with fewer faces than this; 2 by default.
    #[serde(default = "two")]
    #[schema(minimum = 1, required = false)]
    least: usize,
}

fn two() -> usize {
    2
}

/// Group the unknown faces of photos by person
///
/// Does what `verify faces` does. Nothing is kept. To enrol a group, send its photos to
/// POST /api/people, each with the `number` of the group's face as its `face`.
#[utoipa::path(
    post, path = "/api/faces", operation_id = "gatherFaces",
    request_body(content = Asked),
    responses(
        (status = 200, description = "The groups, the largest first.", body = Gathered),
        Guarded, OfBody
    )
)]
pub async fn gather(State(server): State<Shared>, request: Request) -> Answer<Json<Gathered>> {
    let asked: Asked = server.budget.json(request).await?;
    if asked.least == 0 {
        return Err(Problem::wrong("least: give 1 or more"));
    }
    Ok(Json(aside(&server, move |server| gathered(server, &asked)).await?))
}

fn gathered(server: &Server, asked: &Asked) -> Answer<Gathered> {
    // If nobody can be recognised, no faces are left out.
    let gallery = Gallery::of(&server.people, None).ok().map(|(gallery, _)| gallery);
    let enrolled = if asked.known { Known::TakenIn } else { Known::LeftOut };
    let mut collection = Collection::new(&server.people.population, gallery.as_ref(), enrolled);
    for photo in candidates(server, &asked.photos)? {
        // An unreadable photo has no faces.
        collection.add(photo.path, photo.sha256, photo.faces.unwrap_or_default());
    }
    made(collection.gather(&server.pack.identity(), asked.least, server.threads))
}
