//! `POST /api/embed`: the faces of photos with their embeddings, from which a person can be enrolled later.

use std::path::PathBuf;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::describe::{Bytes, Guarded, OfBody};

use crate::enroll::Candidate;
use crate::error::Error;
use crate::face::{Concern, Quality};
use crate::pack::Purpose;
use crate::photo::Date;
use crate::pipeline::AnalysedFace;
use crate::profile::{Choice, is_unit, path_as_text};
use crate::serve::analysis::{AnalysedUpload, Look};
use crate::serve::problem::{Answer, Problem};
use crate::serve::{Server, Shared};

/// The most faces of one photo that a client may send.
const MOST_FACES: usize = 1000;
/// The largest coordinate in a photo, in pixels.
const FARTHEST: f32 = 1e6;

/// A photo with its faces, as sent to clients and accepted back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Embedded {
    /// The photo's name.
    #[serde(serialize_with = "path_as_text")]
    #[schema(value_type = String, min_length = 1, max_length = 1024)]
    pub photo: PathBuf,
    /// The SHA-256 of its file, in hexadecimal.
    #[serde(default)]
    #[schema(pattern = "^[0-9a-fA-F]{0,64}$")]
    pub sha256: String,
    /// Its width in pixels, upright.
    #[serde(default)]
    #[schema(format = Int64, maximum = 4294967295u32)]
    pub width: u32,
    /// Its height in pixels, upright.
    #[serde(default)]
    #[schema(format = Int64, maximum = 4294967295u32)]
    pub height: u32,
    /// Its faces, the largest first.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub faces: Vec<EmbeddedFace>,
    /// For enrolling: which of its faces is the person's, counted from the left from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, nullable = false)]
    pub face: Option<usize>,
    /// Whether its file is cut off, so that a part of the picture is missing; it cannot be enrolled then.
    #[serde(default)]
    pub truncated: bool,
    /// How much of the picture is missing then, in percent; null if the file is whole.
    #[serde(default)]
    #[schema(maximum = 100, format = Int32)]
    pub missing: Option<u8>,
    /// The day on which it was taken, if its file or its name says so.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub taken: Option<Date>,
    /// Why it could not be read.
    #[serde(default)]
    pub error: Option<String>,
}

/// A face with its embedding.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EmbeddedFace {
    #[serde(flatten)]
    pub face: AnalysedFace,
    /// What makes it hard to judge.
    #[serde(default)]
    pub concerns: Vec<Concern>,
    /// A small picture of it as a `data:` URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<String>,
}

/// How photos are analysed.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// Whether to add small pictures of the faces.
    crops: bool,
    /// The name of a photo that is sent as bytes.
    #[param(max_length = 1024, nullable = false)]
    photo: Option<String>,
}

/// Photos, as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form is read field by field; this describes it")]
pub struct PhotoForm {
    /// Photos, as files.
    #[schema(inline, min_items = 1)]
    photo: Vec<Bytes>,
}

/// Photos with their faces, in order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Photos {
    photos: Vec<Embedded>,
}

/// The faces of photos with their embeddings
#[utoipa::path(
    post, path = "/api/embed", operation_id = "embed",
    params(Asked),
    request_body(content(
        (PhotoForm = "multipart/form-data"),
        (inline(Bytes) = "application/octet-stream"),
        (inline(Bytes) = "image/jpeg"),
        (inline(Bytes) = "image/png")
    )),
    responses(
        (status = 200, description = "The photos, in order.", body = Photos),
        Guarded, OfBody
    )
)]
pub async fn embed(
    State(server): State<Shared>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Answer<Json<Photos>> {
    let upload = server.budget.photos(request, asked.photo.as_deref()).await?;
    let look = Look { portraits: asked.crops, purpose: Purpose::Enrolling };
    let seen = server.analysis.look(upload.photos, look).await?;
    Ok(Json(Photos { photos: embedded(&server, seen) }))
}

/// The analysed photos, as sent to the client.
pub fn embedded(server: &Server, seen: Vec<AnalysedUpload>) -> Vec<Embedded> {
    server.metrics.looked_at(&seen);
    seen.into_iter().map(Embedded::from).collect()
}

impl From<AnalysedUpload> for Embedded {
    fn from(AnalysedUpload { name, photo, portraits }: AnalysedUpload) -> Self {
        let mut portraits = portraits.into_iter();
        match photo {
            Ok(photo) => Self {
                taken: photo.taken.or_else(|| Date::in_name(&name)),
                photo: name,
                sha256: photo.sha256,
                width: photo.width,
                height: photo.height,
                truncated: photo.missing.is_some(),
                missing: photo.missing,
                faces: photo
                    .faces
                    .into_iter()
                    .map(|face| EmbeddedFace {
                        concerns: face.quality.concerns.clone(),
                        face,
                        crop: portraits.next().flatten(),
                    })
                    .collect(),
                face: None,
                error: None,
            },
            Err(error) => Self {
                photo: name,
                sha256: String::new(),
                width: 0,
                height: 0,
                truncated: false,
                missing: None,
                faces: Vec::new(),
                face: None,
                taken: None,
                error: Some(error),
            },
        }
    }
}

impl Embedded {
    /// The photo as a candidate for enrolment, if all its numbers are valid.
    pub fn candidate(&self, dimensions: usize) -> Answer<Candidate> {
        let wrong = |problem: &str| {
            let message =
                format!("{}: {problem}; send the answer of /api/embed", self.photo.display());
            Err(Problem::new(StatusCode::BAD_REQUEST, message))
        };
        let name = self.photo.as_os_str().len();
        if name == 0 || name > super::super::upload::LONGEST_NAME {
            return wrong("its name is empty or too long");
        }
        if !self.sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) || self.sha256.len() > 64 {
            return wrong("its sha256 is not 64 hexadecimal digits");
        }
        if self.faces.len() > MOST_FACES {
            return wrong("it has too many faces");
        }
        for EmbeddedFace { face, .. } in &self.faces {
            if face.embedding.len() != dimensions || !is_unit(&face.embedding) {
                return wrong("an embedding is not a unit vector of the right size");
            }
            let corners: [f32; 4] = face.face.bounds.into();
            let points = face.face.landmarks.iter().flat_map(|point| [point.x, point.y]);
            if !corners.into_iter().chain(points).all(|v| v.abs() < FARTHEST) {
                return wrong("a face is not within a photo");
            }
            // A number that is not finite could be saved but not read again.
            let Quality { eye_distance, sharpness, yaw, confidence, .. } = face.quality;
            let measures = [eye_distance, sharpness, yaw, confidence, face.face.confidence];
            if !measures.into_iter().all(f32::is_finite) {
                return wrong("a measure of a face is too large");
            }
        }
        let missing = self.missing.or(self.truncated.then_some(0));
        let cut_off = missing.map(|missing| Error::CutOff { path: self.photo.clone(), missing });
        let cut_off = cut_off.map(|error| error.to_string());
        let faces = match self.error.clone().or(cut_off) {
            Some(error) => Err(error),
            None => Ok(self.faces.iter().map(|face| face.face.clone()).collect()),
        };
        let (path, sha256) = (self.photo.clone(), self.sha256.to_ascii_lowercase());
        Ok(Candidate {
            path,
            sha256,
            faces,
            bystanders: 0,
            number: None,
            choice: Choice::Auto,
            sent: true,
            taken: self.taken,
        })
    }
}
