//! Files are written and read back.

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::RowAccessor;

use super::*;

fn rows(count: u32, scores: bool) -> Vec<FaceRow> {
    let row = |i: u32| FaceRow {
        photo: format!("a, \"{i}\".jpg"),
        sha256: format!("{i:064x}"),
        face: i % 3,
        bounds: [i as f32, 2.0, 3.5, 4.25].into(),
        confidence: 0.5 + (i % 4) as f32 / 8.0,
        score: scores.then_some(f64::from(i) / 8.0),
        embedding: vec![i as f32, 0.25, -1.0],
    };
    (0..count).map(row).collect()
}

fn written(name: &str, rows: &[FaceRow], scores: bool) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, b"old").unwrap();
    let layout = Layout { dimensions: 3, scores, models: "pack-1".into() };
    let mut export = create(&path, &layout).unwrap();
    rows.iter().try_for_each(|row| export.add(row)).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"old", "it appears only when it is whole");
    export.finish().unwrap();
    (folder, path)
}

#[test]
fn numpy_holds_the_numbers_and_the_file_beside_it_the_rest() {
    let (folder, path) = written("x.npy", &rows(3, false), false);
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 128 + 3 * 3 * 4);
    assert!(String::from_utf8_lossy(&bytes[..128]).contains("(3, 3)"));
    assert_eq!(bytes[128 + 12..128 + 16], 1f32.to_le_bytes());
    let beside = std::fs::read_to_string(folder.path().join("x.csv")).unwrap();
    let lines: Vec<_> = beside.lines().collect();
    assert_eq!(lines[0], "photo,sha256,face,x,y,width,height,confidence,score");
    assert_eq!(lines[2], format!("\"a, \"\"1\"\".jpg\",{:064x},1,1.0,2.0,3.5,4.25,0.625,", 1));
    assert_eq!(lines.len(), 4);
    let formula =
        FaceRow { photo: "=1+2.jpg".into(), score: Some(-1.5), ..rows(1, true).remove(0) };
    let (folder_of_formula, _) = written("x.npy", &[formula], true);
    let beside = std::fs::read_to_string(folder_of_formula.path().join("x.csv")).unwrap();
    let line = beside.lines().nth(1).unwrap();
    assert!(line.starts_with("'=1+2.jpg,") && line.ends_with(",-1.5"), "{line}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_json_line_has_the_embedding_and_a_score_only_where_there_is_one() {
    for scores in [false, true] {
        let (_folder, path) = written("x.jsonl", &rows(2, scores), scores);
        let text = std::fs::read_to_string(&path).unwrap();
        let line: serde_json::Value = serde_json::from_str(text.lines().nth(1).unwrap()).unwrap();
        assert_eq!((&line["photo"], &line["face"]), (&"a, \"1\".jpg".into(), &1.into()));
        assert_eq!(line["confidence"], 0.625);
        assert_eq!(line["embedding"], serde_json::json!([1.0, 0.25, -1.0]));
        assert_eq!(line["box"], serde_json::json!([1.0, 2.0, 3.5, 4.25]));
        assert_eq!(line.get("score").is_some(), scores);
    }
}

#[test]
fn parquet_gives_back_every_row_over_several_groups() {
    for (count, scores) in [(0, true), (40_000, true), (5, false)] {
        let rows = rows(count, scores);
        let (_folder, path) = written("x.parquet", &rows, scores);
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let metadata = reader.metadata().file_metadata();
        let columns = metadata.schema_descr().root_schema().get_fields().iter().map(|f| f.name());
        let columns: Vec<_> = columns.filter(|name| *name != "score").collect();
        let expected = "photo sha256 face x y width height confidence embedding";
        assert_eq!(columns.join(" "), expected);
        assert_eq!(metadata.num_rows(), i64::from(count));
        let models = &metadata.key_value_metadata().unwrap()[0];
        assert_eq!(models.value.as_deref(), Some("pack-1"));
        let mut read = 0;
        for (found, row) in reader.get_row_iter(None).unwrap().zip(&rows) {
            let found = found.unwrap();
            let texts = [0, 1].map(|column| found.get_string(column).unwrap().as_str());
            assert_eq!(texts, [&row.photo, &row.sha256]);
            assert_eq!(found.get_int(2).unwrap(), row.face as i32);
            let numbers = [3, 4, 5, 6, 7].map(|column| found.get_float(column).unwrap());
            assert_eq!(numbers[..4], <[f32; 4]>::from(row.bounds));
            assert_eq!(numbers[4], row.confidence);
            if scores {
                assert_eq!(Some(found.get_double(8).unwrap()), row.score);
            }
            let list = found.get_list(if scores { 9 } else { 8 }).unwrap();
            let values: Vec<f32> = (0..list.len())
                .map(|i| ::parquet::record::ListAccessor::get_float(list, i).unwrap())
                .collect();
            assert_eq!(values, row.embedding);
            read += 1;
        }
        assert_eq!(read, count);
    }
}

#[test]
fn another_ending_is_refused_and_an_unfinished_file_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout { dimensions: 3, scores: false, models: String::new() };
    for name in ["x.txt", "x", "npy"] {
        assert!(matches!(create(&folder.path().join(name), &layout), Err(Error::Value { .. })));
    }
    for name in ["x.npy", "x.parquet", "x.jsonl"] {
        let mut export = create(&folder.path().join(name), &layout).unwrap();
        export.add(&rows(1, false)[0]).unwrap();
        drop(export);
        assert!(matches!(
            create(&folder.path().join("no").join(name), &layout),
            Err(Error::Write { .. })
        ));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
