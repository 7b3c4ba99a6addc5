//! The map of docs/design.md, held against the code: no room uses one that stands below it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The row of each room in the table, from the top.
fn rows(design: &str) -> HashMap<&str, usize> {
    let table = design.split("| room |").nth(1).unwrap_or_default().lines().skip(2);
    let rows = table.take_while(|line| line.starts_with("| `")).enumerate();
    let rooms = rows.flat_map(|(row, line)| {
        let cell = line.split('|').nth(1).unwrap_or_default();
        cell.split('`').skip(1).step_by(2).map(move |room| (room, row))
    });
    rooms.collect()
}

/// The Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let found =
        walkdir::WalkDir::new(folder).into_iter().flatten().map(walkdir::DirEntry::into_path);
    found.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// The rooms that a file uses outside its tests and its comments.
fn used(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let code = code.split("#[cfg(test)]\npub").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let uses = lines.flat_map(|line| line.split("crate::").skip(1));
    let name = |rest: &str| {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    uses.map(name).collect()
}

#[test]
fn no_room_uses_one_that_the_design_puts_below_it() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let design = std::fs::read_to_string(home.join("docs/design.md")).unwrap();
    let rows = rows(&design);
    let src = home.join("src");
    let mut looked_at = 0;
    for file in files(&src) {
        let path = file.strip_prefix(&src).unwrap();
        let name = path.iter().next().unwrap().to_string_lossy();
        let room = name.trim_end_matches(".rs");
        let is_test =
            path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "killed.rs");
        if ["lib", "main", "rooms"].contains(&room) || is_test {
            continue;
        }
        let row = rows.get(room);
        assert!(row.is_some(), "{room} is not in the table of docs/design.md");
        for other in used(&std::fs::read_to_string(&file).unwrap()) {
            looked_at += 1;
            let above = rows.get(other.as_str()).is_none_or(|other| Some(other) <= row);
            assert!(above, "{}: {room} uses {other}, which stands below it", path.display());
        }
    }
    assert!(looked_at > 300, "the table and the code were read: {looked_at}");
}

#[test]
fn what_stands_below_is_found() {
    let rows = rows("| room | takes |\n|---|---|\n| `a`, `b` | |\n| `c` | |\n\ntext");
    assert_eq!((rows["a"], rows["b"], rows["c"]), (0, 0, 1));
    let code = "// crate::c\nuse crate::b::{B, C};\n#[cfg(test)]\nmod tests {\n use crate::c;\n}";
    assert_eq!(used(code), ["b"]);
}
