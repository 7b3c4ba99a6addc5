//! The page's files, which are built into the program.

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;

use super::problem::{Answer, Problem};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file's name, its content type and its content.
type Asset = (&'static str, &'static str, &'static str);

const ASSETS: [Asset; 19] = [
    ("index.html", HTML, include_str!("../../assets/serve/index.html")),
    ("style.css", CSS, include_str!("../../assets/serve/style.css")),
    ("api.js", SCRIPT, include_str!("../../assets/serve/api.js")),
    ("card.js", SCRIPT, include_str!("../../assets/serve/card.js")),
    ("check.js", SCRIPT, include_str!("../../assets/serve/check.js")),
    ("drop.js", SCRIPT, include_str!("../../assets/serve/drop.js")),
    ("enrol.js", SCRIPT, include_str!("../../assets/serve/enrol.js")),
    ("faces.js", SCRIPT, include_str!("../../assets/serve/faces.js")),
    ("identify.js", SCRIPT, include_str!("../../assets/serve/identify.js")),
    ("main.js", SCRIPT, include_str!("../../assets/serve/main.js")),
    ("markup.js", SCRIPT, include_str!("../../assets/serve/markup.js")),
    ("person.js", SCRIPT, include_str!("../../assets/serve/person.js")),
    ("pictures.js", SCRIPT, include_str!("../../assets/serve/pictures.js")),
    ("rate.js", SCRIPT, include_str!("../../assets/serve/rate.js")),
    ("results.js", SCRIPT, include_str!("../../assets/serve/results.js")),
    ("review.css", CSS, include_str!("../../assets/serve/review.css")),
    ("review.js", SCRIPT, include_str!("../../assets/serve/review.js")),
    ("scale.js", SCRIPT, include_str!("../../assets/serve/scale.js")),
    ("whose.js", SCRIPT, include_str!("../../assets/serve/whose.js")),
];

/// The page itself.
pub async fn page() -> Answer<impl IntoResponse> {
    found("index.html")
}

/// What the page loads.
pub async fn asset(Path(name): Path<String>) -> Answer<impl IntoResponse> {
    found(&name)
}

fn found(name: &str) -> Answer<impl IntoResponse + use<>> {
    let asset = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, kind, content) =
        asset.ok_or_else(|| Problem::missing("no such path; the page is at /"))?;
    Ok(([(header::CONTENT_TYPE, *kind)], *content))
}
