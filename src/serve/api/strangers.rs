//! `/api/people/{id}/strangers`: photos of strangers, without names, that set a person's threshold.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use serde_json::Value;

use super::people::{audit, candidates, photos};
use super::{aside, made};
use crate::enroll::{embeddings_of_others, learn_strangers};
use crate::profile::{Calibrate, Profile};
use crate::serve::Shared;
use crate::serve::problem::{Answer, Problem};

/// Learn from the faces in photos; what was learnt before is replaced.
pub async fn learn(
    State(server): State<Shared>,
    Path(id): Path<String>,
    request: Request,
) -> Answer<Json<Value>> {
    // Nobody should wait for photos to be looked at in vain.
    let known = id.clone();
    aside(&server, move |server| server.people.person(&known)).await?;
    let asked = photos(&server, request).await?;
    let learn = move |server: &Shared| {
        let faces = embeddings_of_others(&candidates(server, &asked.photos)?).concat();
        let person = server.people.change(&id, |person| {
            let profile = person.profile.clone();
            let learnt = made(learn_strangers(&profile, &server.people.population, &faces))?;
            let few = "photos: they show fewer than 20 strangers' faces; send more of them";
            let few = || Problem::new(StatusCode::UNPROCESSABLE_ENTITY, few);
            Ok(Profile {
                strangers: Some(learnt.ok_or_else(few)?),
                calibrate: Calibrate::Given,
                ..profile
            })
        })?;
        audit(server, &person)
    };
    aside(&server, learn).await
}

/// Forget what was learnt: the population alone sets the threshold.
pub async fn forget(State(server): State<Shared>, Path(id): Path<String>) -> Answer<Json<Value>> {
    let forget = move |server: &Shared| {
        let person = server.people.change(&id, |person| {
            let profile = person.profile.clone();
            Ok(Profile { strangers: None, calibrate: Calibrate::Auto, ..profile })
        })?;
        audit(server, &person)
    };
    aside(&server, forget).await
}
