//! Reads the tables for `verify eval`: pairs of photos, and groups of people. Errors name the file and the line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::cli::output::{grouped, shown};
use crate::error::{Error, Result};
use crate::eval::{Grouping, Pair};

/// The format of a line in a table of pairs.
const PAIR: &str = "write two photos and 1 (one person) or 0 (two people), as in a/1.jpg,b/2.jpg,0";
/// The format of a line in LFW's pairs.
const LFW_PAIR: &str =
    "write a name and the numbers of two of their photos, or a name and a number twice";

/// Pairs of photos, and their number of folds.
pub(super) struct Pairs {
    pub pairs: Vec<Pair>,
    pub folds: usize,
}

/// The pairs in `file`: LFW's `pairs.txt`, whose photos are below `people` or beside the file, or lines of two
/// photos and 1 or 0, whose paths are relative to the file.
///
/// # Errors
/// If the file cannot be read, a line is wrong, or a photo is missing.
pub(super) fn pairs(file: &Path, people: Option<&Path>) -> Result<Pairs> {
    let text = std::fs::read_to_string(file).map_err(|e| Error::read(file, e))?;
    let beside = file.parent().unwrap_or(Path::new("")).to_owned();
    let lines = Lines { file, flag: "--pairs" };
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
    let numbers: Option<Vec<usize>> = header.iter().map(|word| word.parse().ok()).collect();
    let read = match numbers.as_deref() {
        Some([folds, pairs]) => lfw(&lines, &text, people.unwrap_or(&beside), [*folds, *pairs])?,
        Some([pairs]) => lfw(&lines, &text, people.unwrap_or(&beside), [1, *pairs])?,
        _ => Pairs { pairs: listed(&lines, &text, &beside)?, folds: 1 },
    };
    if read.pairs.is_empty() {
        return Err(Error::value("--pairs", format!("{} has no pairs; {PAIR}", shown(file))));
    }
    Ok(read)
}

/// A table that is read line by line.
struct Lines<'a> {
    file: &'a Path,
    flag: &'static str,
}

impl Lines<'_> {
    /// The error about a line, counted from 1.
    fn wrong(&self, line: u64, problem: &str) -> Error {
        Error::value(self.flag, format!("{}, line {line}: {problem}", shown(self.file)))
    }

    /// The records of the table with their lines; tabs separate the cells if the first line has one.
    fn records(&self, text: &str) -> Result<Vec<(u64, StringRecord)>> {
        let tabs = text.lines().next().is_some_and(|line| line.contains('\t'));
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(if tabs { b'\t' } else { b',' })
            .trim(Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let record = |record: csv::Result<StringRecord>| {
            let record = record.map_err(|e| {
                let line = e.position().map_or(1, csv::Position::line);
                self.wrong(line, "cannot be read; save the table as UTF-8")
            })?;
            Ok((record.position().map_or(1, csv::Position::line), record))
        };
        reader.records().map(record).collect()
    }

    /// A pair of two different photos that exist.
    fn pair(
        &self,
        line: u64,
        photos: [PathBuf; 2],
        people: [String; 2],
        genuine: bool,
    ) -> Result<Pair> {
        if let Some(missing) = photos.iter().find(|photo| !photo.is_file()) {
            let problem =
                format!("the photo {} does not exist; correct or remove the line", shown(missing));
            return Err(self.wrong(line, &problem));
        }
        if photos[0] == photos[1] {
            return Err(self.wrong(line, "both photos are the same file; name two"));
        }
        Ok(Pair { photos, people, genuine, fold: 0 })
    }
}

/// The pairs in LFW's format. Its first line gives the number of folds, and of pairs of each label in each fold.
fn lfw(lines: &Lines, text: &str, folder: &Path, [folds, each]: [usize; 2]) -> Result<Pairs> {
    let mut pairs = Vec::new();
    for (line, words) in (1..).zip(text.lines()).skip(1).filter(|(_, line)| !line.trim().is_empty())
    {
        let parted: Vec<&str> = match words.contains('\t') {
            true => words.split('\t').map(str::trim).collect(),
            false => words.split_whitespace().collect(),
        };
        let number = |number: &str| {
            number
                .parse::<u32>()
                .map_err(|_| lines.wrong(line, &format!("{number} is not a number; {LFW_PAIR}")))
        };
        let photo = |name: &str, of: u32| folder.join(name).join(format!("{name}_{of:04}.jpg"));
        let [(one, first), (other, second)] = match parted[..] {
            [name, first, second] => [(name, number(first)?), (name, number(second)?)],
            [one, first, other, second] => [(one, number(first)?), (other, number(second)?)],
            _ => return Err(lines.wrong(line, LFW_PAIR)),
        };
        let photos = [photo(one, first), photo(other, second)];
        let pair = lines.pair(line, photos, [one, other].map(str::to_owned), parted.len() == 3)?;
        let fold = pairs.len() / (2 * each).max(1);
        pairs.push(Pair { fold, ..pair });
    }
    let promised = 2 * folds * each;
    if pairs.len() != promised {
        let [promised, found] = [promised, pairs.len()].map(|count| grouped(count as u64));
        let problem =
            format!("it announces {promised} pairs, but {found} follow; correct the numbers");
        return Err(lines.wrong(1, &problem));
    }
    Ok(Pairs { pairs, folds })
}

