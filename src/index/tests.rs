//! The index as the pipeline and several programs use it.

use super::*;
use crate::face::tests::face_at;
use crate::face::{Concern, Quality};
use crate::pipeline::{AnalysedFace, CachedPhoto, Stamp};
use crate::waiting::wait_until;

pub(crate) const ANALYSIS: &str = "pack, all views, version 1";

/// A face that `size` tells from others.
pub(crate) fn face(size: f32) -> AnalysedFace {
    let quality = Quality {
        eye_distance: size,
        sharpness: 0.3,
        yaw: 1.5,
        confidence: 0.99,
        concerns: vec![Concern::Small, Concern::TurnedAway],
    };
    let (sin, cos) = size.sin_cos();
    AnalysedFace { face: face_at(50.0, 40.0, size), quality, embedding: vec![sin, cos, 0.0] }
}

/// A hash that `number` tells from others.
pub(crate) fn sha(number: u64) -> String {
    format!("{number:064x}")
}

pub(crate) fn photo(number: u64) -> AnalysedPhoto {
    AnalysedPhoto {
        path: format!("{number}.jpg").into(),
        at: None,
        sha256: sha(number),
        width: 640,
        height: 480,
        faces: (0..number % 3).map(|i| face((number + i) as f32)).collect(),
        missing: (number % 5 == 4).then_some(number as u8),
        taken: (number % 4 == 3).then(|| "2015-03-12".parse().unwrap()),
    }
}

pub(crate) fn stamp(number: i64) -> Stamp {
    Stamp { size: number, modified: 7, changed: 8, inode: 9, settled: true }
}

pub(crate) fn known(photo: &AnalysedPhoto) -> Option<CachedPhoto> {
    let AnalysedPhoto { sha256, width, height, faces, missing, taken, .. } = photo.clone();
    Some(CachedPhoto { sha256, width, height, faces, missing, taken })
}

fn open(place: &Place) -> Index {
    let (index, remade) = Index::open(place).unwrap();
    assert_eq!(remade, None);
    index
}

fn filled(place: &Place, numbers: std::ops::Range<u64>) -> Index {
    let index = open(place);
    for number in numbers {
        index.keep(ANALYSIS, &photo(number), &News::Faces(Some(stamp(number as i64))));
    }
    index.settle();
    assert_eq!(index.notice(), None);
    index
}

/// Have only a full batch or `settle` write next, not the time that a slow machine took for less.
pub(crate) fn without_haste(index: &Index) {
    let ahead = std::time::Duration::from_secs(3600);
    index.writer().as_mut().unwrap().flushed = std::time::Instant::now() + ahead;
}

fn place() -> (tempfile::TempDir, Place) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::named(folder.path().join("new/index.sqlite"));
    (folder, place)
}

#[test]
fn a_photo_is_known_by_its_file_and_by_its_content() {
    let (_folder, place) = place();
    drop(filled(&place, 0..600));
    let index = open(&place);
    let mut recall = index.reader(ANALYSIS);
    for number in [0, 1, 599] {
        let photo = photo(number);
        assert_eq!(recall.by_file(&photo.path, &stamp(number as i64)), known(&photo));
        assert_eq!(recall.by_content(&photo.sha256), known(&photo));
    }
    assert_eq!(recall.by_file("1.jpg".as_ref(), &stamp(2)), None, "another stamp");
    assert_eq!(recall.by_file("x.jpg".as_ref(), &stamp(1)), None, "another name");
    assert_eq!(recall.by_content(&sha(600)), None);
    let mut other = index.reader("pack, one view, version 1");
    assert_eq!(other.by_content(&sha(1)), None, "another way of looking");
    let info = info(&place).unwrap();
    assert_eq!((info.photos, info.faces, info.files), (600, 600, 600));
}

#[test]
fn a_file_that_may_change_unseen_is_known_by_its_content_alone() {
    let (_folder, place) = place();
    let index = open(&place);
    let fresh = Stamp { settled: false, ..stamp(4) };
    index.keep(ANALYSIS, &photo(4), &News::Faces(Some(fresh)));
    index.settle();
    let mut recall = index.reader(ANALYSIS);
    assert_eq!(recall.by_file("4.jpg".as_ref(), &fresh), None);
    assert_eq!(recall.by_file("4.jpg".as_ref(), &stamp(4)), None);
    assert_eq!(recall.by_content(&sha(4)), known(&photo(4)));
    index.keep(ANALYSIS, &photo(4), &News::File(stamp(4)));
    index.settle();
    assert_eq!(recall.by_file("4.jpg".as_ref(), &stamp(4)), known(&photo(4)));
}

