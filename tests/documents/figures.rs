//! The figures of the README are those of the tables in the documents that it names.

/// A table of a document: its rows, the first of which is its head.
struct Table(Vec<Vec<String>>);

fn text(document: &str) -> String {
    std::fs::read_to_string(super::home().join(document)).unwrap()
}

impl Table {
    /// The first table after the line that begins so.
    fn after(start: &str, document: &str) -> Self {
        let text = text(document);
        let mut lines = text.lines().skip_while(|line| !line.starts_with(start));
        assert!(lines.next().is_some(), "{document} has no line that begins with `{start}`");
        let rows =
            lines.skip_while(|line| !line.starts_with('|')).take_while(|l| l.starts_with('|'));
        let cells = |row: &str| {
            row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
        };
        Self(rows.map(cells).filter(|row| !row[0].starts_with("---")).collect())
    }

    /// The cell in the first column of that name, and in the row that begins so.
    fn cell(&self, row: &[&str], column: &str) -> &str {
        let column = self.0[0].iter().position(|name| name == column).unwrap();
        let row =
            self.0.iter().find(|cells| cells.iter().zip(row).all(|(cell, name)| cell == name));
        &row.unwrap()[column]
    }
}

/// The first number of a text, and how many digits it has after the point.
fn number(text: &str) -> (f64, i32) {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
    let word = text[start..].split([' ', '(']).next().unwrap().replace(',', "");
    let digits = word.split_once('.').map_or(0, |(_, after)| after.len());
    (word.parse().unwrap(), digits as i32)
}

/// The number of the README's sentence that stands at the `{}` of `sentence`. Line breaks do not count.
fn quoted(sentence: &str) -> String {
    let readme = text("README.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = sentence.split_once("{}").unwrap();
    let found = readme.split(before).skip(1).filter_map(|rest| rest.split_once(after));
    let found = found.map(|(figure, _)| figure).find(|figure| !figure.contains(' '));
    found.unwrap_or_else(|| panic!("README does not say `{sentence}`")).to_owned()
}

/// Whether a figure of the README is that of a table, times a factor, rounded as the README has it.
fn agrees(quoted: &str, measured: &str, factor: f64) -> bool {
    let (quoted, digits) = number(quoted);
    (quoted - number(measured).0 * factor).abs() <= 0.5001 * 10f64.powi(-digits)
}

#[test]
fn the_rates_of_the_right_person_are_those_of_the_document() {
    let readme = Table::after("## How sure is it?", "README.md");
    let measured = Table::after("## Every method over many people", "docs/accuracy.md");
    for photos in ["1", "3", "5", "10", "20"] {
        let columns =
            [("FAR 1 in 100", "TAR at FAR 1e-2"), ("1 in 1,000", "1e-3"), ("1 in 10,000", "1e-4")];
        for (quoted, column) in columns {
            let quoted = readme.cell(&[photos], quoted);
            let measured = measured.cell(&["centroid", photos], column);
            assert!(agrees(quoted, measured, 100.0), "{photos} photos: {quoted} is not {measured}");
        }
    }
}

#[test]
fn the_rates_of_strangers_are_those_of_the_document() {
    let readme = Table::after("**How often it accepts a stranger", "README.md");
    let alone = Table::after("## The rate among people of one kind", "docs/accuracy.md");
    let local = Table::after("### With local strangers", "docs/accuracy.md");
    let kinds = [
        ("public figures (LFW)", "lfw"),
        ("film actors", "celeb20"),
        ("athletes", "athletes"),
        ("families (without relatives)", "fiw"),
        ("Chinese celebrities", "rmfrd"),
        ("South Asian actors and cricketers", "southasia"),
        ("K-pop idols", "kpop"),
    ];
    assert_eq!(readme.0.len(), kinds.len() + 1);
    for (kind, folder) in kinds {
        let columns = [
            ("asked: 1 in 100", &alone, "asked 1e-2: FAR", 100.0),
            ("asked: 1 in 1,000", &alone, "asked 1e-3: FAR", 1000.0),
            ("the same, with local strangers", &local, "asked 1e-3: FAR", 1000.0),
        ];
        for (quoted, table, column, factor) in columns {
            let quoted = readme.cell(&[kind], quoted);
            let measured = table.cell(&[folder, "3"], column);
            assert!(agrees(quoted, measured, factor), "{kind}: {quoted} is not {measured}");
        }
    }
}

#[test]
fn the_figures_in_sentences_are_those_of_the_documents() {
    let person = Table::after("## One person with many photos", "docs/accuracy.md");
    let siblings = Table::after("### Relatives", "docs/accuracy.md");
    let commands = Table::after("## Whole commands", "docs/performance.md");
    let copies = Table::after("**Copies, if", "docs/accuracy.md");
    let (unseen, sibling) = (["of the person, unseen"], ["sibling", "3"]);
    let sentences = [
        ("all {} other photos of him match", person.cell(&unseen, "match")),
        ("None of {} photos of strangers", person.cell(&["of strangers"], "")),
        ("of strangers and {} scenes", person.cell(&["scenes"], "")),
        ("than strangers: {} % of their photos", siblings.cell(&sibling, "FAR")),
        ("and {} % with `--not-this-person`", siblings.cell(&sibling, "FAR, kept apart")),
        ("enrolling takes {} ms a portrait", commands.cell(&["verify enroll"], "ms a photo")),
        ("scanning {} ms a small photo", commands.cell(&["verify scan, first"], "ms a photo")),
        ("one check {} s from a cold start", commands.cell(&["verify check, cold"], "s")),
        ("accepted 88 to {} % of imitated", copies.cell(&["screen, photographed"], "accepted, %")),
    ];
    for (sentence, measured) in sentences {
        let quoted = quoted(sentence);
        assert!(agrees(&quoted, measured, 1.0), "`{sentence}`: {quoted} is not {measured}");
    }
}

#[test]
fn figures_agree_if_they_are_rounded_right() {
    assert!(agrees("99.4 %", "0.9939", 100.0) && !agrees("99.4 %", "0.9946", 100.0));
    assert!(agrees("7.6", "7.6e-2 (5e-2 to 1e-1)", 100.0) && agrees("1,309 photos", "1309", 1.0));
}
