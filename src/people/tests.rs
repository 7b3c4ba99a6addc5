use super::*;
use crate::enroll::Change;
use crate::enroll::tests::{POPULATION, face, photo};
use crate::error::Front;

fn duplicates() -> DuplicateLimits {
    DuplicateLimits { same_look: 0.99, same_shape: 0.07 }
}

/// A person enrolled with these photos of a simulated person.
fn profile(name: &str, who: u64, photos: std::ops::Range<u64>) -> Profile {
    let setting = crate::enroll::Setting {
        population: &POPULATION,
        models: "pack".into(),
        duplicates: duplicates(),
    };
    let add = photos.map(|i| photo(&format!("{who}-{i}"), vec![face(who, i)])).collect();
    let change = Change { name: Some(name.into()), add, ..Change::default() };
    change.apply(None, &setting).unwrap()
}

fn people(home: &Path) -> People {
    People {
        folder: Folder::beside(home.join("profile.json")),
        population: POPULATION.clone(),
        identity: "pack".into(),
        duplicates: duplicates(),
        unlock: Box::new(|path| Err(Error::Encrypted { path: path.to_owned() })),
        encrypt: None,
        known: Mutex::default(),
        changing: Mutex::default(),
    }
}

fn ids(people: &People) -> Vec<String> {
    people.folder.files().into_keys().collect()
}

#[test]
fn people_are_found_by_name_in_any_case_and_by_id() {
    let home = tempfile::tempdir().unwrap();
    let people = people(home.path());
    for (name, who) in [("Anna", 1), ("Ben", 2), ("安娜", 3), ("李", 4)] {
        people.create(profile(name, who, 0..5)).unwrap();
    }
    assert_eq!(ids(&people), ["anna", "ben", "person", "person-2"]);
    let find = |name: &str| people.folder.find(name).unwrap();
    assert_eq!((find("anna"), find("ANNA")), ("anna".into(), "anna".into()));
    assert_eq!((find("安娜"), find("李")), ("person".into(), "person-2".into()));
    assert!(matches!(people.folder.find("Cyd"), Err(Error::NoPerson { .. })));
    assert!(matches!(people.folder.find("../anna"), Err(Error::NoPerson { .. })));
    // One profile a name.
    assert_eq!(people.folder.id_for("Anna").unwrap(), "anna");
    assert_eq!(people.folder.id_for("Anna B.").unwrap(), "anna-b");
    assert_eq!(people.folder.id_for("王").unwrap(), "person-3");
    // A second Anna can come over HTTP only, and is then named by id.
    people.create(profile("Anna", 5, 0..5)).unwrap();
    assert_eq!(find("anna"), "anna");
    let several = people.folder.find("Anna");
    assert!(matches!(several, Err(Error::SeveralPeople { ref ids, .. }) if ids.len() == 2));
    assert_eq!(find("anna-2"), "anna-2");
}

#[test]
fn the_person_enrolled_last_is_meant_and_the_only_one_if_that_is_not_known() {
    let home = tempfile::tempdir().unwrap();
    let people = people(home.path());
    assert_eq!(people.folder.last().unwrap(), None);
    profile("Old", 3, 0..5).save(&home.path().join("profile.json"), None).unwrap();
    assert_eq!(people.folder.last().unwrap().as_deref(), Some(APART));
    people.create(profile("Anna", 1, 0..5)).unwrap();
    people.create(profile("Ben", 2, 0..5)).unwrap();
    assert_eq!(people.folder.last().unwrap().as_deref(), Some("ben"));
    people.folder.note_last("anna").unwrap();
    assert_eq!(people.folder.last().unwrap().as_deref(), Some("anna"));
    people.delete("anna").unwrap();
    let error = people.folder.last().unwrap_err().told(Front::Command);
    assert!(error.contains("ben and profile") && error.contains("--person"), "{error}");
    people.delete(APART).unwrap();
    assert_eq!(people.folder.last().unwrap().as_deref(), Some("ben"));
    assert!(matches!(people.delete("anna"), Err(Error::NoPerson { .. })));
}

