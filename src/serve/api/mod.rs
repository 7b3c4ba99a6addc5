//! The routes of the API, and their description for other programs.

mod about;
mod check;
mod describe;
mod embed;
mod faces;
mod identify;
mod others;
mod pages;
mod people;
mod review;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::{Answer, Problem};
use super::{Shared, assets, guard};
use crate::decision::Method;
use crate::enroll::{Change, NAMELESS};
use crate::error::Result;
use crate::profile::ThresholdChoice;

/// All routes. The path and the description of each are at its handler.
fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(describe::Api::openapi())
        .route("/", get(assets::page))
        .route("/{asset}", get(assets::asset))
        .routes(routes!(about::health))
        .routes(routes!(about::ready))
        .routes(routes!(about::metrics))
        .routes(routes!(about::openapi))
        .routes(routes!(about::info))
        .routes(routes!(people::list, people::create))
        .routes(routes!(people::show, people::change, people::delete))
        .routes(routes!(people::export))
        .routes(routes!(people::add, people::choose, people::remove))
        .routes(routes!(others::learn_strangers, others::forget_strangers))
        .routes(routes!(others::keep_apart, others::forget))
        .routes(routes!(others::add_negatives))
        .routes(routes!(others::tell_apart))
        .routes(routes!(review::review, review::answer))
        .routes(routes!(review::undo))
        .routes(routes!(review::face))
        .routes(routes!(pages::face))
        .routes(routes!(pages::plot))
        .routes(routes!(pages::report))
        .routes(routes!(check::check))
        .routes(routes!(identify::identify))
        .routes(routes!(embed::embed))
        .routes(routes!(faces::gather))
}

/// All routes with their description, behind the guard.
pub fn router(server: Shared) -> Router {
    let (router, mut api) = routes().split_for_parts();
    describe::complete(&mut api);
    router
        .fallback(|| async { Problem::missing("no such path; see /openapi.json") })
        .method_not_allowed_fallback(|| async {
            let message = "this path does not allow this method; see /openapi.json";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, message)
        })
        .layer(Extension(Arc::new(api)))
        // The upload budget has its own limits; this default would be 2 MB for every form.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(server.clone(), guard::guard))
        .layer(from_fn_with_state(server.clone(), counted))
        .with_state(server)
}

/// The log target of requests.
const REQUEST: &str = "sameface::serve::request";

/// Count and log a request by the pattern of its route.
async fn counted(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), began.elapsed());
    server.metrics.answered(&method, &route, status, took);
    // Only the pattern, because a path may contain a name.
    let milliseconds = took.as_millis() as u64;
    tracing::info!(target: REQUEST, method, route, status, milliseconds, "request");
    response
}

/// The person that a path is about.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct Id {
    /// The person, as GET /api/people names them.
    id: String,
}

/// The requested terms of a profile.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Terms {
    /// The person's name.
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// The false accept rate: the share of strangers that match, such as 1e-4; more than 1e-7.
    #[schema(exclusive_minimum = 1.0000001e-7, exclusive_maximum = 1)]
    far: Option<f64>,
    method: Option<Method>,
    /// The year in which the person was born; a child's photos stay useful for fewer years.
    #[schema(minimum = 1800, maximum = 2200, format = Int32)]
    born: Option<u16>,
}

impl Terms {
    /// The requested change.
    fn change(&self) -> Answer<Change> {
        let (name, threshold) = (self.name()?, self.threshold()?);
        let folder = name.clone().unwrap_or_else(|| NAMELESS.to_owned()).into();
        let (method, born) = (self.method, self.born);
        if born.is_some_and(|year| !(1800..=2200).contains(&year)) {
            return Err(Problem::wrong("born: give a year, such as 2015"));
        }
        Ok(Change { name, threshold, method, born, folder, ..Change::default() })
    }

    /// The requested threshold, if any.
    fn threshold(&self) -> Answer<Option<ThresholdChoice>> {
        self.far.map(far).transpose()
    }

    /// The requested name, if any.
    fn name(&self) -> Answer<Option<String>> {
        let Some(name) = self.name.as_deref().map(str::trim) else { return Ok(None) };
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Problem::wrong(format!("name: give 1 to {LONGEST_NAME} characters")));
        }
        Ok(Some(name.to_owned()))
    }
}

/// The longest name of a person, in characters.
const LONGEST_NAME: usize = 200;

/// A valid false accept rate.
fn far(rate: f64) -> Answer<ThresholdChoice> {
    ThresholdChoice::of_far(rate).map_err(|problem| Problem::wrong(format!("far: {problem}")))
}

/// Run longer work outside the threads that answer requests.
async fn aside<T: Send + 'static>(
    server: &Shared,
    work: impl FnOnce(&Shared) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let server = Arc::clone(server);
    let done = tokio::task::spawn_blocking(move || work(&server)).await;
    done.map_err(|_| Problem::broken())?
}

/// The result of the library, as an answer.
fn made<T>(result: Result<T>) -> Answer<T> {
    result.map_err(Problem::from)
}
