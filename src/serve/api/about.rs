//! Routes about the server itself.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::OpenApi;

use super::describe::Guarded;
use crate::decision::Method;
use crate::photo::Format;
use crate::serve::Shared;

/// Photos per thread that a client should send in one request, so that all threads are busy.
const TOGETHER_A_THREAD: usize = 4;
/// The content type of the counters.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The server is running.
#[derive(Serialize, ToSchema)]
pub struct Alive {
    status: &'static str,
}

/// Photos can be checked.
#[derive(Serialize, ToSchema)]
pub struct Ready {
    status: &'static str,
    /// The number of photos that no thread has started.
    waiting: usize,
}

/// What the server can do.
#[derive(Serialize, ToSchema)]
pub struct Info {
    version: &'static str,
    /// The most bytes of one request.
    max_upload: u64,
    /// How many photos a client should send in one request.
    together: usize,
    /// The methods that the pack's population has a calibration for, the default first.
    methods: Vec<Method>,
    /// The photo formats that can be read.
    formats: Vec<Format>,
    /// Whether profiles are encrypted; keep_faces is then refused.
    encrypted: bool,
    /// The identity of the pack of models; profiles of another pack are refused.
    pack: String,
}

/// Whether the server is running
#[utoipa::path(
    get, path = "/health", operation_id = "health", security(),
    responses((status = 200, description = "The server is running.", body = Alive))
)]
pub async fn health() -> Json<Alive> {
    Json(Alive { status: "alive" })
}

/// Whether photos can be checked
// The models are loaded before the first request is accepted.
#[utoipa::path(
    get, path = "/ready", operation_id = "ready", security(),
    responses((status = 200, description = "Photos can be checked.", body = Ready))
)]
pub async fn ready(State(server): State<Shared>) -> Json<Ready> {
    Json(Ready { status: "ready", waiting: server.analysis.waiting() })
}

/// Counters in Prometheus' format
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics",
    responses(
        (status = 200, description = "The counters.", body = String, content_type = "application/openmetrics-text"),
        Guarded
    )
)]
pub async fn metrics(State(server): State<Shared>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, OPENMETRICS)], server.metrics.text(&server.analysis))
}

/// This description
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi",
    responses((status = 200, description = "The OpenAPI description.", body = Object), Guarded)
)]
pub async fn openapi(Extension(api): Extension<Arc<OpenApi>>) -> impl IntoResponse {
    Json(&*api).into_response()
}

/// What this server can do
#[utoipa::path(
    get, path = "/api/info", operation_id = "info",
    responses((status = 200, description = "What the server can do.", body = Info), Guarded)
)]
pub async fn info(State(server): State<Shared>) -> Json<Info> {
    Json(Info {
        version: env!("CARGO_PKG_VERSION"),
        max_upload: server.budget.most,
        together: TOGETHER_A_THREAD * server.threads,
        methods: Method::ALL
            .into_iter()
            .filter(|method| server.people.population.knows(*method))
            .collect(),
        formats: Format::ALL.into_iter().filter(|format| format.is_read()).collect(),
        encrypted: server.people.encrypts(),
        pack: server.pack.identity(),
    })
}
