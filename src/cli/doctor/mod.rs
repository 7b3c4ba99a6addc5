//! `verify doctor`: examines everything that a check needs.

mod examine;

use clap::Args;
use serde::Serialize;

use super::output::{BAD, DOUBT, GOOD, print, print_json, printable, styled};
use super::{Context, Exit, Working};
use crate::error::Result;
pub(super) use examine::{Finding, Running};
use examine::{Health, examine};

/// The arguments of `verify doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify doctor
  verify doctor --device openvino                  is this device usable, with the same results?
  verify doctor --json | jq .device                the device in use, and the others
  verify doctor --json | jq '.findings[] | select(.health == \"problem\")'

Exit status: 0 everything works (a missing or locked profile is only a hint), 2 there is a \
problem.")]
pub struct DoctorArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// All findings, as printed in JSON.
#[derive(Serialize)]
struct DoctorReport {
    ok: bool,
    /// `None` if there is no ONNX Runtime, or it does not run on the requested device.
    device: Option<Running>,
    findings: Vec<Finding>,
}

/// Examine everything, and print the findings with what to do.
///
/// # Errors
/// If the output cannot be written.
pub fn run(args: &DoctorArgs, context: &Context) -> Result<Exit> {
    let working = Working::on("trying the models");
    let (findings, device) = examine(context);
    drop(working);
    print_findings(findings, device, args.json)
}

/// Print findings, and the device if known; returns the exit code.
///
/// # Errors
/// If the output cannot be written.
pub(super) fn print_findings(
    findings: Vec<Finding>,
    device: Option<Running>,
    json: bool,
) -> Result<Exit> {
    let ok = findings.iter().all(|finding| finding.health != Health::Problem);
    let report = DoctorReport { ok, device, findings };
    if json {
        print_json(&report)?;
    } else {
        print(&text(&report))?;
    }
    Ok(if ok { Exit::Success } else { Exit::Error })
}

/// A line for each finding, and a last one for all.
fn text(report: &DoctorReport) -> String {
    let line = |finding: &Finding| {
        let health = match finding.health {
            Health::Ok => styled("ok     ", GOOD),
            Health::Hint => styled("hint   ", DOUBT),
            Health::Problem => styled("problem", BAD),
        };
        format!("{health}  {:<22}  {}\n", finding.subject, printable(&finding.detail))
    };
    let lines: String = report.findings.iter().map(line).collect();
    let all = if report.ok { "Everything works." } else { "There is a problem to fix; see above." };
    format!("{lines}{all}\n")
}
