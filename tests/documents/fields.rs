//! What the documents say of files: the settings of `docs/command.md` are accepted, and `docs/json.md` names every
//! field that the program prints.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// Run the program in a folder of its own, and give its standard output.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("verify").unwrap();
    command.current_dir(folder).args(arguments).args(["--no-index", "--people", "people"]);
    String::from_utf8(
        command.env("VERIFY_CONFIG", "none").assert().success().get_output().stdout.clone(),
    )
    .unwrap()
}

#[test]
fn the_settings_file_of_the_documents_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let document = std::fs::read_to_string(super::home().join("docs/command.md")).unwrap();
    let settings = document.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    std::fs::write(folder.path().join("config.toml"), settings).unwrap();
    let printed = run(folder.path(), &["config", "show", "--config", "config.toml"]);
    assert!(printed.contains("threads") && printed.contains("[people list]"), "{printed}");
}

#[test]
fn every_field_of_json_is_documented() {
    let folder = tempfile::tempdir().unwrap();
    let photo = super::home().join("tests/data/astronaut.png");
    let photo = photo.to_str().unwrap();
    let document = std::fs::read_to_string(super::home().join("docs/json.md")).unwrap();
    let enrolled = run(folder.path(), &["enroll", photo, "--name", "Eileen", "--json"]);
    let checked = run(folder.path(), &["check", photo, "--json"]);
    let identified = run(folder.path(), &["identify", photo, "--json"]);
    for (text, sections) in [(enrolled, 1), (checked, 2), (identified, 2)] {
        let mut fields = Vec::new();
        names(&serde_json::from_str(text.trim()).unwrap(), sections, &mut fields);
        for field in fields {
            assert!(document.contains(&format!("`{field}`")), "docs/json.md does not name {field}");
        }
    }
}

/// The names of an object's fields, and of those of the objects in it, so many levels deep.
fn names(value: &Value, levels: usize, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if levels > 0 => {
            found.extend(fields.keys().cloned());
            fields.values().for_each(|value| names(value, levels - 1, found));
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, levels, found)),
        _ => {}
    }
}