#[test]
fn a_broken_row_is_not_believed_and_is_replaced() {
    let (_folder, place) = place();
    drop(filled(&place, 0..9));
    let raw = rusqlite::Connection::open(&place.path).unwrap();
    let breaks = [
        "UPDATE photos SET embeddings = zeroblob(length(embeddings)) WHERE id = 2",
        "UPDATE photos SET faces = 'text' WHERE id = 3",
        "UPDATE photos SET height = -1 WHERE id = 5",
    ];
    for sql in breaks {
        assert_eq!(raw.execute(sql, []).unwrap(), 1);
    }
    let index = open(&place);
    let mut recall = index.reader(ANALYSIS);
    for number in [1, 2, 4] {
        assert_eq!(recall.by_content(&sha(number)), None, "{number}");
    }
    assert_eq!(recall.by_content(&sha(7)), known(&photo(7)));
    index.keep(ANALYSIS, &photo(1), &News::Faces(Some(stamp(1))));
    index.settle();
    assert_eq!(recall.by_content(&sha(1)), known(&photo(1)));
    assert_eq!(index.notice(), None);
}

/// A single bit of a number that is still a number: only the checksum tells. Believed, it would be
/// another face's score.
#[test]
fn a_bit_that_has_flipped_is_noticed_in_every_column() {
    let (_folder, place) = place();
    drop(filled(&place, 0..3));
    let raw = rusqlite::Connection::open(&place.path).unwrap();
    let whole: (Vec<u8>, Vec<u8>) = raw
        .query_row("SELECT faces, embeddings FROM photos WHERE id = 3", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let known_again = || open(&place).reader(ANALYSIS).by_content(&sha(2));
    assert_eq!(known_again(), known(&photo(2)));
    let set = |column: &str, bytes: &[u8]| {
        let sql = format!("UPDATE photos SET {column} = ?1 WHERE id = 3");
        assert_eq!(raw.execute(&sql, [bytes]).unwrap(), 1);
    };
    for (column, bytes) in [("faces", &whole.0), ("embeddings", &whole.1)] {
        for at in [0, bytes.len() / 2, bytes.len() - 4] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            set(column, &flipped);
            assert_eq!(known_again(), None, "{column}, byte {at}");
        }
        set(column, bytes);
        assert_eq!(known_again(), known(&photo(2)), "{column} mended");
    }
    for sql in [
        "UPDATE photos SET width = 641 WHERE id = 3",
        "UPDATE photos SET height = 481 WHERE id = 2",
    ] {
        assert_eq!(raw.execute(sql, []).unwrap(), 1);
    }
    assert_eq!(known_again(), None, "the width");
    assert_eq!(open(&place).reader(ANALYSIS).by_content(&sha(1)), None, "the height");
}

/// A file that was swapped for another of the same size and time is told by the rest of its stamp.
#[test]
fn every_part_of_a_files_stamp_counts() {
    let (_folder, place) = place();
    let index = filled(&place, 0..5);
    let right = stamp(4);
    let others = [
        Stamp { size: right.size + 1, ..right },
        Stamp { modified: right.modified + 1, ..right },
        Stamp { changed: right.changed + 1, ..right },
        Stamp { inode: right.inode + 1, ..right },
    ];
    let mut recall = index.reader(ANALYSIS);
    assert_eq!(recall.by_file("4.jpg".as_ref(), &right), known(&photo(4)));
    for other in others {
        assert_eq!(recall.by_file("4.jpg".as_ref(), &other), None, "{other:?}");
    }
}

