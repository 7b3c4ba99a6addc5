"""Profiles: in and out, as the command has them."""

import json
import pickle
import stat
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import sameface


def test_a_profile_survives_its_file_and_a_pickle(profile, tmp_path):
    path = tmp_path / "new" / "profile.json"
    profile.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for other in (sameface.Profile.load(path), pickle.loads(pickle.dumps(profile))):
        assert (other.name, other.threshold, other.photos) == ("Eileen", 4.0, profile.photos)
    assert pickle.loads(pickle.dumps(profile)) == profile
    assert len(pickle.dumps(profile)) < 4_000
    assert repr(profile) == "<Profile of 'Eileen': 1 photos, threshold 4.00>"


def test_an_encrypted_profile_is_the_commands_and_any_age_programs(profile, face, command, tmp_path):
    path, key = tmp_path / "p.json", tmp_path / "key"
    profile.save(path, passphrase="correct horse")
    assert sameface.Profile.load(path, passphrase="correct horse") == profile
    for passphrase, problem in (None, "encrypted, and no passphrase was given"), ("wrong", "wrong passphrase"):
        with pytest.raises(sameface.VerifyError, match=problem):
            sameface.Profile.load(path, passphrase=passphrase)
    with pytest.raises(ValueError, match="passphrase: a passphrase must not be empty"):
        profile.save(path, passphrase="")
    key.write_text("correct horse\n")
    assert command("check", "--profile", path, "--key-file", key, face).returncode == 0
    pyrage = pytest.importorskip("pyrage")
    assert pyrage.passphrase.decrypt(path.read_bytes(), "correct horse") == profile.to_json()
    path.write_bytes(pyrage.passphrase.encrypt(profile.to_json(), "theirs"))
    assert sameface.Profile.load(path, passphrase="theirs") == profile


def test_a_photo_says_the_same_in_whatever_form_it_comes(profile, face):
    image = pytest.importorskip("PIL.Image").open(face)
    pixels = np.asarray(image.convert("RGB"))
    forms = [face, str(face), face.read_bytes(), bytearray(face.read_bytes()), image, pixels]
    checks = [profile.check(form) for form in forms]
    assert {check.verdict for check in checks} == {"match"}
    assert np.ptp([check.score for check in checks]) < 1e-6
    assert checks[2].photo == "photos[0]"
    assert profile.check(("a name", pixels)).photo == "a name"


def test_a_pil_image_is_turned_upright_and_laid_on_white(profile, face):
    Image = pytest.importorskip("PIL.Image")
    image = Image.open(face).convert("RGB")
    turned = image.transpose(Image.Transpose.ROTATE_90)
    turned.getexif()[0x0112] = 6
    assert profile.check(turned).score == profile.check(image).score
    image.putalpha(255)
    assert abs(profile.check(image).score - profile.check(face).score) < 1e-6


def test_a_check_has_the_fields_of_the_commands_line(profile, face, command, tmp_path):
    profile.save(tmp_path / "p.json")
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    photos = [face, tmp_path / "broken.jpg", tmp_path / "gone.jpg"]
    done = command("check", "--json", "--profile", tmp_path / "p.json", *photos)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    ours = [json.loads(check.to_json()) for check in profile.check_many(photos)]
    assert len(lines) == 3 and [line["verdict"] for line in lines] == ["match", "error", "error"]
    for line, our in zip(lines, ours, strict=True):
        assert line.keys() == our.keys()
        assert line["error"] == our["error"]
        assert_alike(line, our)


def assert_alike(a, b):
    """The same, numbers to 1e-6."""
    if isinstance(a, dict):
        assert a.keys() == b.keys()
        a, b = list(a.values()), list(b.values())
    if isinstance(a, list):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            assert_alike(x, y)
    elif isinstance(a, float):
        assert a == pytest.approx(b, rel=1e-6, abs=1e-6)
    else:
        assert a == b


