//! The table of docs/design.md, walked: every step that it names can be taken on the command line, over HTTP,
//! on the page and in Python.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::client::Server;
use crate::sandbox::{Sandbox, stdout};

/// What stands in a cell if a step cannot be taken in this way, which only Python may have.
const NONE: &str = "–";

fn home(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The rows of the table: the step, then what it is called in each of the four ways.
fn rows() -> Vec<[String; 5]> {
    let design = std::fs::read_to_string(home("docs/design.md")).unwrap();
    let table = design.split("| step |").nth(1).unwrap();
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', ""));
        cells.collect::<Vec<_>>().try_into().unwrap()
    };
    lines.map(row).collect()
}

/// All files below a folder of the repository with this ending, but for `other`.
fn text_of(folder: &str, ending: &str, other: &str) -> String {
    let files = std::fs::read_dir(home(folder)).unwrap().map(|file| file.unwrap().path());
    let wanted = files.filter(|path| {
        path.extension().is_some_and(|e| e == ending)
            && path.file_name().is_some_and(|n| n != other)
    });
    wanted.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// `verify enroll --add` is a command with this option.
fn on_the_command_line(sandbox: &Sandbox, cell: &str) {
    let words: Vec<&str> = cell.split(' ').collect();
    let (flags, command): (Vec<&str>, Vec<&str>) =
        words[1..].iter().partition(|word| word.starts_with("--"));
    let help = stdout(&sandbox.run(&[&command[..], &["--help"]].concat()).success());
    for flag in flags {
        let known = help.split([' ', '\n', '=', ',']).any(|word| word == flag);
        assert!(known, "`{cell}`: {flag} is not in its help");
    }
}

/// `POST /api/people` is described.
fn over_http(description: &Value, cell: &str) {
    let (method, path) = cell.split_once(' ').unwrap();
    assert!(description["paths"][path][method.to_lowercase()].is_object(), "{cell}");
}

/// The function of this name asks the server, and something on the page calls it.
fn on_the_page(cell: &str) {
    let api = std::fs::read_to_string(home("assets/serve/api.js")).unwrap();
    let asks = [format!("export const {cell} ="), format!("export async function {cell}(")];
    assert!(asks.iter().any(|line| api.contains(line)), "api.js has no {cell}");
    let page = text_of("assets/serve", "js", "api.js");
    assert!(page.contains(&format!("api.{cell}")), "nothing on the page calls {cell}");
}

/// `Profile.changed add` is a method with this parameter.
fn in_python(cell: &str) {
    let code = text_of("python/sameface", "py", "");
    let mut words = cell.split(' ');
    let name = words.next().unwrap();
    let (class, function) = name.split_once('.').unwrap_or(("", name));
    let inside = match class {
        "" => code.as_str(),
        class => {
            let begins = format!("\nclass {class}");
            let rest = code.split(&begins).nth(1).unwrap_or_else(|| panic!("no class {class}"));
            rest.split("\nclass ").next().unwrap()
        }
    };
    let begins = format!("def {function}(");
    let signature = inside.split(&begins).nth(1).unwrap_or_else(|| panic!("no {name}"));
    let signature = signature.split("\"\"\"").next().unwrap();
    for parameter in words {
        assert!(signature.contains(&format!("{parameter}:")), "{name} takes no {parameter}");
    }
}

#[test]
fn every_step_can_be_taken_in_every_way() {
    let sandbox = Sandbox::new();
    let description = Server::alone(&[]).get("/openapi.json").json();
    let rows = rows();
    assert!(rows.len() > 15, "the table was read: {}", rows.len());
    for [step, command, http, page, python] in rows {
        assert!([&step, &command, &http, &page].iter().all(|cell| *cell != NONE), "{step}");
        on_the_command_line(&sandbox, &command);
        over_http(&description, &http);
        on_the_page(&page);
        if python != NONE {
            in_python(&python);
        }
    }
}