/// The pairs of lines with two photos and a label.
fn listed(lines: &Lines, text: &str, beside: &Path) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (at, (line, record)) in lines.records(text)?.into_iter().enumerate() {
        let cells: Vec<&str> = record.iter().collect();
        let [one, other, label] = cells[..] else { return Err(lines.wrong(line, PAIR)) };
        let photos = [one, other].map(|photo| beside.join(photo));
        let genuine = match label {
            "1" => true,
            "0" => false,
            // The names of the columns.
            _ if at == 0 && !photos[0].exists() => continue,
            _ => return Err(lines.wrong(line, PAIR)),
        };
        let people = [one, other].map(|photo| person(Path::new(photo)));
        pairs.push(lines.pair(line, photos, people, genuine)?);
    }
    Ok(pairs)
}

/// The person in a photo: the name of its folder, or if it has none, the photo's own file name.
fn person(photo: &Path) -> String {
    let folder = photo.parent().and_then(Path::file_name);
    folder.or(photo.file_name()).unwrap_or_default().to_string_lossy().into_owned()
}

/// The groups in `file`, which has a person and one or more labels in each line. The first line names the columns if
/// its person is not `known`.
///
/// # Errors
/// If the file cannot be read, a line is wrong, or nobody in it is known.
pub(super) fn groupings(file: &Path, known: impl Fn(&str) -> bool) -> Result<Vec<Grouping>> {
    let lines = Lines { file, flag: "--group" };
    let text = std::fs::read_to_string(file).map_err(|e| Error::read(file, e))?;
    let mut records = lines.records(&text)?;
    let columns = records.first().map_or(0, |(_, record)| record.len());
    let headed =
        records.first().is_some_and(|(_, record)| !known(record.get(0).unwrap_or_default()));
    let header = if headed { Some(records.remove(0).1) } else { None };
    let name = |column: usize| match header.as_ref().and_then(|header| header.get(column)) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ if columns == 2 => "group".to_owned(),
        _ => format!("group {column}"),
    };
    let grouping = |column| Grouping { name: name(column), labels: BTreeMap::new() };
    let mut groupings: Vec<Grouping> = (1..columns).map(grouping).collect();
    for (line, record) in records {
        if record.len() != columns || columns < 2 {
            let problem = "write a person and a label, as in Ann,female; give every line the same number of labels";
            return Err(lines.wrong(line, problem));
        }
        let person = &record[0];
        for (grouping, label) in groupings.iter_mut().zip(record.iter().skip(1)) {
            let before = match label {
                "" => None,
                label => grouping.labels.insert(person.to_owned(), label.to_owned()),
            };
            if before.is_some_and(|before| before != label) {
                let problem =
                    format!("{} has another label already; keep one", shown(Path::new(person)));
                return Err(lines.wrong(line, &problem));
            }
        }
    }
    if !groupings.iter().flat_map(|grouping| grouping.labels.keys()).any(|name| known(name)) {
        let problem = format!(
            "{} names none of these people; write the names of their folders in its first column",
            shown(file)
        );
        return Err(Error::value("--group", problem));
    }
    Ok(groupings)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with photos of two people and a table.
    fn folder(table: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        for photo in ["a/a_0001.jpg", "a/a_0002.jpg", "b/b_0001.jpg", "x y.jpg"] {
            let path = folder.path().join(photo);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, b"").unwrap();
        }
        let file = folder.path().join("table");
        std::fs::write(&file, table).unwrap();
        (folder, file)
    }

    fn read(table: &str) -> std::result::Result<Vec<(String, String, bool, usize)>, String> {
        let (_folder, file) = folder(table);
        let read = pairs(&file, None).map_err(|e| e.to_string())?;
        let pair = |pair: Pair| {
            let [one, other] = pair.people;
            (one, other, pair.genuine, pair.fold)
        };
        Ok(read.pairs.into_iter().map(pair).collect())
    }

    fn pair(one: &str, other: &str, genuine: bool, fold: usize) -> (String, String, bool, usize) {
        (one.to_owned(), other.to_owned(), genuine, fold)
    }

    #[test]
    fn pairs_of_lfw_belong_to_folds() {
        let table = "2\t1\na\t1\t2\na\t1\tb\t1\na\t2\t1\nb\t1\ta\t2\n";
        let expected = vec![
            pair("a", "a", true, 0),
            pair("a", "b", false, 0),
            pair("a", "a", true, 1),
            pair("b", "a", false, 1),
        ];
        assert_eq!(read(table), Ok(expected.clone()));
        assert_eq!(read(&table.replace('\t', "  ")), Ok(expected));
        assert_eq!(read("1\na 1 2\na 1 b 1\n").unwrap().len(), 2);
    }

    #[test]
    fn listed_pairs_are_parted_by_commas_or_tabs_and_may_have_a_header() {
        let table = "one,other,same\na/a_0001.jpg, a/a_0002.jpg ,1\n\"x y.jpg\",b/b_0001.jpg,0\n";
        let expected = vec![pair("a", "a", true, 0), pair("x y.jpg", "b", false, 0)];
        assert_eq!(read(table), Ok(expected.clone()));
        assert_eq!(read(&table.replace(',', "\t")), Ok(expected));
    }

    #[test]
    fn what_is_wrong_with_pairs_is_said_with_file_and_line() {
        for (table, line, part) in [
            ("a/a_0001.jpg,a/a_0002.jpg,yes\n", 1, "1 (one person) or 0"),
            ("a/a_0001.jpg,a/a_0002.jpg,1\na/a_0001.jpg,1\n", 2, "write two photos"),
            ("a/a_0001.jpg,b/b_0009.jpg,0\n", 1, "b_0009.jpg does not exist; correct or remove"),
            ("a/a_0001.jpg,a/a_0001.jpg,1\n", 1, "the same file"),
            ("1 1\na 1 2\na one b 1\n", 3, "one is not a number"),
            ("1 1\na 1 2\na 1 b\n", 3, "b is not a number"),
            ("1 1\na 1 2\n\na 1\n", 4, "write a name"),
            ("1 1\na 1 2\na 7 b 1\n", 3, "a_0007.jpg"),
            ("10 300\na 1 2\n", 1, "announces 6,000 pairs, but 1 follow"),
        ] {
            let error = read(table).unwrap_err();
            let place = format!("table, line {line}: ");
            assert!(error.contains(&place) && error.contains(part), "{table}: {error}");
            assert_eq!(error.lines().count(), 1);
        }
        assert!(read("one,other,same\n").unwrap_err().contains("has no pairs"));
    }

    fn groups(table: &str) -> std::result::Result<Vec<Grouping>, String> {
        let (_folder, file) = folder(table);
        groupings(&file, |name| ["a", "b"].contains(&name)).map_err(|e| e.to_string())
    }

    #[test]
    fn each_column_of_labels_is_a_grouping() {
        let found = groups("person,sex,age\na,female,\nb,male,old\nz,male,old\n").unwrap();
        let names: Vec<_> = found.iter().map(|grouping| grouping.name.as_str()).collect();
        assert_eq!(names, ["sex", "age"]);
        assert_eq!(found[0].labels["a"], "female");
        assert_eq!(found[1].labels.get("a"), None, "an empty cell is no label");
        let bare = groups("a\tx\nb\ty\n").unwrap();
        assert_eq!((bare[0].name.as_str(), bare[0].labels.len()), ("group", 2));
    }

    #[test]
    fn what_is_wrong_with_groups_is_said_with_file_and_line() {
        for (table, part) in [
            ("a,x\nb\n", "table, line 2: write a person and a label"),
            ("a\nb\n", "table, line 1: write a person"),
            ("a,x\nb,y\na,y\n", "table, line 3: a has another label"),
            ("name,sex\nz,male\n", "table names none of these people"),
            ("", "names none of these people"),
        ] {
            let error = groups(table).unwrap_err();
            assert!(error.contains(part), "{table}: {error}");
        }
    }
}