def test_the_commands_profile_is_ours_and_ours_the_commands(command, person, strangers, tmp_path):
    photos = sorted(person.iterdir())[:12]
    done = command("enroll", "--name", "N", "--profile", tmp_path / "theirs.json", *photos)
    assert done.returncode == 0, done.stderr
    ours = sameface.Profile.enroll(photos, name="N")
    ours.save(tmp_path / "ours.json")
    assert (tmp_path / "ours.json").read_bytes() == (tmp_path / "theirs.json").read_bytes()
    theirs = sameface.Profile.load(tmp_path / "theirs.json")
    looked_at = [*strangers, *sorted(person.iterdir())[12:30]]
    done = command("check", "--json", "--profile", tmp_path / "ours.json", *looked_at)
    lines = [sameface.Check.from_json(line) for line in done.stdout.splitlines()]
    for line, check in zip(lines, theirs.check_many(looked_at), strict=True):
        assert (line.photo, line.verdict) == (check.photo, check.verdict)
        assert line.score == pytest.approx(check.score, abs=1e-6)
    assert {check.verdict for check in lines} >= {"match", "no-match"}


def test_scores_of_embeddings_are_those_of_checks(profile, person):
    photos = sorted(person.iterdir())[:20]
    faces = sameface.embed(photos, batch_size=7)
    scores = profile.score(faces.embeddings)
    assert (scores.dtype, scores.shape) == (np.float64, (len(faces),))
    for at, check in enumerate(profile.check_many(photos, batch_size=3)):
        own = scores[faces.photo == at]
        assert sorted(own, reverse=True) == pytest.approx([f.score for f in check.faces], abs=1e-9)


def test_strangers_set_the_threshold_only_upwards(profile, own, face):
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(400, profile.dimensions)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    alike = noise + 0.6 * own[0]
    alike /= np.linalg.norm(alike, axis=1, keepdims=True)
    raised = profile.with_strangers(alike)
    assert raised.threshold > 4.2 and raised.far == 1e-4 and raised.strangers >= 390
    assert profile.strangers is None and raised.with_strangers(None) == profile
    assert profile.with_strangers(noise).threshold == 4.0
    score = float(raised.score(own[:1])[0])
    assert score == profile.score(own[:1])[0], "the score stays what it was"
    assert pickle.loads(pickle.dumps(raised)).threshold == raised.threshold
    with pytest.raises(ValueError, match="fewer than 20"):
        profile.with_strangers([face])
    with pytest.raises(ValueError, match="shape"):
        profile.with_strangers(np.zeros((30, 3), dtype=np.float32))


def test_embed_names_photos_that_cannot_be_read(profile, face):
    faces = sameface.embed([b"x", face, ("gone", b"")])
    assert faces.embeddings.shape == (1, profile.dimensions) and faces.embeddings.dtype == np.float32
    assert np.linalg.norm(faces.embeddings) == pytest.approx(1, abs=1e-5)
    assert faces.photo.tolist() == [1] and faces.box.shape == (1, 4)
    assert faces.errors.keys() == {0, 2} and faces.errors[2].startswith("gone: an empty file")
    assert len(sameface.embed([])) == 0


def test_the_number_of_threads_changes_no_score(profile, own):
    many = np.repeat(own, 500, axis=0)
    try:
        sameface.set_threads(1)
        one = profile.score(many)
        sameface.set_threads(3)
        assert np.array_equal(one, profile.score(many))
        with pytest.raises(ValueError, match="threads"):
            sameface.set_threads(0)
    finally:
        sameface.set_threads(None)


def test_python_goes_on_while_photos_are_looked_at(profile, face):
    steps, done = [], threading.Event()

    def count():
        while not done.is_set():
            steps.append(time.monotonic())
            time.sleep(0.005)

    counter = threading.Thread(target=count)
    counter.start()
    begun = time.monotonic()
    list(profile.check_many([face] * 16))
    ended = time.monotonic()
    done.set()
    counter.join()
    meanwhile = sum(begun < step < ended for step in steps)
    assert meanwhile > (ended - begun) / 0.1


