//! `POST /api/identify`: who of the enrolled people is in photos.

use axum::Json;
use axum::extract::{Query, Request, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfBody, OfPerson};
use super::embed::PhotoForm;
use super::{aside, far};
use crate::check::Settings;
use crate::identify::{Gallery, Identified, identify as named, unreadable};
use crate::serve::Shared;
use crate::serve::analysis::{Look, Seen};
use crate::serve::problem::{Answer, Problem};

/// What a query asks for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// The share of strangers that may be given a name, instead of what was chosen for each person.
    #[param(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1)]
    far: Option<f64>,
    /// How likely it was, before looking, that a face is that of somebody enrolled.
    #[param(exclusive_minimum = 0, exclusive_maximum = 1)]
    prior: Option<f64>,
    /// Say no-match instead of uncertain.
    strict: bool,
    /// The name of a photo that comes as bytes.
    photo: Option<String>,
}

impl Asked {
    fn settings(&self) -> Answer<Settings> {
        let prior = self.prior.unwrap_or(Settings::default().prior);
        if prior > 0.0 && prior < 1.0 {
            return Ok(Settings { prior, strict: self.strict });
        }
        Err(Problem::wrong("prior: give a probability between 0 and 1"))
    }
}

/// The answer: each photo, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifiedPhotos {
    photos: Vec<Identified>,
}

/// Say who is in photos
///
/// Each face gets the name of one of the people, or `unknown`: what `verify identify --json` says. A
/// person is at most one face of a photo. People whose profiles cannot be used are left out.
#[utoipa::path(
    post, path = "/api/identify", operation_id = "identify",
    params(Asked),
    request_body(content(
        (PhotoForm = "multipart/form-data"),
        (inline(Bytes) = "application/octet-stream"),
        (inline(Bytes) = "image/jpeg"),
        (inline(Bytes) = "image/png")
    )),
    responses(
        (status = 200, description = "Who is in each photo.", body = IdentifiedPhotos),
        Guarded, OfBody, OfPerson
    )
)]
pub async fn identify(
    State(server): State<Shared>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Answer<Json<IdentifiedPhotos>> {
    let (settings, rate) = (asked.settings()?, asked.far.map(far).transpose()?);
    let nobody = "nobody who can be recognised is enrolled; POST /api/people first";
    let gallery = aside(&server, move |server| {
        Gallery::of(&server.people, rate).map_err(|_| Problem::missing(nobody))
    });
    let (gallery, _) = gallery.await?;
    let upload = server.budget.photos(request, asked.photo.as_deref()).await?;
    let seen = server.analysis.look(upload.photos, Look::default()).await?;
    server.metrics.looked_at(&seen);
    let photos = seen.into_iter().map(|Seen { name, photo, .. }| match photo {
        Ok(photo) => named(&gallery, settings, &name, Ok(photo)),
        Err(error) => unreadable(&name, error),
    });
    Ok(Json(IdentifiedPhotos { photos: photos.collect() }))
}
