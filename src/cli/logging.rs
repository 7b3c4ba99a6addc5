//! What happens inside, on standard error: for --verbose, $RUST_LOG, and the requests of `verify serve
//! --log`. The library says it through `tracing`; here is decided what is heard, and how it is written.

use std::io::stderr;
use std::str::FromStr;

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::fmt::time::{SystemTime, uptime};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::error::{Error, Result};

/// The variable that asks for it in the manner of other programs.
pub const VARIABLE: &str = "RUST_LOG";
/// This library's own words.
const OWN: &str = "sameface";
/// The requests of a server among them.
const REQUESTS: &str = "sameface::serve::request";

/// How requests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// A line for people
    Text,
    /// A JSON object a line
    Json,
}

/// Write from now on what --verbose, given so many times, or $RUST_LOG asks for, and requests in a form
/// if one is given. Without any of them nothing is written.
///
/// # Errors
/// [`Error::Value`] if $RUST_LOG makes no sense.
pub fn start(verbose: u8, requests: Option<LogForm>) -> Result<()> {
    let Some(heard) = heard(verbose, requests)? else { return Ok(()) };
    let closed = FmtSpan::CLOSE;
    let json = layer().json().flatten_event(true).with_current_span(false).with_timer(SystemTime);
    let text = layer().with_ansi(false).with_span_events(closed.clone());
    // A server runs for days; of a command it matters how long it has run.
    let layer = match requests {
        Some(LogForm::Json) => json.with_writer(stderr).with_span_events(closed).boxed(),
        Some(LogForm::Text) => text.with_timer(SystemTime).with_writer(stderr).boxed(),
        None => text.with_timer(uptime()).with_writer(stderr).boxed(),
    };
    // It is started once.
    let _ = tracing_subscriber::registry().with(layer.with_filter(heard)).try_init();
    Ok(())
}

/// Whether anything is written, so that no bar is drawn between the lines.
pub fn is_on() -> bool {
    LevelFilter::current() != LevelFilter::OFF
}

/// What is heard, if anything is.
fn heard(verbose: u8, requests: Option<LogForm>) -> Result<Option<Targets>> {
    let asked = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty());
    let mut heard = match (verbose, asked) {
        (0, None) if requests.is_none() => return Ok(None),
        (0, None) => Targets::new(),
        (0, Some(text)) => Targets::from_str(&text).map_err(|error| {
            Error::value(VARIABLE, format!("{error}; write for example sameface=debug"))
        })?,
        (1, _) => Targets::new().with_target(OWN, LevelFilter::INFO),
        (2, _) => Targets::new().with_target(OWN, LevelFilter::DEBUG),
        _ => Targets::new().with_target(OWN, LevelFilter::TRACE),
    };
    if requests.is_some() {
        heard = heard.with_target(REQUESTS, LevelFilter::INFO);
    }
    Ok(Some(heard))
}
