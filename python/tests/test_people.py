"""Several people in one folder, as the command has them, and who of them is in a photo."""

import json
import stat
import sys

import numpy as np
import pytest
from conftest import ROOT, near
from test_profile import assert_alike

import sameface


def made_up(profile, name, embedding):
    """A person whose only face has this embedding."""
    fields = json.loads(profile.to_json())
    fields["name"] = name
    fields["photos"][0]["face"]["embedding"] = [float(value) for value in embedding]
    return sameface.Profile.from_json(json.dumps(fields).encode())


def stranger(profile, seed):
    row = np.random.default_rng(seed).standard_normal(profile.dimensions)
    return (row / np.linalg.norm(row)).astype(np.float32)


@pytest.fixture
def people(tmp_path, profile):
    """Eileen, and Ben whom no photo shows."""
    people = sameface.People(tmp_path / "people")
    people.save(made_up(profile, "Ben", stranger(profile, 1)))
    people.save(profile)
    return people


@pytest.fixture
def two(face):
    """A photo that shows that face twice, the second mirrored."""
    pixels = np.asarray(pytest.importorskip("PIL.Image").open(face).convert("RGB"))
    return np.concatenate([pixels, pixels[:, ::-1]], axis=1)


def test_people_are_found_by_name_in_any_case_and_by_id(people, profile):
    assert len(people) == 2 and [person.id for person in people] == ["ben", "eileen"]
    assert people["eileen"] == people["EILEEN"] == people["Eileen"] == profile
    assert "ben" in people and "Cyd" not in people and 3 not in people
    ben, eileen = people.list()
    assert (eileen.name, eileen.photos, eileen.threshold) == ("Eileen", 1, 4.0)
    assert ben.usable and ben.error is None
    assert people.save(made_up(profile, "安娜", stranger(profile, 2))) == "person"
    assert people["安娜"].name == people["person"].name == "安娜"
    assert repr(people).endswith("/people': 3>")


def test_a_name_has_one_profile(people, profile):
    assert people.last == "Eileen"
    people.save(people["Ben"].changed(far=1e-3))
    assert (len(people), people["ben"].far, people.last) == (2, 1e-3, "Ben")
    people.use("eileen")
    assert people.last == "Eileen"
    assert people.rename("eileen", " Collins ").name == "Collins" == people["collins"].name
    assert people["eileen"].name == "Collins", "the id stays"
    with pytest.raises(ValueError, match="somebody else has this name"):
        people.rename("ben", "COLLINS")
    people.remove("Ben")
    assert [person.name for person in people] == ["Collins"]
    people.remove("Collins")
    assert (people.list(), people.last) == ([], None)


