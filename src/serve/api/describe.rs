//! The parts of the API's description that routes share, such as error responses.

use std::collections::BTreeMap;

use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Header, Ref, RefOr, Response, ResponseBuilder, Schema};
use utoipa::{IntoResponses, OpenApi, PartialSchema, ToSchema};

use crate::serve::problem::Line;

/// The description without routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "sameface",
        description = "Learns one person's face from photos and says whether that person is in \
                       another photo. Photos are analysed and not kept."
    ),
    servers((url = "/")),
    security((), ("token" = [])),
    components(schemas(Line))
)]
pub struct Api;

/// The error responses: status, name in the description, and meaning.
const PROBLEMS: [(u16, &str, &str); 11] = [
    (400, "Wrong", "The request is not valid."),
    (401, "Unauthorized", "The token is missing or wrong."),
    (403, "Forbidden", "The request came from another site's page, or under another host name."),
    (404, "Missing", "There is no such person or photo."),
    (408, "Slow", "The request came too slowly."),
    (409, "Conflict", "The existing profile cannot be used or changed."),
    (413, "Large", "The request is too large."),
    (415, "NoPhoto", "The body is not a photo, or is encoded; the message says which."),
    (422, "Unenrollable", "The photos do not show one clear person."),
    (500, "Broken", "The server failed on the request."),
    (503, BUSY, "The server is busy; try again after Retry-After seconds."),
];
/// The response with a Retry-After header.
const BUSY: &str = "Busy";

/// The errors of every route: those of the guard, and failures of the server.
pub enum Guarded {}

/// The errors of a route about one person.
pub enum OfPerson {}

/// The errors of a route that reads a body.
pub enum OfBody {}

/// The error of a route that may find no clear person to enrol or to draw.
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

/// The errors with these statuses, by the names that [`complete`] gives them.
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

/// Add the components that all routes refer to.
pub fn complete(api: &mut utoipa::openapi::OpenApi) {
    let components = api.components.get_or_insert_default();
    for (_, name, meaning) in PROBLEMS {
        components.responses.insert(name.to_owned(), problem(name, meaning).into());
    }
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("Required if the server was started with a token."))
        .build();
    components.add_security_scheme("token", SecurityScheme::Http(token));
}

/// An error response.
fn problem(name: &str, meaning: &str) -> Response {
    let line = ContentBuilder::new().schema(Some(Ref::from_schema_name(Line::name()))).build();
    let problem = ResponseBuilder::new().description(meaning).content("application/json", line);
    match name {
        BUSY => problem.header("Retry-After", Header::new(u32::schema())),
        _ => problem,
    }
    .build()
}
