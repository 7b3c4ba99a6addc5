//! `POST /api/identify`: which of the enrolled people are in photos.

use axum::Json;
use axum::extract::{Query, Request, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfBody, OfPerson};
use super::embed::PhotoForm;
use super::{aside, far};
use crate::check::CheckSettings;
use crate::identify::{Gallery, Identified, identify as named, unreadable};
use crate::photo::{Limits, Metadata, Source};
use crate::serve::Shared;
use crate::serve::analysis::{AnalysedUpload, Look};
use crate::serve::problem::{Answer, Problem};
use crate::xmp::{Named, text_for};

/// The query's parameters.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// The share of strangers that may be given a name, instead of the rate chosen for each person.
    #[param(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1)]
    far: Option<f64>,
    /// The prior probability that a face is that of somebody enrolled.
    #[param(exclusive_minimum = 0, exclusive_maximum = 1)]
    prior: Option<f64>,
    /// Say no-match instead of uncertain.
    strict: bool,
    /// The name of a photo that comes as bytes.
    photo: Option<String>,
    /// Whether to add the text of an XMP sidecar for each photo, with the names and the places of their faces.
    xmp: bool,
}

impl Asked {
    fn settings(&self) -> Answer<CheckSettings> {
        let prior = self.prior.unwrap_or(CheckSettings::default().prior);
        if prior > 0.0 && prior < 1.0 {
            return Ok(CheckSettings { prior, strict: self.strict });
        }
        Err(Problem::wrong("prior: give a probability between 0 and 1"))
    }
}

/// The answer: each photo, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifiedPhotos {
    photos: Vec<IdentifiedPhoto>,
}

/// A photo, with its sidecar if requested.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifiedPhoto {
    #[serde(flatten)]
    photo: Identified,
    /// With `xmp=true`, if somebody was recognised in the photo: the sidecar that `verify identify --xmp` writes beside a
    /// photo without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    xmp: Option<String>,
}

/// The metadata of the photos, if requested.
fn metadata(photos: &[Source], asked: bool) -> Vec<Option<Metadata>> {
    let limits = Limits::default();
    let of = |photo: &Source| match photo {
        Source::Bytes { name, bytes } if asked => Some(Metadata::of(name, bytes, &limits)),
        _ => None,
    };
    photos.iter().map(of).collect()
}

/// The sidecar for a photo of this size.
fn sidecar(found: &Identified, metadata: &Metadata, size: (u32, u32)) -> Option<String> {
    let known = found.faces.iter().filter(|face| face.person.is_some());
    let named = known.map(|face| Named { name: face.name.clone(), bounds: face.face.bounds });
    text_for(&found.photo, metadata, size, &named.collect::<Vec<_>>()).ok()?
}

/// Identify the people in photos
///
/// Each face is given the name of one of the people, or `unknown`, as in `verify identify --json`. At most
/// one face in a photo is given the same person's name. People whose profiles cannot be used are left out.
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
    let nobody = "nobody is enrolled who can be recognised; enrol somebody with POST /api/people";
    let gallery = aside(&server, move |server| {
        Gallery::of(&server.people, rate).map_err(|_| Problem::missing(nobody))
    });
    let (gallery, _) = gallery.await?;
    let mut upload = server.budget.photos(request, asked.photo.as_deref()).await?;
    let (photos, wanted) = (std::mem::take(&mut upload.photos), asked.xmp);
    let read = aside(&server, move |_| {
        let metadata = metadata(&photos, wanted);
        Ok((photos, metadata))
    });
    let (photos, metadata) = read.await?;
    let seen = server.analysis.look(photos, Look::default()).await?;
    server.metrics.looked_at(&seen);
    let said =
        |(AnalysedUpload { name, photo, .. }, metadata): (AnalysedUpload, Option<Metadata>)| {
            match photo {
                Ok(photo) => {
                    let size = (photo.width, photo.height);
                    let photo = named(&gallery, settings, &name, Ok(photo));
                    let xmp = metadata.and_then(|metadata| sidecar(&photo, &metadata, size));
                    IdentifiedPhoto { photo, xmp }
                }
                Err(error) => IdentifiedPhoto { photo: unreadable(&name, error), xmp: None },
            }
        };
    let photos = seen.into_iter().zip(metadata).map(said);
    Ok(Json(IdentifiedPhotos { photos: photos.collect() }))
}