#[test]
fn embeddings_are_those_of_one_way_of_looking_all_or_evenly_spread() {
    let (_folder, place) = place();
    let index = filled(&place, 0..600);
    // Photos have none, one and two faces in turn.
    let all = index.embeddings(ANALYSIS, 10_000);
    assert_eq!(all.len(), 600 * 3);
    assert_eq!(all[..3], face(1.0).embedding[..]);
    let some = index.embeddings(ANALYSIS, 100);
    assert!((200..500).contains(&some.len()) && some.len().is_multiple_of(3), "{}", some.len());
    assert!(index.embeddings("another way", 100).is_empty());
    index.keep(ANALYSIS, &photo(601), &News::Faces(Some(stamp(601))));
    assert_eq!(index.embeddings(ANALYSIS, 10_000).len(), 600 * 3 + 3, "what waits counts too");
}

#[test]
fn an_index_that_is_damaged_or_of_another_version_is_made_anew_and_that_is_said() {
    let (_folder, place) = place();
    let remade = |place: &Place| {
        let (index, remade) = Index::open(place).unwrap();
        assert_eq!(index.reader(ANALYSIS).by_content(&sha(1)), None);
        remade
    };
    drop(filled(&place, 0..9));
    let raw = rusqlite::Connection::open(&place.path).unwrap();
    raw.pragma_update(None, "user_version", schema::VERSION + 1).unwrap();
    drop(raw);
    assert_eq!(remade(&place), Some(Remade::OtherVersion));
    drop(filled(&place, 0..9));
    let raw = rusqlite::Connection::open(&place.path).unwrap();
    raw.execute_batch("DROP TABLE files").unwrap();
    drop(raw);
    assert_eq!(remade(&place), Some(Remade::Damaged));
    std::fs::write(&place.path, b"").unwrap();
    assert_eq!(remade(&place), Some(Remade::Damaged));
    assert_eq!(filled(&place, 0..9).reader(ANALYSIS).by_content(&sha(1)), known(&photo(1)));
}

#[test]
fn damage_that_shows_only_later_costs_nothing_but_time() {
    let (_folder, place) = place();
    drop(filled(&place, 0..2_000));
    let mut bytes = std::fs::read(&place.path).unwrap();
    let pages = bytes.len() / 4096;
    // The pages that are read when the index is opened lie in the first half.
    for page in pages / 2..pages {
        bytes[page * 4096..page * 4096 + 64].fill(0xA5);
    }
    std::fs::write(&place.path, &bytes).unwrap();
    let index = open(&place);
    let mut recall = index.reader(ANALYSIS);
    let right = |number| {
        let found = recall.by_content(&sha(number));
        found.is_none() || found == known(&photo(number))
    };
    assert!((0..2_000).all(right));
    drop(recall);
    index.keep(ANALYSIS, &photo(1), &News::Faces(Some(stamp(1))));
    index.settle();
    let notice = index.notice().unwrap();
    assert!(notice.contains("damaged and has been removed"), "{notice}");
    assert!(!place.path.exists());
    index.keep(ANALYSIS, &photo(1), &News::Faces(Some(stamp(1))));
    index.settle();
    drop(index);
    assert_eq!(filled(&place, 0..9).reader(ANALYSIS).by_content(&sha(2)), known(&photo(2)));
}

#[test]
fn a_file_that_is_no_index_is_left_alone_where_the_user_named_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("photo.jpg");
    std::fs::write(&text, [7; 9_000]).unwrap();
    let database = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&database).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    for path in [text, database, folder.path().to_owned()] {
        let before = std::fs::read(&path).ok();
        let place = Place::named(path.clone());
        assert!(matches!(Index::open(&place), Err(Error::NotAnIndex { .. })), "{path:?}");
        assert!(matches!(info(&place), Err(Error::NotAnIndex { .. })), "{path:?}");
        assert!(matches!(clear(&place), Err(Error::NotAnIndex { .. })), "{path:?}");
        assert_eq!(std::fs::read(&path).ok(), before);
    }
    // In the program's own folder there can be nothing else.
    let own = Place { path: folder.path().join("photo.jpg"), own: true };
    assert_eq!(Index::open(&own).unwrap().1, Some(Remade::Damaged));
}

#[test]
fn several_write_and_read_at_once_and_nothing_is_lost() {
    let (_folder, place) = place();
    std::thread::scope(|scope| {
        for writer in 0..4u64 {
            let place = &place;
            scope.spawn(move || {
                for round in 0..5 {
                    let first = 1_000 * writer + 100 * round;
                    let index = filled(place, first..first + 100);
                    let mut recall = index.reader(ANALYSIS);
                    assert_eq!(recall.by_content(&sha(first)), known(&photo(first)));
                }
            });
        }
    });
    assert_eq!(info(&place).unwrap().photos, 2_000);
}