def test_somebody_is_enrolled_among_the_people(people, face, profile):
    again = people.enroll([face], name="eileen", far=1e-3)
    assert (len(people), people["Eileen"].far, again) == (2, 1e-3, people["eileen"])
    new = people.enroll([face], name="New", method="plda")
    assert (new.method, people.last, len(people)) == ("plda", "New", 3)
    path = people.folder / "new.json"
    assert path.read_bytes() == new.to_json() and sameface.Profile.load(path) == new
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(people.folder.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="the data folder lies elsewhere")
def test_the_folder_is_the_commands(command, face, profile, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    people = sameface.People()
    assert tmp_path in people.folder.parents and len(people) == 0
    people.save(profile)
    listed = json.loads(command("people", "--json").stdout)["people"]
    assert [(line["id"], line["name"], line["last"]) for line in listed] == [("eileen", "Eileen", True)]
    assert command("people", "rename", "eileen", "Collins").returncode == 0
    assert people["collins"].name == "Collins"
    done = command("enroll", "--name", "Twin", face)
    assert done.returncode == 0, done.stderr
    assert (people.last, people["twin"].photos[0].path) == ("Twin", str(face))
    done = command("identify", "--json", "--far", "1e-3", face)
    line, ours = done.stdout, next(people.identify([face], far=1e-3)).to_json()
    line, ours = json.loads(line), json.loads(ours)
    assert_alike(line, ours)
    people.remove("Collins")
    assert [line["id"] for line in json.loads(command("people", "--json").stdout)["people"]] == ["twin"]


def test_a_face_gets_the_name_of_one_of_the_people_or_of_nobody(people, face, profile, two):
    scene = np.full((64, 64, 3), 200, np.uint8)
    photos = [face, ("scene", scene), ("broken", b"x"), ("two", two)]
    known, nobody, broken, twice = people.identify(photos, batch_size=3)
    (eileen,) = known.faces
    assert (eileen.name, eileen.person, eileen.verdict) == ("Eileen", "eileen", "match")
    assert [other.name for other in eileen.ranking] == ["Eileen", "Ben"]
    assert eileen.score == eileen.ranking[0].score == pytest.approx(profile.check(face).score)
    assert eileen.box == profile.check(face).faces[0].box and eileen.probability > 0.99
    assert eileen.threshold == pytest.approx(profile.threshold + np.log10(2))
    assert (nobody.faces, nobody.error) == ((), None)
    assert broken.photo == "broken" and broken.error.startswith("broken: not a photo")
    assert sorted(face.name for face in twice.faces) == ["Eileen", "unknown"]
    assert sameface.Identified.from_json(known.to_json()) == known
    people.remove("Eileen")
    ((other,),) = [photo.faces for photo in people.identify([face])]
    assert (other.name, other.person, other.verdict) == ("unknown", None, "no-match")
    assert other.ranking[0].person == "ben" and other.score < other.threshold == 4.0
    assert next(people.identify([face], far=1e-2)).faces[0].threshold == 2.0


def test_a_damaged_profile_is_named_and_left_out(people, face):
    (people.folder / "broken.json").write_text('{"version":1,"name":')
    broken = next(person for person in people if person.id == "broken")
    assert (broken.name, broken.usable, broken.photos) == (None, False, 0)
    assert "damaged profile" in broken.error and "\n" not in broken.error
    with pytest.warns(RuntimeWarning, match="broken.json: damaged profile.*; skipped"):
        found = people.identify([face])
    assert next(found).faces[0].name == "Eileen"
    with pytest.raises(sameface.VerifyError, match="damaged profile"):
        people["broken"]
    assert people.alike("Eileen") == []
    people.remove("broken")
    assert len(people) == 2


def test_two_who_look_alike_are_told_apart(people, profile, own):
    people.save(made_up(profile, "Twin", near(own[0], 1, 0.03)[0]))
    (twin,) = people.alike("Eileen")
    assert (twin.person, twin.name) == ("twin", "Twin") and twin.score > 4
    assert people.tell_apart("eileen", "TWIN")[1] == people["Twin"]
    assert people["Eileen"].look_alikes == ["Twin"]
    assert people["Twin"].look_alikes == ["Eileen"]
    assert people["Ben"].look_alikes == []


def test_with_a_passphrase_all_that_is_saved_is_encrypted(tmp_path, profile, face):
    locked = sameface.People(tmp_path, passphrase="correct horse")
    assert locked.save(profile) == "eileen" and locked["eileen"] == profile
    assert (tmp_path / "eileen.json").read_bytes().startswith(b"age-encryption.org")
    assert (locked.last, locked.rename("eileen", "B").name, locked.last) == ("Eileen", "B", "B")
    assert next(locked.identify([face])).faces[0].name == "B"
    plain = sameface.People(tmp_path)
    assert "encrypted" in plain.list()[0].error and plain.last == "eileen"
    for call in (lambda: plain["eileen"], lambda: plain.enroll([face], name="Eileen")):
        with pytest.raises(sameface.VerifyError, match="encrypted, and no passphrase was given; give it as passphrase="):
            call()
    with pytest.raises(sameface.VerifyError, match="encrypted, and no passphrase was given; give it as passphrase="):
        plain.identify([face])


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p, f: p["Cyd"], sameface.NoPersonError, 'nobody called "Cyd" is enrolled'),
        (lambda p, f: p["Cyd"], KeyError, "^nobody called"),
        (lambda p, f: p["../ben"], sameface.VerifyError, "nobody called"),
        (lambda p, f: p.remove("Cyd"), sameface.VerifyError, "nobody called"),
        (lambda p, f: p.use("Cyd"), sameface.VerifyError, "nobody called"),
        (lambda p, f: p.alike("Cyd"), sameface.VerifyError, "nobody called"),
        (lambda p, f: p.rename("Cyd", "B"), sameface.VerifyError, "nobody called"),
        (lambda p, f: p.rename("Ben", " "), ValueError, "name: the new name is empty"),
        (lambda p, f: p.tell_apart("Ben", "ben"), ValueError, "ben: both names mean the same person"),
        (lambda p, f: p.identify([f], far=0), ValueError, "far: give a share of strangers"),
        (lambda p, f: next(p.identify([f], batch_size=0)), ValueError, "batch_size"),
        (lambda p, f: p.identify(b"x").__next__(), TypeError, "put one photo in a list"),
        (lambda p, f: sameface.People(p.folder / "no").identify([f]), FileNotFoundError, "no profile found"),
        (lambda p, f: sameface.People(f).save(p["Ben"]), OSError, "astronaut.png: cannot be written"),
        (lambda p, f: sameface.People(passphrase=""), ValueError, "passphrase: a passphrase must not"),
    ],
)
def test_errors_are_one_line(people, face, call, error, text):
    with pytest.raises(error, match=text) as raised:
        call(people, face)
    assert "\n" not in str(raised.value)