def test_a_fork_has_models_of_its_own(profile, face):
    import multiprocessing

    profile.check(face)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply_async(profile.check, (face,)).get(60).verdict == "match"


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda p, d: sameface.Profile.load(d / "none.json"), FileNotFoundError, "no profile found"),
        (lambda p, d: sameface.Profile.load(Path(__file__)), sameface.VerifyError, "damaged profile"),
        (lambda p, d: sameface.Profile.from_json(b"{}"), sameface.VerifyError, "damaged profile"),
        (lambda p, d: sameface.Profile.enroll(d), sameface.VerifyError, "no photos found"),
        (lambda p, d: sameface.Profile.enroll(d / "gone"), FileNotFoundError, "cannot be read"),
        (lambda p, d: sameface.Profile.enroll([b"x"]), sameface.VerifyError, "none of its 1 photos"),
        (lambda p, d: sameface.Profile.enroll([], far=2), ValueError, "far: give a share of strangers between 0 and 1"),
        (lambda p, d: sameface.Profile.enroll([b"x"], method="x"), ValueError, "\"x\" is not a method; choose"),
        (lambda p, d: sameface.Profile(), TypeError, "Profile.enroll"),
        (lambda p, d: p.score(np.zeros((2, 3))), ValueError, r"shape \(n, \d+\), not \(2, 3\)"),
        (lambda p, d: p.score(np.zeros(p.dimensions)), ValueError, "shape"),
        (lambda p, d: p.score(np.zeros((2, p.dimensions))), ValueError, "row 0 has length 0.000"),
        (lambda p, d: p.score(np.full((2, p.dimensions), np.nan)), ValueError, "row 0 has length NaN"),
        (lambda p, d: p.check(3), TypeError, "a photo must be"),
        (lambda p, d: p.check(np.zeros((2, 2), np.uint8)), ValueError, "height, width, 3"),
        (lambda p, d: p.check_many(b"x").__next__(), TypeError, "put one photo in a list"),
        (lambda p, d: p.check_many([], batch_size=0).__next__(), ValueError, "batch_size"),
    ],
)
def test_errors_say_what_the_command_says(profile, tmp_path, call, error, text):
    with pytest.raises(error, match=text):
        call(profile, tmp_path)


def test_a_profile_is_changed_as_by_the_command(profile, face, tmp_path, command):
    named = profile.changed(name="Collins", far=1e-3, method="plda")
    assert (named.name, named.far, named.method, named.threshold) == ("Collins", 1e-3, "plda", 3.0)
    assert profile.name == "Eileen", "the old one stays as it is"
    other = tmp_path / "other.png"
    other.write_bytes(Path(face).read_bytes() + b"more")
    added = profile.changed(add=[other])
    assert [photo.status for photo in added.photos] == ["kept", "duplicate"]
    dropped = added.changed(drop=[str(face)])
    assert [photo.status for photo in dropped.photos] == ["set-aside", "kept"]
    assert added.changed(remove=["other.png"]) == profile
    with pytest.raises(sameface.VerifyError, match="not in the profile"):
        profile.changed(remove=["gone.png"])
    with pytest.raises(ValueError, match="no photo is left"):
        profile.changed(drop=[str(face)])
    path = tmp_path / "profile.json"
    profile.save(path)
    assert command("enroll", "--profile", path, "--drop", "gone.png").returncode == 2
    done = command("enroll", "--profile", path, "--name", "Collins", "--far", "1e-3", "--method", "plda", "--calibrate", "auto")
    assert done.returncode == 0, done.stderr
    assert sameface.Profile.load(path) == named


def test_somebody_who_is_named_is_kept_apart(profile, face):
    assert profile.look_alikes == []
    apart = profile.changed(not_this_person={"twin": [face], "other": [face]})
    assert apart.look_alikes == ["twin", "other"]
    assert apart.check(face).score == pytest.approx(4.0, abs=1e-6)
    assert apart.changed(forget=["twin", "other"]) == profile
    with pytest.raises(ValueError, match="nobody called 'third'|nobody called \"third\""):
        apart.changed(forget=["third"])
    enrolled = sameface.Profile.enroll([face], name="Eileen", not_this_person={"twin": [face]})
    assert enrolled.look_alikes == ["twin"]
