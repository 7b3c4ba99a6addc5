//! The log on standard error: for --verbose, $RUST_LOG, and the requests of `verify serve --log`. The library
//! logs through `tracing`; this module decides what is written, and in which form.

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

/// The variable that sets the log level.
pub const VARIABLE: &str = "RUST_LOG";
/// The target of this library's events.
const OWN: &str = "sameface";
/// The target of a server's requests.
const REQUESTS: &str = "sameface::serve::request";

/// The form of the request log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogForm {
    /// A line of text
    Text,
    /// One JSON object per line
    Json,
}

/// Start the log at the level of `verbose` (how often --verbose was given) or $RUST_LOG, and log `requests` if a
/// form is given. Without any of these nothing is logged.
///
/// # Errors
/// [`Error::Value`] if $RUST_LOG is not valid.
pub fn start(verbose: u8, requests: Option<LogForm>) -> Result<()> {
    let Some(heard) = heard(verbose, requests)? else { return Ok(()) };
    let closed = FmtSpan::CLOSE;
    let json = layer().json().flatten_event(true).with_current_span(false).with_timer(SystemTime);
    let text = layer().with_ansi(false).with_span_events(closed.clone());
    // A server's log has dates; a command's log has the time since its start.
    let layer = match requests {
        Some(LogForm::Json) => json.with_writer(stderr).with_span_events(closed).boxed(),
        Some(LogForm::Text) => text.with_timer(SystemTime).with_writer(stderr).boxed(),
        None => text.with_timer(uptime()).with_writer(stderr).boxed(),
    };
    // Only the first call starts it.
    let _ = tracing_subscriber::registry().with(layer.with_filter(heard)).try_init();
    Ok(())
}

/// Whether anything is logged, so that no progress bar is drawn between the lines.
pub fn is_on() -> bool {
    LevelFilter::current() != LevelFilter::OFF
}

/// The targets and levels that are logged; `None` for no log.
fn heard(verbose: u8, requests: Option<LogForm>) -> Result<Option<Targets>> {
    let asked = std::env::var(VARIABLE).ok().filter(|text| !text.is_empty());
    let mut heard = match (verbose, asked) {
        (0, None) if requests.is_none() => return Ok(None),
        (0, None) => Targets::new(),
        (0, Some(text)) => Targets::from_str(&text).map_err(|error| {
            Error::value(VARIABLE, format!("{error}; set for example sameface=debug"))
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
