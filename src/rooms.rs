//! Tests the table of docs/design.md against the code: no room uses one below it, and neither rooms nor the modules of a
//! room use each other in a circle.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// The rooms whose modules must not use each other in a circle.
const ONE_WAY: [&str; 5] = ["identify", "people", "photo", "plot", "xmp"];

/// Which rooms use which others.
type Uses = BTreeMap<String, BTreeSet<String>>;

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

/// The Rust files of the library below `src`, without those of tests, each with its path there.
fn files() -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let of_tests = |path: &Path| {
        ["lib.rs", "main.rs", "rooms.rs"].iter().any(|name| path == Path::new(name))
            || path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "killed.rs")
    };
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&src).sort_by_file_name().into_iter().flatten() {
        let path = entry.path().strip_prefix(&src).unwrap();
        if path.extension().is_some_and(|ending| ending == "rs") && !of_tests(path) {
            let code = std::fs::read_to_string(entry.path()).unwrap();
            files.push((path.to_owned(), without_tests(&code)));
        }
    }
    files
}

/// The code without tests and comments.
fn without_tests(code: &str) -> String {
    let mut kept = String::new();
    let mut lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            kept += line;
            kept.push('\n');
            continue;
        }
        // An item for tests ends with its first line, or with a closing brace at the same indentation.
        let Some(first) = lines.find(|line| !line.trim_start().starts_with("#[")) else { break };
        if first.ends_with('{') {
            let indent = &first[..first.len() - first.trim_start().len()];
            lines.find(|line| line.strip_prefix(indent) == Some("}"));
        }
    }
    kept
}

/// The name that `code` begins with; empty if it begins with something else.
fn name(code: &str) -> &str {
    let end = code.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(code.len());
    &code[..end]
}

/// The rooms that `code` uses.
fn used(code: &str) -> Vec<&str> {
    code.split("crate::").skip(1).map(name).collect()
}

/// The paths at the beginning of `code`: one, or several for a tree of imports.
fn paths(code: &str) -> Vec<String> {
    let Some(tree) = code.strip_prefix('{') else {
        let first = name(code);
        let rest = code[first.len()..].strip_prefix("::").map(paths).unwrap_or_default();
        return match rest[..] {
            [] => vec![first.to_owned()],
            _ => rest.iter().map(|rest| format!("{first}::{rest}")).collect(),
        };
    };
    let (mut open, mut from, mut found) = (1, 0, Vec::new());
    for (at, c) in tree.char_indices() {
        open += i32::from(c == '{') - i32::from(c == '}');
        if open == 0 || (open == 1 && c == ',') {
            let part = tree[from..at].trim();
            found.extend(if part.is_empty() { Vec::new() } else { paths(part) });
            from = at + 1;
        }
        if open == 0 {
            break;
        }
    }
    found
}

/// The paths that the code of the module `own` names, from the root of the library.
fn named(own: &str, code: &str) -> Vec<String> {
    let mut found: Vec<String> = code.split("crate::").skip(1).flat_map(paths).collect();
    let mut at = own;
    for rest in code.split("super::").skip(1) {
        at = at.rsplit_once("::").map_or("", |(above, _)| above);
        // Nothing between two of them: one more level up.
        if !rest.is_empty() {
            found.extend(paths(rest).iter().map(|path| format!("{at}::{path}")));
            at = own;
        }
    }
    found
}

/// The modules of `room` with those of them that each uses, by paths such as `plot::rates::axis`.
fn modules(room: &str, files: &[(PathBuf, String)]) -> Uses {
    let module = |path: &Path| {
        let path = path.with_extension("");
        let parts = path.iter().filter(|part| *part != "mod").map(|part| part.to_string_lossy());
        parts.collect::<Vec<_>>().join("::")
    };
    let all = files.iter().map(|(path, code)| (module(path), code.as_str()));
    let codes: BTreeMap<String, &str> =
        all.filter(|(path, _)| path.split("::").next() == Some(room)).collect();
    let innermost = |path: String| {
        let mut path = path.as_str();
        while !codes.contains_key(path) {
            path = path.rsplit_once("::")?.0;
        }
        Some(path.to_owned())
    };
    let uses = codes.iter().map(|(own, code)| {
        let mut used: BTreeSet<_> = named(own, code).into_iter().filter_map(innermost).collect();
        let below = format!("{own}::");
        let children = codes.keys().filter_map(|path| path.strip_prefix(&below));
        let by_name = |child: &&str| {
            [" ", "(", "\n"].iter().any(|before| code.contains(&format!("{before}{child}::")))
        };
        used.extend(children.filter(by_name).map(|child| format!("{below}{child}")));
        used.remove(own);
        (own.clone(), used)
    });
    uses.collect()
}

