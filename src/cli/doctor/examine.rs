//! The examinations of `verify doctor`, each after those that it depends on.

use serde::Serialize;

use super::super::Context;
use super::super::output::{count, shown, strangers};
use super::super::pack::{loaded, opened};
use crate::error::{Error, Front, Result};
use crate::model::{Choice, Device, Runtime};
use crate::video::Ffmpeg;

/// The state of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It works.
    Ok,
    /// It is missing, which may be intended.
    Hint,
    /// It must be fixed.
    Problem,
}

/// The state of one thing that was examined.
#[derive(Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What was examined; the names are stable.
    pub subject: String,
    /// Its state.
    pub health: Health,
    /// What was found and, if there is a problem, the fix.
    pub detail: String,
}

impl Finding {
    /// `Ok` with a detail, or the error as a problem or hint.
    pub fn of(subject: &str, result: Result<String>) -> Self {
        let (health, detail) = match result {
            Ok(detail) => (Health::Ok, detail),
            Err(
                error
                @ (Error::NoProfile { .. } | Error::Encrypted { .. } | Error::NoFfmpeg { .. }),
            ) => (Health::Hint, error.told(Front::Command)),
            Err(error) => (Health::Problem, error.told(Front::Command)),
        };
        Self { subject: subject.to_owned(), health, detail }
    }
}

/// The device that the networks run on.
#[derive(Debug, PartialEq, Serialize)]
pub struct Running {
    /// The device that was asked for, or `auto`.
    asked: &'static str,
    /// The device that the networks run on.
    used: &'static str,
    /// The devices that ONNX Runtime was built for.
    offered: Vec<&'static str>,
    /// Better ways to run on the device that do not work, and why.
    passed_over: Vec<PassedOver>,
}

/// A device that does not work.
#[derive(Debug, PartialEq, Serialize)]
struct PassedOver {
    device: String,
    reason: String,
}

impl From<&Choice> for Running {
    fn from(choice: &Choice) -> Self {
        let passed_over = choice.passed_over.iter().map(|(provider, reason)| PassedOver {
            device: provider.to_string(),
            reason: reason.clone(),
        });
        Self {
            asked: choice.asked.name(),
            used: choice.provider.device().name(),
            offered: choice.offered.iter().map(|device| device.name()).collect(),
            passed_over: passed_over.collect(),
        }
    }
}

/// Examine everything, except what depends on ONNX Runtime if there is none, and what depends on a device
/// that does not work.
pub fn examine(context: &Context) -> (Vec<Finding>, Option<Running>) {
    // The CPU works if anything does.
    let library = Runtime::on(Device::Cpu);
    let there = library.is_ok();
    let mut findings = vec![Finding::of("runtime", library.map(|runtime| describe(&runtime)))];
    let mut runtime = None;
    if there {
        let asked = Runtime::get().map(|found| runtime.insert(found));
        let detail = asked.map(|runtime| device(&runtime.device, context.threads));
        findings.push(Finding::of("execution provider", detail));
    }
    findings.extend(opened(&context.pack));
    if let Some(runtime) = &runtime {
        findings.extend(loaded(&context.pack, runtime));
    }
    findings.push(Finding::of("profile", profile(context)));
    findings.push(Finding::of("video", ffmpeg(context)));
    (findings, runtime.map(|runtime| Running::from(&runtime.device)))
}

/// The device that the networks run on, and why not another.
fn device(choice: &Choice, threads: usize) -> String {
    let names: Vec<&str> = choice.offered.iter().map(|device| device.name()).collect();
    let over = choice.passed_over.iter();
    let over: String =
        over.map(|(provider, reason)| format!("; not {provider}: {reason}")).collect();
    let (provider, asked, offered) = (choice.provider, choice.asked, names.join(", "));
    let threads = count(threads, "photo");
    format!("{provider}, {threads} at a time (requested: {asked}; offered: {offered}{over})")
}

/// The version of ONNX Runtime and where it was found.
fn describe(runtime: &Runtime) -> String {
    let version = runtime.version().unwrap_or_else(|| "of unknown version".to_owned());
    let found = &runtime.found;
    format!("ONNX Runtime {version}, found {}: {}", found.place, shown(&found.path))
}

/// The ffmpeg that reads videos.
fn ffmpeg(context: &Context) -> Result<String> {
    let missing = |reason| Error::NoFfmpeg { path: "any video".into(), reason };
    let ffmpeg = Ffmpeg::find(context.threads).map_err(missing)?;
    Ok(format!("ffmpeg: {}", shown(ffmpeg.program())))
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
        strangers(decision.far()),
        shown(context.profile_path()?),
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