#[test]
fn a_full_disk_is_told_once_and_costs_nothing_but_time() {
    let (_folder, place) = place();
    let index = filled(&place, 0..50);
    let pages = |connection: &rusqlite::Connection| {
        let count: i64 =
            connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.pragma_update_and_check(None, "max_page_count", count, |_| Ok(())).unwrap();
    };
    pages(&index.writer().as_ref().unwrap().connection);
    without_haste(&index);
    for number in 50..2_000 {
        index.keep(ANALYSIS, &photo(number), &News::Faces(Some(stamp(number as i64))));
    }
    index.settle();
    let notice = index.notice().unwrap();
    assert!(notice.contains("full") && notice.contains("--no-index"), "{notice}");
    assert_eq!(index.notice(), None);
    let mut recall = index.reader(ANALYSIS);
    assert_eq!(recall.by_content(&sha(49)), known(&photo(49)));
    let all_or_nothing = [50, 51, 305].map(|number| recall.by_content(&sha(number)).is_some());
    assert!(all_or_nothing.iter().all(|known| *known == all_or_nothing[0]), "{all_or_nothing:?}");
}

#[test]
fn one_in_use_is_not_removed() {
    let (_folder, place) = place();
    let index = filled(&place, 0..9);
    let error = clear(&place).unwrap_err().to_string();
    assert!(error.contains("another verify is using it"), "{error}");
    drop(index);
    // A program that another test starts shares the lock until it has become that program.
    wait_until("an index that nobody uses", || clear(&place).is_ok_and(|removed| removed));
    assert!(!clear(&place).unwrap());
    assert!(!info(&place).unwrap().exists);
}

#[test]
fn pruning_drops_what_no_file_holds_and_old_ways_of_looking() {
    let (folder, place) = place();
    let index = open(&place);
    let keep = |name: &str, number, analysis| {
        let photo = AnalysedPhoto { path: folder.path().join(name), ..photo(number) };
        index.keep(analysis, &photo, &News::Faces(Some(stamp(1))));
    };
    std::fs::write(folder.path().join("here.jpg"), b"x").unwrap();
    keep("here.jpg", 1, ANALYSIS);
    keep("gone.jpg", 2, ANALYSIS);
    keep("gone/below.jpg", 5, ANALYSIS);
    std::fs::create_dir(folder.path().join("drive")).unwrap();
    keep("drive/unplugged.jpg", 7, ANALYSIS);
    keep("here.jpg/no-folder.jpg", 4, ANALYSIS);
    keep("here.jpg", 1, "version 0");
    index.settle();
    let pruned = index.prune(&[ANALYSIS.to_owned()], Folders::MayComeBack).unwrap();
    assert_eq!(pruned, Pruned { files: 2, photos: 3, away: 2 });
    let mut recall = index.reader(ANALYSIS);
    assert_eq!(recall.by_content(&sha(1)), known(&photo(1)));
    assert_eq!(recall.by_content(&sha(2)), None);
    assert_eq!(recall.by_content(&sha(7)), known(&photo(7)), "the drive may come back");
    let again = |folders| index.prune(&[ANALYSIS.to_owned()], folders).unwrap();
    assert_eq!(again(Folders::MayComeBack), Pruned { away: 2, ..Pruned::default() });
    assert_eq!(again(Folders::AreGone), Pruned { files: 2, photos: 2, away: 0 });
    assert_eq!(recall.by_content(&sha(7)), None);
    assert_eq!(again(Folders::AreGone), Pruned::default());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, place) = place();
    let _open = filled(&place, 0..9);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("new")), 0o700);
    let files: Vec<_> = std::fs::read_dir(folder.path().join("new")).unwrap().collect();
    assert_eq!(files.len(), 4, "{files:?}");
    for file in files {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
}

#[test]
fn what_cannot_be_opened_is_an_error_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), b"x").unwrap();
    let place = Place::named(folder.path().join("file/index.sqlite"));
    let error = Index::open(&place).unwrap_err().told(Front::Command);
    assert!(error.contains("the index cannot be used") && error.contains("--no-index"), "{error}");
}
