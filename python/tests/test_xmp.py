"""Names in XMP: written into sidecars, read from them, learnt from."""

import hashlib
import json
import shutil

import pytest

import sameface


@pytest.fixture
def photo(face, tmp_path):
    return shutil.copy(face, tmp_path / "party.png")


def boxes(photo):
    return [tuple(map(float, box)) for box in sameface.embed([photo]).box]


def test_what_is_written_is_read_and_the_photo_stays(photo, tmp_path):
    before = hashlib.sha256(photo.read_bytes()).hexdigest()
    (box,) = boxes(photo)
    tried = sameface.write_xmp(photo, {"Eileen": box}, dry_run=True)
    assert (tried.outcome, tried.path.exists()) == ("would-write", False)
    written = sameface.write_xmp(photo, {"Eileen": box})
    assert (written.outcome, written.added, written.kept) == ("written", ("Eileen",), {})
    assert written.path == tmp_path / "party.png.xmp"
    (region,) = sameface.read_xmp(photo)
    assert region.name == "Eileen"
    assert region.box == pytest.approx(box, abs=0.01)
    assert sameface.write_xmp(photo, [("Eileen", box)]).outcome == "unchanged"
    assert sameface.write_xmp(photo, {"Ann": box}).kept == {"Ann": "Eileen"}
    assert hashlib.sha256(photo.read_bytes()).hexdigest() == before
    other = sameface.write_xmp(photo, {"Eileen": box}, naming="photo.xmp")
    assert other.path == tmp_path / "party.xmp"


def test_a_person_is_learnt_from_the_name(photo, tmp_path):
    (box,) = boxes(photo)
    sameface.write_xmp(photo, {"Eileen": box})
    shutil.copy(photo, tmp_path / "unnamed.png")
    eileen = sameface.Profile.enroll(tmp_path, from_xmp="eileen")
    assert eileen.name == "eileen"
    assert [kept.path.rsplit("/", 1)[-1] for kept in eileen.photos] == ["party.png"]
    people = sameface.People(tmp_path / "people")
    assert people.enroll(tmp_path, name="Eileen", from_xmp="Eileen").name == "Eileen"
    with pytest.raises(ValueError, match="no photo's XMP names a face 'Ann'"):
        sameface.Profile.enroll(tmp_path, from_xmp="Ann")
    with pytest.raises(ValueError, match="are files"):
        sameface.Profile.enroll([photo.read_bytes()], from_xmp="Eileen")


def test_a_place_without_a_face_is_warned_of(photo, tmp_path):
    # No copy, which would count once with the first.
    other = tmp_path / "other.png"
    pytest.importorskip("PIL.Image").open(photo).resize((300, 300)).save(other)
    (box,) = boxes(photo)
    sameface.write_xmp(photo, {"Eileen": box})
    sameface.write_xmp(other, {"Eileen": (250, 250, 30, 40)})
    with pytest.warns(RuntimeWarning, match=r"other\.png: no face found"):
        eileen = sameface.Profile.enroll(tmp_path, from_xmp="Eileen")
    assert len([photo for photo in eileen.photos if photo.status == "kept"]) == 1


def test_what_is_no_xmp_is_left(photo):
    sidecar = photo.with_name("party.png.xmp")
    sidecar.write_text("<x:xmpmeta>")
    for use in [lambda: sameface.write_xmp(photo, {"A": (1, 2, 30, 40)}), lambda: sameface.read_xmp(photo)]:
        with pytest.raises(sameface.VerifyError, match="not well-formed"):
            use()
    assert sidecar.read_text() == "<x:xmpmeta>"
    with pytest.raises(ValueError, match="naming"):
        sameface.write_xmp(photo, {}, naming="other")
    with pytest.raises(FileNotFoundError):
        sameface.read_xmp(photo.with_name("gone.png"))


def test_a_line_with_a_sidecar_is_read(photo, profile):
    line = json.loads(profile.check(photo).to_json()) | {"xmp": {"outcome": "written"}}
    assert sameface.Check.from_json(json.dumps(line)) == profile.check(photo)
