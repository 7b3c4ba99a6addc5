//! Photos of other people: strangers, without names, who set a person's threshold; look-alikes; and the other people of
//! the supervised method.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::describe::{Guarded, OfBody, OfLearning, OfPerson};
use super::people::{Enrolment, Form, after, audit, candidates, known, photos};
use super::{Id, aside, made};
use crate::enroll::{Candidate, Change, SetBy, embeddings_of_others};
use crate::serve::Shared;
use crate::serve::audit::Audit;
use crate::serve::problem::{Answer, Problem};

/// A look-alike.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// The look-alike's name, as in the person's look_alikes.
    name: String,
}

/// The other of two people who look alike.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// The person, as GET /api/people names them.
    other: String,
}

/// Keep two enrolled people apart
///
/// Each becomes a look-alike of the other, with the photos that they are enrolled with.
#[utoipa::path(
    post, path = "/api/people/{id}/apart", operation_id = "tellApart",
    params(Id),
    request_body(content((Other = "application/json"))),
    responses(
        (status = 200, description = "The person, with the other kept apart.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn tell_apart(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    known(&server, &id).await?;
    let Other { other } = server.budget.json(request).await?;
    aside(&server, move |server| {
        let [person, _] = made(server.people.tell_apart(&id, &other))?;
        audit(server, &person)
    })
    .await
}

/// Set the threshold by strangers
///
/// Send photos of other people, without names; the person may be in some of them. The threshold then keeps the
/// chosen false accept rate among these strangers, and is never lower than without them. Only a few numbers are
/// kept, no face. Earlier numbers about strangers are replaced.
#[utoipa::path(
    post, path = "/api/people/{id}/strangers", operation_id = "learnStrangers",
    params(Id),
    request_body(content((Enrolment = "application/json"), (Form = "multipart/form-data"))),
    responses(
        (status = 200, description = "The person, with the new threshold.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn learn_strangers(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |_, photos| {
        let set_by = Some(SetBy::Faces(embeddings_of_others(&photos).concat()));
        Ok(Change { set_by, ..Change::default() })
    })
    .await
}

/// Forget the strangers
#[utoipa::path(
    delete, path = "/api/people/{id}/strangers", operation_id = "forgetStrangers",
    params(Id),
    responses(
        (status = 200, description = "The person, with the threshold set only by the population.", body = Audit),
        Guarded, OfPerson
    )
)]
pub async fn forget_strangers(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
) -> Answer<Json<Value>> {
    after(&server, id, Change { set_by: Some(SetBy::Seen), ..Change::default() }).await
}

/// Keep a look-alike apart
///
/// Send photos of somebody who must not match as the person, such as a sibling, with a name, which is required.
/// The person in most of the photos is kept apart under that name; a known name is replaced.
#[utoipa::path(
    post, path = "/api/people/{id}/look-alikes", operation_id = "keepApart",
    params(Id),
    request_body(content((Enrolment = "application/json"), (Form = "multipart/form-data"))),
    responses(
        (status = 200, description = "The person, with the look-alikes.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn keep_apart(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |asked, photos| {
        let nameless = || Problem::wrong("name: give the look-alike's name");
        let keep_apart = vec![(asked.terms().name()?.ok_or_else(nameless)?, photos)];
        Ok(Change { keep_apart, ..Change::default() })
    })
    .await
}

/// Stop keeping a look-alike apart
#[utoipa::path(
    delete, path = "/api/people/{id}/look-alikes", operation_id = "forgetLookAlike",
    params(Id, Named),
    responses(
        (status = 200, description = "The person, without that name.", body = Audit),
        Guarded, OfPerson, OfLearning
    )
)]
pub async fn forget(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    Query(Named { name }): Query<Named>,
) -> Answer<Json<Value>> {
    after(&server, id, Change { forget: vec![name], ..Change::default() }).await
}

/// Add photos of other people
///
/// They are for the method `supervised`, which separates the person from them, and are added to the known ones.
#[utoipa::path(
    post, path = "/api/people/{id}/negatives", operation_id = "addNegatives",
    params(Id),
    request_body(content((Enrolment = "application/json"), (Form = "multipart/form-data"))),
    responses(
        (status = 200, description = "The person.", body = Audit),
        Guarded, OfPerson, OfBody, OfLearning
    )
)]
pub async fn add_negatives(
    State(server): State<Shared>,
    Path(Id { id }): Path<Id>,
    request: Request,
) -> Answer<Json<Value>> {
    learnt(server, id, request, |_, photos| {
        Ok(Change { negatives: embeddings_of_others(&photos), ..Change::default() })
    })
    .await
}

/// The person after a change with the photos of a request.
async fn learnt(
    server: Shared,
    id: String,
    request: Request,
    change: impl FnOnce(&Enrolment, Vec<Candidate>) -> Answer<Change> + Send + 'static,
) -> Answer<Json<Value>> {
    known(&server, &id).await?;
    let asked = photos(&server, request).await?;
    let found = candidates(&server, &asked.photos)?;
    after(&server, id, change(&asked, found)?).await
}
