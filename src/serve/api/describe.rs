//! The description of the API, as far as no route has it: whoever adds a route finds here the answers
//! that many routes share.

use std::collections::BTreeMap;

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, OpenApi, PartialSchema, ToSchema};

use crate::serve::problem::Line;

/// The description before it has routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "sameface",
        description = "Learns one person's face from photos and says whether that person is in \
                       another photo. Photos are looked at and forgotten."
    ),
    servers((url = "/")),
    security((), ("token" = [])),
    components(schemas(Line))
)]
pub struct Api;

/// The answers that are errors: their status, their name in the description, and what they mean.
const PROBLEMS: [(u16, &str, &str); 11] = [
    (400, "Wrong", "What was sent makes no sense."),
    (401, "Unauthorized", "The token is missing or wrong."),
    (403, "Forbidden", "Asked by a page of another site, or under another name."),
    (404, "Missing", "There is no such person or photo."),
    (408, "Slow", "The request came too slowly."),
    (409, "Conflict", "The profile there is cannot be used or changed."),
    (413, "Large", "The request is too large."),
    (415, "NoPhoto", "What was sent is no photo, or encoded; the line says what it is."),
    (422, "Unenrollable", "No one person can be learnt from the photos."),
    (500, "Broken", "The server's work on it broke."),
    (503, BUSY, "There is too much to do already; try again after Retry-After seconds."),
];
/// The one that says when to come back.
const BUSY: &str = "Busy";

/// The errors of every route: those of the guard, and work that breaks.
pub enum Guarded {}

/// The errors of a route about one person.
pub enum OfPerson {}

/// The errors of a route that reads a body.
pub enum OfBody {}

/// The error of a route that may find nobody to learn or to draw.
pub enum OfLearning {}

impl IntoResponses for Guarded {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[401, 403, 500])
    }
}

impl IntoResponses for OfPerson {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[400, 404, 409])
    }
}

impl IntoResponses for OfBody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[400, 408, 413, 415, 503])
    }
}

impl IntoResponses for OfLearning {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[422])
    }
}

/// The errors of these statuses, by the names that [`complete`] gives them.
fn problems(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    let asked = PROBLEMS.iter().filter(|(status, ..)| statuses.contains(status));
    let named = asked
        .map(|(status, name, _)| (status.to_string(), RefOr::Ref(Ref::from_response_name(*name))));
    named.collect()
}

/// The bytes of a file, in a description.
pub enum Bytes {}

impl PartialSchema for Bytes {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new().schema_type(Type::String).format(Some(binary)).into()
    }
}

impl ToSchema for Bytes {}

/// Add what all routes refer to.
pub fn complete(api: &mut utoipa::openapi::OpenApi) {
    let components = api.components.get_or_insert_default();
    for (_, name, meaning) in PROBLEMS {
        components.responses.insert(name.to_owned(), problem(name, meaning).into());
    }
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Needed if the server was started with a token."))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
}

/// An answer that is an error.
fn problem(name: &str, meaning: &str) -> Response {
    let line = ContentBuilder::new().schema(Some(Ref::from_schema_name(Line::name()))).build();
    let problem = ResponseBuilder::new().description(meaning).content("application/json", line);
    match name {
        BUSY => problem.header("Retry-After", Header::new(u32::schema())),
        _ => problem,
    }
    .build()
}
