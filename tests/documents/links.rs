//! Links between documents: the file exists, and so does the heading after `#`.

use std::path::Path;

/// The links of a document that lead nowhere, each as a line that says so.
pub fn broken(path: &Path, text: &str) -> Vec<String> {
    let folder = super::home().join(path).parent().unwrap().to_owned();
    let mut wrong = Vec::new();
    for (number, target) in targets(text) {
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let file = if file.is_empty() { super::home().join(path) } else { folder.join(file) };
        let leads = file.exists()
            && (anchor.is_empty()
                || anchors(&std::fs::read_to_string(&file).unwrap()).contains(&anchor.to_owned()));
        if !leads {
            wrong.push(format!("{}:{number}: {target} leads nowhere", path.display()));
        }
    }
    wrong
}

/// What the links and pictures of a text lead to, with the line each is in.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        for part in line.split("](").skip(1) {
            found.extend(part.split_once(')').map(|(target, _)| (number, target.to_owned())));
        }
    }
    found
}

/// The anchors of a text's headings, as GitHub makes them: lower case, hyphens for spaces, no punctuation.
fn anchors(text: &str) -> Vec<String> {
    let headings = prose(text).filter_map(|(_, line)| {
        let title = line.trim_start_matches('#');
        (title.len() < line.len()).then(|| title.trim().to_lowercase())
    });
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    };
    headings.map(|title| title.chars().filter_map(kept).collect()).collect()
}

/// The lines of a text outside blocks of code, with their numbers.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut in_block = false;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let is_fence = line.trim().starts_with("```");
        in_block ^= is_fence;
        (!in_block && !is_fence).then_some((number + 1, line))
    })
}

#[test]
fn anchors_are_those_of_headings() {
    let text = "# Who, and *how*?\n```\n# no heading\n```\n## `serve` it\nfalse\n";
    assert_eq!(anchors(text), ["who-and-how", "serve-it"]);
    assert_eq!(
        targets("see [a](b.md#c) and ![d](e.png)"),
        [(1, "b.md#c".to_owned()), (1, "e.png".to_owned())]
    );
    assert_eq!(broken(Path::new("README.md"), "[a](LICENSE-MIT) [b](gone.md) [c](#gone)").len(), 2);
}
