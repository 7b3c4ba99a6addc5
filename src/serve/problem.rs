//! Errors as answers: a status, and one line that says the fix.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, Front};

/// An error answer.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    message: String,
}

/// An error as JSON.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Line {
    /// One line that says what is wrong and how to fix it.
    error: String,
}

/// A result whose error is an answer.
pub type Answer<T> = std::result::Result<T, Problem>;

impl Problem {
    /// An error with its status and its line.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// The request is not valid.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// The path, person or photo does not exist.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// The server is busy.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy with other photos; try again in a second")
    }

    /// The server failed.
    pub fn broken() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed on this request")
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NoProfile { .. } | Error::NoPerson { .. } | Error::NotEnrolled { .. } => {
                StatusCode::NOT_FOUND
            }
            Error::NoFaces { .. }
            | Error::NoneReadable { .. }
            | Error::TwoPeople { .. }
            | Error::WhichFace { .. }
            | Error::NoMajority { .. }
            | Error::Numeric { .. }
            | Error::NoCurve { .. }
            | Error::Value { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Error::DamagedProfile { .. }
            | Error::Encrypted { .. }
            | Error::WrongPassphrase { .. }
            | Error::EncryptedOtherwise { .. }
            | Error::NewerProfile { .. }
            | Error::OtherModels { .. }
            | Error::NotAProfile { .. }
            | Error::Review { .. }
            | Error::AmbiguousPhoto { .. } => StatusCode::CONFLICT,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.told(Front::Client))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let busy = self.status == StatusCode::SERVICE_UNAVAILABLE;
        let line = Line { error: self.message };
        let mut response = (self.status, axum::Json(line)).into_response();
        if busy {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