#[test]
fn what_another_program_saved_is_read_and_what_was_not_changed_is_not() {
    let home = tempfile::tempdir().unwrap();
    let people = people(home.path());
    let first = people.create(profile("Anna", 1, 0..5)).unwrap();
    assert!(Arc::ptr_eq(&first, &people.person("anna").unwrap()));
    let renamed = Profile { name: "Annabel".into(), ..first.profile.clone() };
    renamed.save(&first.path, None).unwrap();
    assert_eq!(people.person("anna").unwrap().profile.name, "Annabel");
    std::fs::write(people.folder.path().join("ben.json"), b"{").unwrap();
    let states: Vec<_> =
        people.everybody().into_iter().map(|(id, person)| (id, person.is_ok())).collect();
    assert_eq!(states, [("anna".into(), true), ("ben".into(), false)]);
}

/// A profile that was opened with a passphrase stays encrypted when it is changed.
#[test]
fn what_was_encrypted_stays_encrypted() {
    let home = tempfile::tempdir().unwrap();
    let phrase = || Passphrase::new("a passphrase".to_owned()).unwrap();
    let people = People { unlock: Box::new(move |_| Ok(phrase())), ..people(home.path()) };
    let path = people.folder.file("anna").unwrap();
    std::fs::create_dir(people.folder.path()).unwrap();
    profile("Anna", 1, 0..5).save(&path, Some(&phrase())).unwrap();
    let name = |name: &str| {
        let name = name.to_owned();
        people.change("anna", |person| Ok(Profile { name, ..person.profile.clone() })).unwrap()
    };
    assert_eq!(name("B").profile.name, "B");
    assert!(matches!(Profile::load(&path, "pack"), Err(Error::Encrypted { .. })));
    // Its name cannot be seen, so it goes by its id.
    assert_eq!(people.folder.find("Anna").unwrap(), "anna");
    assert!(people.folder.find("B").is_err());
}

/// Somebody whose photos are each between one of this person's and one of another's.
fn twin_of(person: &Profile) -> Profile {
    let mut twin = profile("Twin", 9, 0..5);
    for (photo, own) in twin.photos.iter_mut().zip(&person.photos) {
        let (Some(face), Some(own)) = (&mut photo.face, &own.face) else { panic!() };
        let mixed: Vec<f32> =
            face.embedding.iter().zip(&own.embedding).map(|(a, b)| a + b).collect();
        face.embedding = crate::model::unit(&mixed);
    }
    twin
}

#[test]
fn two_who_look_alike_are_seen_and_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let people = people(home.path());
    let anna = people.create(profile("Anna", 1, 0..5)).unwrap();
    people.create(twin_of(&anna.profile)).unwrap();
    people.create(profile("Ben", 2, 0..5)).unwrap();
    let alike = people.alike(&anna);
    assert_eq!(alike.iter().map(|other| other.name.as_str()).collect::<Vec<_>>(), ["Twin"]);
    let [anna, twin] = people.tell_apart("anna", "twin").unwrap();
    assert_eq!(anna.profile.look_alikes[0].name, "Twin");
    assert_eq!(twin.profile.look_alikes[0].embeddings.len(), 5);
    assert!(people.alike(&anna).is_empty(), "{:?}", people.alike(&anna));
    assert!(matches!(people.tell_apart("anna", "anna"), Err(Error::Value { .. })));
    assert!(matches!(people.tell_apart("anna", "cyd"), Err(Error::NoPerson { .. })));
}

/// A request that enrols somebody keeps the pictures last; the person may have been deleted by then.
#[test]
fn no_picture_is_kept_of_somebody_who_was_deleted() {
    let home = tempfile::tempdir().unwrap();
    let people = people(home.path());
    let picture = || std::iter::once(("ab", vec![1]));
    assert!(people.keep_faces("anna", picture()).is_err());
    assert!(people.kept_face("anna", "ab").is_none());
    people.create(profile("Anna", 1, 0..5)).unwrap();
    people.keep_faces("anna", picture()).unwrap();
    assert_eq!(people.kept_face("anna", "ab"), Some(vec![1]));
    people.delete("anna").unwrap();
    assert!(!people.folder.faces("anna").exists());
}
