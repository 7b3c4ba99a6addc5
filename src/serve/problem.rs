//! What goes wrong, as an answer: a status and one line that says the fix.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, Front};

/// An answer that is an error.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    message: String,
}

/// An error as it is sent.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub struct Line {
    /// One line that says what is wrong and what to do.
    error: String,
}

/// A result whose error is an answer.
pub type Answer<T> = std::result::Result<T, Problem>;

impl Problem {
    /// An error with its status and its line.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// What was sent makes no sense.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// What was asked for is not there.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// There is too much to do already.
    pub fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy with other photos; try again in a second")
    }

    /// Work of the server's own that broke.
    pub fn broken() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "this request broke the server's work on it")
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
