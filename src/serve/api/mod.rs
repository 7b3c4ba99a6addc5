//! What can be asked for; `assets/serve/openapi.json` describes it to others.

mod check;
mod embed;
mod others;
mod pages;
mod people;

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use super::problem::{Answer, Problem};
use super::{Shared, assets, guard};
use crate::decision::Method;
use crate::enroll::{Change, NAMELESS};
use crate::error::Result;
use crate::profile::ThresholdChoice;

/// Photos that a client does well to send in one request: enough for all threads to be at work.
const TOGETHER_A_THREAD: usize = 4;

/// All routes, behind the guard.
pub fn router(server: Shared) -> Router {
    let photos = patch(people::choose).post(people::add).delete(people::remove);
    let person = get(people::show).patch(people::change).delete(people::delete);
    let strangers = post(others::learn_strangers).delete(others::forget_strangers);
    Router::new()
        .route("/", get(assets::page))
        .route("/{asset}", get(assets::asset))
        .route("/health", get(|| async { Json(json!({ "status": "alive" })) }))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(openapi))
        .route("/api/info", get(info))
        .route("/api/people", get(people::list).post(people::create))
        .route("/api/people/{id}", person)
        .route("/api/people/{id}/export", get(people::export))
        .route("/api/people/{id}/photos", photos)
        .route("/api/people/{id}/strangers", strangers)
        .route("/api/people/{id}/look-alikes", post(others::keep_apart).delete(others::forget))
        .route("/api/people/{id}/negatives", post(others::add_negatives))
        .route("/api/people/{id}/face", get(pages::face))
        .route("/api/people/{id}/plot", get(pages::plot))
        .route("/api/people/{id}/report", get(pages::report))
        .route("/api/check", post(check::check))
        .route("/api/embed", post(embed::embed))
        .fallback(|| async { Problem::missing("there is nothing here; see /openapi.json") })
        .method_not_allowed_fallback(|| async {
            let message = "not that way; see /openapi.json";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, message)
        })
        // The budget has limits of its own; this one would be 2 MB for every form.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(server.clone(), guard::guard))
        .layer(from_fn_with_state(server.clone(), counted))
        .with_state(server)
}

/// Count a request by the pattern of its route.
async fn counted(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().to_string();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    server.metrics.answered(&method, &route, response.status().as_u16(), began.elapsed());
    response
}

/// Ready once the models are loaded, which they are before the first request is taken.
async fn ready(State(server): State<Shared>) -> impl IntoResponse {
    Json(json!({ "status": "ready", "waiting": server.analysis.waiting() }))
}

async fn metrics(State(server): State<Shared>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], server.metrics.text(&server.analysis))
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], assets::OPENAPI)
}

async fn info(State(server): State<Shared>) -> impl IntoResponse {
    let mut formats = vec!["jpeg", "png", "webp", "gif", "bmp", "tiff"];
    if cfg!(feature = "heic") {
        formats.push("heic");
    }
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "max_upload": server.budget.most,
        "together": TOGETHER_A_THREAD * server.threads,
        "methods": Method::ALL,
        "formats": formats,
        "encrypted": server.people.encrypts(),
        "pack": server.pack.identity(),
    }))
}

/// What decides, as it is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    name: Option<String>,
    far: Option<f64>,
    method: Option<Method>,
}

impl Terms {
    /// What is to be changed.
    fn change(&self) -> Answer<Change> {
        let (name, threshold) = (self.name()?, self.threshold()?);
        let folder = name.clone().unwrap_or_else(|| NAMELESS.to_owned()).into();
        Ok(Change { name, threshold, method: self.method, folder, ..Change::default() })
    }

    /// The threshold that was asked for, if one was.
    fn threshold(&self) -> Answer<Option<ThresholdChoice>> {
        self.far.map(far).transpose()
    }

    /// The name that was asked for, if one was.
    fn name(&self) -> Answer<Option<String>> {
        let Some(name) = self.name.as_deref().map(str::trim) else { return Ok(None) };
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(Problem::wrong(format!("name: give 1 to {LONGEST_NAME} letters")));
        }
        Ok(Some(name.to_owned()))
    }
}

/// The longest name of a person, in letters.
const LONGEST_NAME: usize = 200;

/// A false accept rate that makes sense.
fn far(rate: f64) -> Answer<ThresholdChoice> {
    ThresholdChoice::of_far(rate).map_err(|problem| Problem::wrong(format!("far: {problem}")))
}

/// Work of more than a moment, beside the threads that answer.
async fn aside<T: Send + 'static>(
    server: &Shared,
    work: impl FnOnce(&Shared) -> Answer<T> + Send + 'static,
) -> Answer<T> {
    let server = Arc::clone(server);
    let done = tokio::task::spawn_blocking(move || work(&server)).await;
    done.map_err(|_| Problem::broken())?
}

/// What a computation of the library came to.
fn made<T>(result: Result<T>) -> Answer<T> {
    result.map_err(Problem::from)
}
