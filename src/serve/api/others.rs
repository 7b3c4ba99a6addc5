//! Photos of other people: strangers, without names, who set a person's threshold; people who must not
//! be taken for the person; and those whom the supervised method learns from.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use serde::Deserialize;
use serde_json::Value;

use super::people::{Photos, after, candidates, known, photos};
use crate::enroll::{Candidate, Change, SetBy, embeddings_of_others};
use crate::serve::Shared;
use crate::serve::problem::{Answer, Problem};

/// Somebody who is kept apart.
#[derive(Debug, Deserialize)]
pub struct Named {
    name: String,
}

/// Learn from the faces in photos of strangers; what was learnt before is replaced.
pub async fn learn_strangers(
    State(server): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |_, photos| {
        let set_by = Some(SetBy::Faces(embeddings_of_others(&photos).concat()));
        Ok(Change { set_by, ..Change::default() })
    })
    .await
}

/// Forget what was learnt of strangers: the population alone sets the threshold.
pub async fn forget_strangers(
    State(server): State<Shared>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    after(&server, id, Change { set_by: Some(SetBy::Seen), ..Change::default() }).await
}

/// Keep the person in most of the photos apart, under the name that comes with them.
pub async fn keep_apart(
    State(server): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |asked, photos| {
        let nameless = || Problem::wrong("name: say who is to be kept apart");
        let keep_apart = vec![(asked.terms().name()?.ok_or_else(nameless)?, photos)];
        Ok(Change { keep_apart, ..Change::default() })
    })
    .await
}

/// Keep somebody apart no longer.
pub async fn forget(
    State(server): State<Shared>,
    Path(id): Path<String>,
    Query(Named { name }): Query<Named>,
) -> Answer<Json<Value>> {
    after(&server, id, Change { forget: vec![name], ..Change::default() }).await
}

/// Learn from photos of other people what the person is not.
pub async fn add_negatives(
    State(server): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |_, photos| {
        Ok(Change { negatives: embeddings_of_others(&photos), ..Change::default() })
    })
    .await
}

/// The person after the change that comes of the photos of a request.
async fn learnt(
    server: Shared,
    id: String,
    request: Request,
    change: impl FnOnce(&Photos, Vec<Candidate>) -> Answer<Change> + Send + 'static,
) -> Answer<Json<Value>> {
    known(&server, &id).await?;
    let asked = photos(&server, request).await?;
    let found = candidates(&server, &asked.photos)?;
    after(&server, id, change(&asked, found)?).await
}
