//! Unknown faces over HTTP: gathered as the command does, and a group enrolled.

use serde_json::{Value, json};

use crate::client::{Server, refused};
use crate::people::{ANN, BOB, Person, Pose, UPRIGHT, photo};
use crate::sandbox::{Sandbox, json_lines};

/// Three photos of Ann, on the left or on the right of Bob.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let beside = |at: usize| -> Vec<(&Person, Pose)> {
        let [left, right] = [150.0, 450.0].map(|x| Pose {
            middle: (x, 180.0),
            scale: 0.8,
            turn: [0.0, 5.0, -4.0][at],
            light: [1.0, 0.85, 1.2][at],
            ..UPRIGHT
        });
        if at == 1 { vec![(&BOB, left), (&ANN, right)] } else { vec![(&ANN, left), (&BOB, right)] }
    };
    let picture = |at: usize| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        photo((600, 360), &beside(at)).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        (format!("{at}.png"), bytes.into_inner())
    };
    (0..3).map(picture).collect()
}

/// The numbers of the faces of each photo of a group, in the order of the photos.
fn numbers(group: &Value) -> Vec<u64> {
    let mut faces: Vec<(String, u64)> = group["faces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|face| {
            let photo = face["photo"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            (photo, face["number"].as_u64().unwrap())
        })
        .collect();
    faces.sort();
    faces.into_iter().map(|(_, number)| number).collect()
}

#[test]
fn a_group_is_what_the_command_gathers_and_becomes_a_person() {
    let sandbox = Sandbox::new();
    let server = Server::start(&sandbox, &[]);
    let pictures = pictures();
    pictures.iter().for_each(|(name, bytes)| drop(sandbox.write(&format!("all/{name}"), bytes)));
    let files: Vec<(&str, &[u8])> =
        pictures.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let photos = server.post("/api/embed", &[], &files).json()["photos"].clone();
    let ask = |known: bool, least: usize| {
        let asked = json!({"photos": photos, "known": known, "least": least});
        server.send("POST", "/api/faces", &asked).json()
    };
    let said = ask(false, 2);
    let line = json_lines(&sandbox.run(&["faces", "all", "--json"]).success()).remove(0);
    let of = |gathered: &Value| -> Vec<Vec<u64>> {
        gathered["groups"].as_array().unwrap().iter().map(numbers).collect()
    };
    assert_eq!(of(&said), of(&line));
    let ann = said["groups"].as_array().unwrap().iter().find(|g| numbers(g) == [1, 2, 1]).unwrap();
    let mut own = photos.clone();
    for (photo, number) in own.as_array_mut().unwrap().iter_mut().zip(numbers(ann)) {
        photo["face"] = number.into();
    }
    let made = server.send("POST", "/api/people", &json!({"name": "Ann", "photos": own}));
    assert_eq!(made.status, 201, "{:?}", String::from_utf8_lossy(&made.body));
    let rest = ask(false, 2);
    assert_eq!((&rest["known"], of(&rest)), (&json!(3), vec![vec![2, 1, 2]]));
    let all = ask(true, 2);
    let names: Vec<&Value> = all["groups"].as_array().unwrap().iter().map(|g| &g["name"]).collect();
    assert!(names.contains(&&json!("Ann")) && names.contains(&&Value::Null), "{names:?}");
    assert_eq!(of(&ask(true, 4)), Vec::<Vec<u64>>::new());
    let wrong =
        |asked: Value, why: &str| refused(&server.send("POST", "/api/faces", &asked), 400, why);
    wrong(json!({"photos": []}), "the list is empty");
    wrong(json!({"photos": photos, "least": 0}), "least");
    wrong(json!({"photos": [{"photo": "x", "faces": [{"embedding": [1.0]}]}]}), "");
}