def test_people_of_two_packs_share_a_folder_and_are_not_compared(people, face):
    others = sameface.People(people.folder, pack=ROOT / "models/mtcnn-dlib")
    third = others.enroll([face], name="Third")
    assert third.pack == others.pack and others["Third"] == third
    assert [person.usable for person in people] == [True, True, False]
    assert [person.usable for person in others] == [False, False, True]
    with pytest.warns(RuntimeWarning, match="mtcnn-dlib.*; skipped"):
        (eileen,) = next(people.identify([face])).faces
    assert [other.name for other in eileen.ranking] == ["Eileen", "Ben"]
    for call in (lambda: people.save(third), lambda: people["Third"]):
        with pytest.raises(sameface.VerifyError, match="made with the pack mtcnn-dlib"):
            call()


def test_which_face_of_a_photo_is_the_persons_can_be_said(two, face):
    with pytest.raises(sameface.VerifyError, match="2 faces of similar size"):
        sameface.Profile.enroll([("party", two)], name="Eileen")
    both = [sameface.Profile.enroll([("party", two)], name="E", face={"party": n}) for n in (1, 2)]
    assert [(photo.faces, photo.face) for one in both for photo in one.photos] == [(2, 1), (2, 2)]
    assert both[0].score(sameface.embed([face]).embeddings)[0] > 6
    other = both[0].changed(add=[("party", two)], face={"party": 2})
    assert other == both[1]
    with pytest.raises(ValueError, match="party:3: has 2 faces"):
        both[0].changed(add=[("party", two)], face={"party": 3})
    with pytest.raises(ValueError, match="counted from 1, not 0"):
        sameface.Profile.enroll([("party", two)], face={"party": 0})
    with pytest.raises(ValueError, match="face: no photo is added"):
        both[0].changed(face={"party": 2})
    with pytest.raises(sameface.VerifyError, match="other: not in the profile"):
        both[0].changed(add=[("party", two)], face={"other": 2})
    single = sameface.Profile.enroll([face], name="Eileen")
    assert (single.photos[0].faces, single.photos[0].face) == (1, None)


def test_what_a_scan_found_is_looked_through(people, face, profile, command, tmp_path):
    image = pytest.importorskip("PIL.Image")
    library = tmp_path / "library"
    library.mkdir()
    image.open(face).resize((300, 300)).save(library / "found.png")
    command("scan", library, "--people", people.folder, "--person", "eileen")
    review = people.review("Eileen")
    assert (review.name, review.open, review.yes) == ("Eileen", 1, 0)
    finding = review.faces[0]
    assert finding.photo == str(library / "found.png") and (finding.number, finding.faces) == (1, 1)
    assert finding.nearest[0].cosine > 0.5 and finding.verdict == "match"
    assert people.answer("Eileen", no=[finding.face]).no == 1
    assert people["Eileen"].look_alikes
    undone, again = people.undo_answer("Eileen")
    assert (undone, again) == ([finding.face], review)
    assert people.answer("Eileen", yes=[finding.face]).faces == ()
    assert len(people["Eileen"].photos) == 2
    assert people.undo_answer("Eileen")[0] and people.undo_answer("Eileen")[0] == []
    with pytest.raises(ValueError, match="no face to review has this id"):
        people.answer("Eileen", yes=["gone-1"])
    assert people.review("Ben").faces == ()


def test_unknown_faces_are_gathered_and_a_group_is_enrolled(tmp_path, face):
    image = pytest.importorskip("PIL.Image")
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, turn in enumerate([0, 4, -5]):
        image.open(face).convert("RGB").rotate(turn).save(folder / f"{number}.png")
    people = sameface.People(tmp_path / "people")
    (group,) = people.gather(folder)
    assert (group.group, group.person, group.name, len(group.faces)) == (1, None, None, 3)
    assert sorted(group.photos) == [str(folder / f"{number}.png") for number in range(3)]
    assert set(group.which.values()) == {1} and all(face.score > 2 for face in group.faces)
    enrolled = people.enroll(group.photos, name="Anna", face=group.which)
    assert enrolled.name == "Anna" and len(enrolled.photos) == 3
    assert people.gather(folder) == []
    (named,) = people.gather(folder, known=True)
    assert (named.person, named.name) == ("anna", "Anna")
    assert people.gather(folder, known=True, least=4) == []
    with pytest.raises(ValueError, match="least"):
        people.gather(folder, least=0)
