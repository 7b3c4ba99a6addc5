//! Videos as their user meets them. ffmpeg makes them here, of the astronaut and of grey pictures.

use std::path::Path;
use std::process::Command;

use image::{Rgb, RgbImage};
use serde_json::Value;

use crate::photos::astronaut;
use crate::sandbox::{Sandbox, json_lines, stderr, stdout};
use crate::{enrolled, skipped};

/// A film of one picture a second: of her for an `s`, otherwise grey.
fn film(sandbox: &Sandbox, name: &str, plan: &str) -> bool {
    let ffmpeg = match sameface::video::Ffmpeg::find(1) {
        Ok(ffmpeg) => ffmpeg,
        Err(reason) => {
            skipped(&format!("no ffmpeg, {reason}"));
            return false;
        }
    };
    let she = image::open(astronaut()).unwrap().into_rgb8();
    let (width, height) = she.dimensions();
    for (second, who) in plan.chars().enumerate() {
        let picture = match who {
            's' => she.clone(),
            _ => RgbImage::from_pixel(width, height, Rgb([60 + 40 * (second % 4) as u8; 3])),
        };
        let path = sandbox.path(&format!(".frames-{name}/{second}.png"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        picture.save(path).unwrap();
    }
    let path = sandbox.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let made = Command::new(ffmpeg.program())
        .args(["-v", "error", "-nostdin", "-y", "-framerate", "1", "-i"])
        .arg(sandbox.path(&format!(".frames-{name}/%d.png")))
        .args(["-c:v", "mjpeg", "-q:v", "2"])
        .arg(path)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    true
}

fn verdicts(lines: &[Value]) -> Vec<(f64, &str)> {
    let verdict =
        |line: &'_ Value| line["verdict"].as_str().map(|_| line["time"].as_f64().unwrap());
    lines.iter().map(|line| (verdict(line).unwrap(), line["verdict"].as_str().unwrap())).collect()
}

#[test]
fn a_video_matches_where_she_is_in_it_and_the_best_frame_is_drawn() {
    let sandbox = enrolled();
    if !film(&sandbox, "clip.mkv", "--ss-s--") {
        return;
    }
    let run = sandbox.run(&["check", "clip.mkv", "--annotate", "seen"]).success();
    let text = stdout(&run);
    let lines: Vec<_> = text.lines().collect();
    assert!(
        lines[0].starts_with("no-face") && lines[0].contains("clip.mkv at 0:00:00: no face"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("match") && lines[1].contains("clip.mkv at 0:00:02: closest"),
        "{text}"
    );
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("clip.mkv: Eileen at 0:00:02–0:00:04 and 0:00:05–0:00:06; 2 of"),
        "{text}"
    );
    assert_eq!(lines.len(), 6, "a line where the verdict changes: {text}");
    let still = image::open(sandbox.path("seen/clip-0-00-02.jpg")).unwrap();
    assert!(still.height() > image::open(astronaut()).unwrap().height(), "with a line below");

    let lines = json_lines(&sandbox.run(&["check", "clip.mkv", "--json"]).success());
    let (frames, video) = (&lines[..lines.len() - 1], lines.last().unwrap());
    assert_eq!(frames.len(), 7, "the second picture of her repeats the first");
    let seen: Vec<_> =
        verdicts(frames).into_iter().filter(|(_, verdict)| *verdict == "match").collect();
    assert_eq!(seen, [(2.0, "match"), (5.0, "match")]);
    assert_eq!((&video["photo"], &video["verdict"]), (&"clip.mkv".into(), &"match".into()));
    let told = &video["video"];
    assert_eq!(
        (&told["frames"], &told["repeated"], &told["matches"]),
        (&7.into(), &1.into(), &2.into())
    );
    assert_eq!(
        told["stretches"],
        serde_json::json!([{"from": 2.0, "to": 4.0}, {"from": 5.0, "to": 6.0}])
    );
    assert!(told["problem"].is_null() && video["time"] == 2.0);
    // Every fourth second she is not seen.
    sandbox.run(&["check", "clip.mkv", "--every", "4s"]).code(1);
    for wrong in ["0", "10", "99ms", "2h", "often"] {
        let said = stderr(&sandbox.run(&["check", "clip.mkv", "--every", wrong]).code(2));
        assert!(said.contains("500ms"), "{said}");
    }
    let lines = json_lines(&sandbox.run(&["identify", "clip.mkv", "--json"]).success());
    let people = &lines.last().unwrap()["video"]["people"];
    assert_eq!((&people[0]["name"], &people[0]["matches"]), (&"Eileen".into(), &2.into()));
    assert_eq!(people[0]["stretches"], told["stretches"]);
    let text = stdout(&sandbox.run(&["identify", "clip.mkv"]).success());
    assert!(
        text.contains("clip.mkv at 0:00:02: Eileen") && text.contains("0:00:05–0:00:06;"),
        "{text}"
    );
}

#[test]
fn a_library_is_searched_with_its_videos_and_a_broken_one_stops_nothing() {
    let sandbox = enrolled();
    if !film(&sandbox, "album/b.mkv", "-s--") {
        return;
    }
    film(&sandbox, "album/d.mkv", "---");
    sandbox.copy(&astronaut(), "album/e.png");
    sandbox.write("album/a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42 and no more");
    let cut = std::fs::read(sandbox.path("album/b.mkv")).unwrap();
    sandbox.write("album/c.mkv", &cut[..cut.len() / 3]);
    let scan = ["scan", "album", "--csv", "--copy-to", "found", "--sort", "score"];
    let run = sandbox.run(&scan).success();
    let (text, said) = (stdout(&run), stderr(&run));
    let of =
        |name: &str| text.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(text.lines().next().unwrap().ends_with(",error,truncated,time,seen"), "{text}");
    assert!(of("b.mkv").ends_with(",1.0,0:00:01–0:00:02") && of("e.png").ends_with(",,"), "{text}");
    assert!(of("d.mkv").is_empty() && of("a.mp4").is_empty(), "{text}");
    assert!(said.contains("a.mp4: the video cannot be read"), "{said}");
    assert!(said.contains("of 1 photo and 4 videos") && said.contains("1 error"), "{said}");
    let copied = std::fs::read(sandbox.path("found/b.mkv")).unwrap();
    assert_eq!(copied, cut, "the whole video, once");
    let again = stdout(&sandbox.run(&scan).success());
    assert_eq!(again, text);
    assert!(!sandbox.path("found/b-2.mkv").exists());
    // Without models: the index knows every frame.
    let gone = sandbox.path("gone.so");
    let known = sandbox.command(&scan).env("ORT_DYLIB_PATH", gone).assert().success();
    assert_eq!(stdout(&known), text);
    let run = sandbox.run(&["scan", "album", "--everyone", "--json", "--link-to", "who"]).success();
    let names: Vec<_> = json_lines(&run).iter().map(|line| line["photo"].to_string()).collect();
    assert!(names.iter().filter(|name| name.contains("b.mkv")).count() == 1, "{names:?}");
    assert!(sandbox.path("who/Eileen/b.mkv").exists());
}

/// A file that begins like a video, which is enough if nothing reads it.
fn beginning(sandbox: &Sandbox, name: &str) {
    sandbox.write(name, b"\0\0\0\x18ftypisom\0\0\0\0isommp42");
}

/// The program on a machine without ffmpeg.
fn without(sandbox: &Sandbox, args: &[&str]) -> assert_cmd::assert::Assert {
    let empty = sandbox.path("empty");
    std::fs::create_dir_all(&empty).unwrap();
    sandbox.command(args).env("PATH", empty).env_remove("VERIFY_FFMPEG").assert()
}

#[test]
fn without_ffmpeg_a_video_is_passed_over_and_how_to_get_it_is_said_once() {
    let sandbox = enrolled();
    sandbox.copy(&astronaut(), "album/she.png");
    beginning(&sandbox, "album/1.mp4");
    beginning(&sandbox, "album/2.MOV");
    let run = without(&sandbox, &["scan", "album"]).success();
    let said = stderr(&run);
    assert!(
        said.starts_with(
            "verify: skipped: 2 videos\nverify: album/1.mp4: reading videos needs ffmpeg"
        ),
        "{said}"
    );
    assert_eq!(
        (said.matches("apt install ffmpeg").count(), said.lines().count()),
        (1, 3),
        "{said}"
    );
    assert!(stdout(&run).contains("she.png"));
    let run = without(&sandbox, &["check", "album/1.mp4"]).code(2);
    let text = stdout(&run);
    assert!(text.starts_with("error") && text.contains("brew install ffmpeg"), "{text}");
    assert_eq!(text.lines().count(), 1);
    // Nothing else to look at: an error.
    std::fs::remove_file(sandbox.path("album/she.png")).unwrap();
    assert!(stderr(&without(&sandbox, &["scan", "album"]).code(2)).contains("VERIFY_FFMPEG"));
    let run = sandbox
        .command(&["check", "album/1.mp4"])
        .env("VERIFY_FFMPEG", "/gone/ffmpeg")
        .assert()
        .code(2);
    assert!(stdout(&run).contains("VERIFY_FFMPEG names /gone/ffmpeg"), "{}", stdout(&run));
    let doctor = stdout(&without(&sandbox, &["doctor"]).success());
    assert!(doctor.contains("hint     video") && doctor.contains("apt install ffmpeg"), "{doctor}");
}

/// A program in ffmpeg's place that gives one picture and no more.
#[cfg(unix)]
fn hanging(sandbox: &Sandbox) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\nprintf 'P6\\n1 1\\n255\\nabc'\n\
         echo '[Parsed_showinfo_1 @ 0x1] [info] n: 0 pts: 0 x' >&2\necho $$ > '{}'\nexec sleep 100\n",
        sandbox.path("pid").display()
    );
    let path = sandbox.write("hanging", script.as_bytes());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_scan_at_once_and_ffmpeg_with_it() {
    use crate::waiting::wait_until;
    let sandbox = enrolled();
    beginning(&sandbox, "album/1.mp4");
    let ffmpeg = hanging(&sandbox);
    let mut scan = sandbox.process(&["scan", "album"]);
    let child =
        scan.env("VERIFY_FFMPEG", ffmpeg).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let pid = || std::fs::read_to_string(sandbox.path("pid")).unwrap_or_default().trim().to_owned();
    wait_until("ffmpeg", || !pid().is_empty());
    let began = std::time::Instant::now();
    let signalled = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("the same command continues from there"), "{said}");
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "not after 30 s of patience");
    let gone = !Command::new("kill").args(["-0", &pid()]).output().unwrap().status.success();
    assert!(gone && !Path::new(&format!("/proc/{}", pid())).exists());
}
