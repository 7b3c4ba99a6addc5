//! `verify pack check`: loads a pack's models, runs them, and compares with its description.

use super::super::doctor::{Finding, Running, print_findings};
use super::super::output::grouped;
use super::super::{Exit, Working};
use crate::decision::{Method, Population};
use crate::error::{Error, Result};
use crate::model::{Provider, Runtime};
use crate::pack::{GOLDEN_TOLERANCE, ModelFile, Pack, golden_difference};

/// Check `pack`, and print what was found.
pub(super) fn run(pack: &Pack, json: bool) -> Result<Exit> {
    let working = Working::on("trying the models");
    let runtime = Runtime::get()?;
    let mut findings = opened(pack);
    findings.extend(loaded(pack, &runtime));
    findings.push(Finding::of("population", population(pack)));
    drop(working);
    print_findings(findings, Some(Running::from(&runtime.device)), json)
}

/// The pack's identity, and each model file compared with its hash.
pub(in super::super) fn opened(pack: &Pack) -> Vec<Finding> {
    let file = |file: &ModelFile| {
        let checked = pack.check_file(file).map(|bytes| {
            let short: String = file.sha256.chars().take(12).collect();
            format!("{} kB, sha256 {short}… as in pack.json", grouped(bytes as u64 / 1000))
        });
        Finding::of(&file.file, checked)
    };
    let identity = Finding::of("pack", Ok(format!("{}, {}", pack.identity(), pack.place())));
    std::iter::once(identity).chain(pack.description.files().into_iter().map(file)).collect()
}

/// Whether the models load, and compute the same embedding as the original embedder.
pub(in super::super) fn loaded(pack: &Pack, runtime: &Runtime) -> Vec<Finding> {
    let detector = pack.detector(runtime).map(|_| "loads".to_owned());
    let embedder =
        pack.embedder(runtime).map(|_| "loads, with the dimensions in pack.json".to_owned());
    vec![
        Finding::of("detector", detector),
        Finding::of("embedder", embedder),
        Finding::of("golden embedding", golden(pack, runtime)),
    ]
}

fn golden(pack: &Pack, runtime: &Runtime) -> Result<String> {
    let Some(difference) = golden_difference(pack, runtime)? else {
        return Ok("the pack has none".to_owned());
    };
    if difference <= GOLDEN_TOLERANCE {
        return Ok(format!("within {difference:.0e} of the original embedder's"));
    }
    let remedy = match runtime.device.provider {
        Provider::Cpu => "install another version of ONNX Runtime",
        _ => "use --device cpu",
    };
    Err(Error::model(
        &pack.description.embedder.model.file,
        format!("an embedding is off by {difference:.0e}; {remedy}"),
    ))
}

/// Whether the pack has a population, and for which methods. A pack without one can be opened to estimate it.
fn population(pack: &Pack) -> Result<String> {
    let population = Population::of(pack)?;
    let unknown = Method::ALL.into_iter().filter(|method| !population.knows(*method));
    let unknown: Vec<_> = unknown.map(Method::name).collect();
    Ok(if unknown.is_empty() {
        "estimated with this pack".to_owned()
    } else {
        format!(
            "estimated with this pack, but without the method {}; estimate it again with `verify population`",
            unknown.join(" and ")
        )
    })
}