/// The members of circles, or between two circles; none if there is no circle.
fn circles(mut uses: Uses) -> Uses {
    loop {
        let there: BTreeSet<String> = uses.keys().cloned().collect();
        uses.values_mut().for_each(|used| used.retain(|other| there.contains(other)));
        let used: BTreeSet<String> = uses.values().flatten().cloned().collect();
        uses.retain(|own, others| used.contains(own) && !others.is_empty());
        if uses.len() == there.len() {
            return uses;
        }
    }
}

/// The rooms with those that each uses.
fn rooms(files: &[(PathBuf, String)]) -> Uses {
    let mut uses = Uses::new();
    for (path, code) in files {
        let first = path.iter().next().unwrap().to_string_lossy();
        let room = first.trim_end_matches(".rs");
        let others = used(code).into_iter().filter(|other| *other != room);
        uses.entry(room.to_owned()).or_default().extend(others.map(str::to_owned));
    }
    uses
}

#[test]
fn no_room_uses_one_that_the_design_puts_below_it() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let design = std::fs::read_to_string(home.join("docs/design.md")).unwrap();
    let rows = rows(&design);
    let files = files();
    assert!(files.len() > 150, "the code was read: {}", files.len());
    for (room, others) in rooms(&files) {
        let row = rows.get(room.as_str());
        assert!(row.is_some(), "{room} is not in the table of docs/design.md");
        for other in others {
            let above = rows.get(other.as_str()).is_none_or(|other| Some(other) <= row);
            assert!(above, "{room} uses {other}, which stands below it");
        }
    }
}

#[test]
fn nothing_is_used_in_a_circle() {
    let files = files();
    assert_eq!(circles(rooms(&files)), Uses::new(), "rooms");
    for room in ONE_WAY {
        let uses = modules(room, &files);
        let imports: usize = uses.values().map(BTreeSet::len).sum();
        assert!(imports > 1, "the modules of {room} were read: {uses:?}");
        assert_eq!(circles(uses), Uses::new(), "modules of {room}");
    }
}

#[test]
fn what_stands_below_is_found() {
    let rows = rows("| room | takes |\n|---|---|\n| `a`, `b` | |\n| `c` | |\n\ntext");
    assert_eq!((rows["a"], rows["b"], rows["c"]), (0, 0, 1));
    let code = "// crate::c\nuse crate::b::{B, C};\n#[cfg(test)]\nmod tests {\n    use crate::c;\n}\n\
                #[cfg(test)]\npub(crate) use x::y;\nuse crate::d;";
    assert_eq!(used(&without_tests(code)), ["b", "d"]);
}

#[test]
fn a_circle_is_found_whatever_way_it_is_written() {
    let file = |path: &str, code: &str| (PathBuf::from(path), code.to_owned());
    let mut files = vec![
        file("a/mod.rs", "mod b;\nmod c;\npub use b::B;"),
        file("a/b.rs", "use super::{\n    c::{C, D},\n};\nuse crate::z::Z;"),
        file("a/c/mod.rs", "mod d;\nuse d::D;"),
        file("a/c/d.rs", "fn f() -> crate::error::Error {}"),
    ];
    let uses = modules("a", &files);
    let of = |module: &str| uses[module].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("a"), ["a::b"]);
    assert_eq!((of("a::b"), of("a::c"), of("a::c::d")), (vec!["a::c"], vec!["a::c::d"], vec![]));
    assert_eq!(circles(uses), Uses::new());
    let pairs = |pairs: &[(&str, &str)]| -> Uses {
        pairs.iter().map(|(own, used)| ((*own).into(), [(*used).into()].into())).collect()
    };
    let circle = pairs(&[("b", "c"), ("c", "b")]);
    assert_eq!(circles(pairs(&[("a", "b"), ("b", "c"), ("c", "b")])), circle, "and no more");
    for back in
        ["use super::super::b::B;", "use crate::a::b;", "use super::C;", "use super::super::*;"]
    {
        files[3].1 = back.to_owned();
        assert!(!circles(modules("a", &files)).is_empty(), "{back}");
    }
}
