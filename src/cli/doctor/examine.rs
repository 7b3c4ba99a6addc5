//! What `verify doctor` looks at, in the order in which one thing needs another.

use serde::Serialize;

use super::super::Context;
use super::super::output::{count, shown, strangers};
use super::super::pack::{loaded, opened};
use crate::error::{Error, Result};
use crate::model::Runtime;

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Ok,
    /// Not there yet, which is no fault.
    Hint,
    /// To be mended.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What was looked at; the names stay.
    pub subject: String,
    /// How it is.
    pub health: Health,
    /// What was found and, where it is no good, what to do.
    pub detail: String,
}

impl Finding {
    /// Good news, or the error as a problem.
    pub fn of(subject: &str, result: Result<String>) -> Self {
        let (health, detail) = match result {
            Ok(detail) => (Health::Ok, detail),
            Err(error @ (Error::NoProfile { .. } | Error::Encrypted { .. })) => {
                (Health::Hint, error.to_string())
            }
            Err(error) => (Health::Problem, error.to_string()),
        };
        Self { subject: subject.to_owned(), health, detail }
    }
}

/// Look at everything. What needs an ONNX Runtime is left out where there is none.
pub fn examine(context: &Context) -> Vec<Finding> {
    let (mut findings, runtime) = match Runtime::get() {
        Ok(runtime) => {
            // No other provider is asked for when a network is loaded.
            let provider = format!("CPU, {} at a time", count(context.threads, "photo"));
            let found = Finding::of("runtime", Ok(describe(&runtime)));
            (vec![found, Finding::of("execution provider", Ok(provider))], Some(runtime))
        }
        Err(error) => (vec![Finding::of("runtime", Err(error))], None),
    };
    findings.extend(opened(&context.pack));
    if let Some(runtime) = &runtime {
        findings.extend(loaded(&context.pack, runtime));
    }
    findings.push(Finding::of("profile", profile(context)));
    findings
}

/// Which ONNX Runtime this is.
fn describe(runtime: &Runtime) -> String {
    let version = runtime.version().unwrap_or_else(|| "of unknown version".to_owned());
    let found = &runtime.found;
    format!("ONNX Runtime {version}, found in {}: {}", found.place, shown(&found.path))
}

/// Whether the profile can be used.
fn profile(context: &Context) -> Result<String> {
    let profile = context.profile()?;
    let decision = profile.decision(&context.population()?)?;
    Ok(format!(
        "{}, {}, {}, accepts {}: {}",
        profile.name,
        count(profile.kept().count(), "photo"),
        profile.method,
        strangers(decision.threshold),
        shown(&context.profile_path),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_locked_profile_is_a_hint_and_a_damaged_one_a_problem() {
        let path = || "p.json".into();
        for error in [Error::NoProfile { path: path() }, Error::Encrypted { path: path() }] {
            assert_eq!(Finding::of("profile", Err(error)).health, Health::Hint);
        }
        let reason = "half of it is missing".to_owned();
        let damaged = Error::DamagedProfile { path: path(), reason };
        let damaged = Finding::of("profile", Err(damaged));
        assert_eq!(damaged.health, Health::Problem);
        assert!(damaged.detail.starts_with("p.json"), "{}", damaged.detail);
        assert_eq!(Finding::of("runtime", Ok("fine".into())).health, Health::Ok);
    }
}
