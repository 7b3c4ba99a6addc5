//! `verify scan` and `verify embed` as their user runs them.

#[cfg(unix)]
use std::io::Write;
#[cfg(unix)]
use std::process::Stdio;

use crate::index::{album, another};
use crate::photos::{astronaut, scene};
#[cfg(unix)]
use crate::pipe::{pipe, reached};
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};

/// The names of the files in a folder.
fn names(sandbox: &Sandbox, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path(folder)).unwrap();
    let mut names: Vec<_> =
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn matches_are_listed_and_unreadable_photos_named_at_the_end() {
    let sandbox = album();
    let run = sandbox.run(&["scan", "album"]).success();
    let text = stdout(&run);
    assert!(text.starts_with("match") && text.contains("1-she.png"), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    let said = stderr(&run);
    let said: Vec<_> = said.lines().collect();
    assert!(said[0].contains("3-cut.jpg: damaged"), "{said:?}");
    assert!(said[1].contains("Eileen in 1 of 3 photos, 1 no-face, 1 error"), "{said:?}");
    std::fs::remove_file(sandbox.path("album/1-she.png")).unwrap();
    assert_eq!(stdout(&sandbox.run(&["scan", "album"]).code(1)), "");
    sandbox.fails(&["scan", "gone"], &["gone: cannot be read"]);
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.fails(&["scan", "empty"], &["empty: no photos found"]);
}

#[test]
fn every_photo_is_said_of_as_check_says_it() {
    let sandbox = album();
    let checked = stdout(&sandbox.run(&["check", "--json", "album"]).code(2));
    let run = sandbox.run(&["scan", "--all", "--json", "album", "album/1-she.png"]).success();
    assert_eq!(stdout(&run), checked, "and a photo that is named twice comes once");
    let rows = stdout(&sandbox.run(&["scan", "--all", "--csv", "album"]).success());
    let rows: Vec<_> = rows.lines().map(str::to_owned).collect();
    assert!(rows[0].starts_with("photo,verdict,score,threshold,probability,faces,x,y"));
    assert!(rows[1].starts_with("album/1-she.png,match,"), "{rows:?}");
    assert!(rows[2].starts_with("album/2-scene.jpg,no-face,,4.0,0.0,0,,,,,,"), "{rows:?}");
    assert!(rows[3].starts_with("album/3-cut.jpg,error,,") && rows[3].contains("damaged"));
    assert_eq!(rows.len(), 4);
}

#[test]
fn the_best_come_first_and_a_limit_holds() {
    let sandbox = album();
    for (number, side) in [(1, 40), (2, 80), (3, 160)] {
        let pixels = image::open(astronaut()).unwrap().thumbnail(side * 4, side * 4);
        pixels.save(sandbox.path(&format!("album/0-{number}.png"))).unwrap();
    }
    let scan = |args: &[&str]| {
        let run = sandbox.run(&[&["scan", "--json", "album"], args].concat()).success();
        json_lines(&run)
            .iter()
            .map(|line| {
                (line["photo"].as_str().unwrap().to_owned(), line["score"].as_f64().unwrap())
            })
            .collect::<Vec<_>>()
    };
    let all = scan(&[]);
    let mut best = all.clone();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    assert!(all.len() >= 3 && best != all, "{all:?}");
    assert_eq!(scan(&["--sort", "score"]), best);
    assert_eq!(scan(&["--sort", "score", "--limit", "2"]), best[..2]);
    assert_eq!(scan(&["--limit", "2"]), all[..2]);
    sandbox.run(&["scan", "album", "--limit", "0"]).code(2);
    sandbox.run(&["scan", "album", "--json", "--csv"]).code(2);
}

#[test]
fn photos_are_put_together_and_never_twice() {
    let sandbox = album();
    sandbox.write("album/more/1-she.png", &another(2));
    // Into a folder of the library itself, which is not part of it then.
    let args = ["scan", "album", "--copy-to", "album/found", "--link-to", "links"];
    for _ in 0..2 {
        let run = sandbox.run(&args).success();
        assert_eq!(stdout(&run).lines().count(), 2);
        assert_eq!(names(&sandbox, "album/found"), ["1-she-2.png", "1-she.png"]);
        assert_eq!(names(&sandbox, "links"), ["1-she-2.png", "1-she.png"]);
    }
    assert_eq!(std::fs::read(sandbox.path("album/found/1-she-2.png")).unwrap(), another(2));
    assert_eq!(std::fs::read(sandbox.path("links/1-she.png")).unwrap(), another(1));
    assert_eq!(
        names(&sandbox, "album"),
        ["1-she.png", "2-scene.jpg", "3-cut.jpg", "found", "more"]
    );
    let blocked = ["scan", "album", "--copy-to", "album/2-scene.jpg"];
    sandbox.fails(&blocked, &["2-scene.jpg: cannot be written"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_cleanly_and_the_same_command_goes_on() {
    let sandbox = album();
    for number in 0..30 {
        sandbox.write(&format!("first/{number}.png"), &another(number));
        sandbox.write(&format!("rest/{number}.png"), &another(100 + number));
    }
    let pipe = pipe(&sandbox, "middle.png");
    let args = ["scan", "--json", "first", "middle.png", "rest", "--threads", "1"];
    let mut command = sandbox.process(&args);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut middle = reached(&pipe);
    let mut kill = std::process::Command::new("kill");
    assert!(kill.args(["-INT", &child.id().to_string()]).status().unwrap().success());
    middle.write_all(&another(50)).unwrap();
    drop(middle);
    let run = child.wait_with_output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    let listed = String::from_utf8(run.stdout).unwrap().lines().count();
    let stopped =
        format!("verify: stopped after {listed} photos; the same command continues from there\n");
    assert_eq!((run.status.code(), said), (Some(2), stopped));
    assert!((31..61).contains(&listed), "{listed}");
    let info = json_lines(&sandbox.run(&["index", "info", "--json"]).success()).remove(0);
    // What comes from a pipe is not kept.
    assert_eq!(info["photos"], listed - 1);
    std::fs::remove_file(&pipe).unwrap();
    sandbox.write("middle.png", &another(50));
    assert_eq!(stdout(&sandbox.run(&args).success()).lines().count(), 61);
}

#[test]
fn embeddings_are_written_for_other_programs() {
    let sandbox = album();
    let report = |args: &[&str]| {
        let run = sandbox.run(&[&["embed", "album", "--json", "--out"], args].concat()).success();
        assert!(stderr(&run).contains("3-cut.jpg: damaged"));
        json_lines(&run).remove(0)
    };
    let written = report(&["x.jsonl"]);
    assert_eq!(written["photos"], 3);
    assert_eq!((&written["faces"], &written["unreadable"]), (&1.into(), &1.into()));
    let text = std::fs::read_to_string(sandbox.path("x.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&line["photo"], &line["face"]), (&"album/1-she.png".into(), &0.into()));
    let checked = json_lines(&sandbox.run(&["check", "--json", "album/1-she.png"]).success());
    assert_eq!(
        (&line["score"], &line["box"]),
        (&checked[0]["score"], &checked[0]["faces"][0]["box"])
    );
    report(&["x.npy"]);
    let numbers = std::fs::read(sandbox.path("x.npy")).unwrap();
    let first = f32::from_le_bytes(numbers[128..132].try_into().unwrap());
    assert_eq!(numbers.len(), 128 + 4 * 128);
    assert_eq!(Some(first), line["embedding"][0].as_f64().map(|value| value as f32));
    report(&["x.parquet"]);
    // Nobody enrolled, no score.
    std::fs::remove_file(sandbox.profile()).unwrap();
    assert_eq!(report(&["y.jsonl"])["scores"], false);
    assert!(!std::fs::read_to_string(sandbox.path("y.jsonl")).unwrap().contains("score"));
    let gone = ["embed", "album", "--out", "z.npy", "--profile", "gone.json"];
    sandbox.fails(&gone, &["gone.json: no profile found"]);
    sandbox.fails(&["embed", "album", "--out", "z.txt"], &["--out", ".parquet"]);
    sandbox.write("scenes/1.jpg", &scene());
    sandbox.run(&["embed", "scenes", "--out", "none.parquet"]).success();
    assert!(!sandbox.path("z.npy").exists());
}

/// Names of a thousand bad photos are enough; the others are counted.
#[test]
fn photos_that_cannot_be_read_are_named_up_to_a_thousand_and_then_counted() {
    let sandbox = album();
    for number in 0..1_001 {
        sandbox.write(&format!("bad/{number:04}.jpg"), b"no photo");
    }
    let said = stderr(&sandbox.run(&["scan", "album", "bad"]).success());
    assert_eq!(said.matches(".jpg: ").count(), 1_000, "one is in the album");
    assert!(said.contains("\nverify: 2 photos more cannot be read; --all lists them\n"), "{said}");
    std::fs::remove_file(sandbox.path("bad/0000.jpg")).unwrap();
    let said = stderr(&sandbox.run(&["scan", "album", "bad"]).success());
    assert!(said.contains("\nverify: 1 photo more cannot be read"), "{said}");
}
