"""Packs of models: by name, by folder, by the environment, and none mistaken for another."""

import dataclasses
import json
import os
import pickle
import shutil
import struct
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

import sameface
from sameface._packs import opened

SECOND = ROOT / "models/mtcnn-dlib"
TINY = ROOT / "tests/data/tiny_embedder.onnx"
ONE_VIEW = [{"scale": 1.0, "mirrored": False}]
TWO_VIEWS = [*ONE_VIEW, {"scale": 0.9, "mirrored": True}]


def made(folder: Path, **changes: object) -> Path:
    """The second pack again, with other fields in its `pack.json`; its population is made to fit."""
    shutil.copytree(SECOND, folder)
    description = json.loads((folder / "pack.json").read_text()) | changes
    (folder / "pack.json").write_text(json.dumps(description))
    path = folder / "population.safetensors"
    # A file of this kind is the length of its head, the head as JSON, and the numbers.
    whole = path.read_bytes()
    start = 8 + struct.unpack("<Q", whole[:8])[0]
    head = json.loads(whole[8:start])
    head["__metadata__"]["pack"] = opened(folder).identity
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + whole[start:])
    return folder


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> Path:
    """A pack that enrols by two views and checks by one."""
    views = {"enrolling": TWO_VIEWS, "checking": ONE_VIEW}
    return made(tmp_path_factory.mktemp("packs") / "other", name="other", views=views)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    """A pack of another embedder, of 48 numbers, whose population is still to be estimated."""
    folder = tmp_path_factory.mktemp("packs") / "tiny"
    shutil.copytree(SECOND, folder)
    (folder / "population.safetensors").unlink()
    shutil.copy(TINY, folder / "tiny.onnx")
    description = json.loads((folder / "pack.json").read_text())
    del description["golden"]
    description["name"] = "tiny"
    landmarks = [[11, 14], [21, 14], [16, 19], [12, 25], [20, 25]]
    description["crop"] = {"size": 32, "landmarks": landmarks, "weights": [1] * 5}
    description["embedder"] = {
        "file": "tiny.onnx", "sha256": sha256(TINY.read_bytes()).hexdigest(), "output": "code",
        "dimensions": 48, "channels": "rgb", "mean": [127.5] * 3, "scale": [0.01] * 3, "batch": 1,
    }
    (folder / "pack.json").write_text(json.dumps(description))
    return folder


@pytest.fixture(scope="module")
def second(face) -> sameface.Profile:
    return sameface.Profile.enroll([face], name="Eileen", pack=SECOND)


def test_packs_are_those_of_the_command(command):
    built_in = sameface.packs()[0]
    assert (built_in.folder, built_in.error, built_in.dimensions) == (None, None, sameface.DIMENSIONS)
    assert built_in.identity.startswith(f"{built_in.name}-")
    [line] = map(json.loads, command("pack", "list", "--json").stdout.splitlines())
    ours = [dataclasses.asdict(listed) for listed in sameface.packs()]
    assert line == json.loads(json.dumps(ours, default=os.fspath))


@pytest.mark.skipif(sys.platform != "linux", reason="the data folder lies elsewhere")
def test_a_pack_of_the_user_has_a_name_and_a_broken_one_its_error(monkeypatch, other, tmp_path, face):
    monkeypatch.setenv("XDG_DATA_HOME", os.fspath(tmp_path))
    folder = tmp_path / "sameface/packs"
    shutil.copytree(other, folder / "other")
    (folder / "broken").mkdir()
    (folder / "broken/pack.json").write_text("{}")
    _, broken, listed = sameface.packs()
    assert (broken.name, broken.folder) == (None, folder / "broken")
    assert "missing field `name`" in broken.error
    assert (listed.name, listed.folder) == ("other", folder / "other")
    profile = sameface.Profile.enroll([face], pack="other")
    assert (profile.pack, profile.models) == ("other", listed.identity)


def test_a_pack_is_named_by_its_name_or_its_folder(monkeypatch, second, face):
    monkeypatch.delenv("VERIFY_PACK", raising=False)
    name = sameface.packs()[0].name
    default, named = (sameface.Profile.enroll([face], pack=pack) for pack in (None, name))
    assert default == named and default.pack == named.pack == name
    assert second.pack == os.fspath(SECOND) and second.models.startswith("mtcnn-dlib-")
    assert second.models == opened(SECOND).identity
    assert second.check(face).verdict == "match"
    faces = sameface.embed([face], pack=second.pack)
    assert second.score(faces.embeddings)[0] == pytest.approx(second.check(face).score, abs=1e-9)
    monkeypatch.chdir(SECOND.parent)
    assert sameface.Profile.from_json(second.to_json(), pack=SECOND.name).pack in (
        SECOND.name, os.fspath(SECOND)
    )


def test_the_environment_names_a_pack_unless_an_argument_does(monkeypatch, second, face):
    monkeypatch.setenv("VERIFY_PACK", os.fspath(SECOND))
    assert sameface.Profile.from_json(second.to_json()).pack == second.pack
    assert np.array_equal(sameface.embed([face]).embeddings, sameface.embed([face], pack=SECOND).embeddings)
    built_in = sameface.packs()[0]
    assert sameface.Profile.enroll([face], pack=built_in.name).models == built_in.identity
    monkeypatch.setenv("VERIFY_PACK", "nowhere")
    with pytest.raises(ValueError, match='pack: "nowhere" is not a pack'):
        sameface.embed([face])
    monkeypatch.setenv("VERIFY_PACK", "")
    assert sameface.Profile.enroll([face]).pack == built_in.name


def test_a_pickle_keeps_the_pack_wherever_it_is_read(monkeypatch, other, face, tmp_path):
    monkeypatch.chdir(other.parent)
    profile = sameface.Profile.enroll([face], pack=other.name)
    pickled = pickle.dumps(profile)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERIFY_PACK", "nowhere")
    again = pickle.loads(pickled)
    assert (again, again.pack, again.models) == (profile, os.fspath(other), opened(other).identity)
    assert again.check(face) == profile.check(face)


def test_a_profile_of_another_pack_is_refused_with_both_names(second, other, face, tmp_path):
    second.save(tmp_path / "p.json")
    both = f"made with the pack {second.models}, whose embeddings cannot be compared with those of the pack in use, {opened(other).identity}"
    with pytest.raises(sameface.VerifyError, match=f"p.json: {both}"):
        sameface.Profile.load(tmp_path / "p.json", pack=other)
    with pytest.raises(sameface.VerifyError, match=both):
        sameface.Profile.from_json(second.to_json(), pack=other)
    assert sameface.Profile.load(tmp_path / "p.json", pack=SECOND) == second


def test_faces_to_enrol_and_faces_to_check_have_views_of_their_own(second, other, face):
    enrolling = sameface.embed([face], pack=other, enrolling=True).embeddings
    checking = sameface.embed([face], pack=other).embeddings
    # The second pack takes both views for both.
    twice = sameface.embed([face], pack=SECOND).embeddings
    assert np.array_equal(enrolling, twice) and np.abs(checking - twice).max() > 1e-3
    profile = sameface.Profile.enroll([face], pack=other)
    [kept] = json.loads(profile.to_json())["photos"]
    assert np.array_equal(np.array(kept["face"]["embedding"], np.float32), enrolling[0])
    assert profile.check(face).score == pytest.approx(profile.score(checking)[0], abs=1e-9)
    assert profile.check(face).score < profile.score(enrolling)[0]


def test_embeddings_are_as_long_as_the_pack_says(tiny, second, face):
    assert opened(tiny).dimensions == 48
    for photos, faces in ([face], 1), ([], 0), ([b"x"], 0):
        assert sameface.embed(photos, pack=tiny).embeddings.shape == (faces, 48)
    assert np.linalg.norm(sameface.embed([face], pack=tiny).embeddings) == pytest.approx(1, abs=1e-5)
    with pytest.raises(sameface.VerifyError, match="population.safetensors: there is none; estimate"):
        sameface.Profile.enroll([face], pack=tiny)
    with pytest.raises(ValueError, match=rf"\(n, {second.dimensions}\), not \(1, 48\)"):
        second.score(sameface.embed([face], pack=tiny).embeddings)


def test_a_pack_that_cannot_be_used_is_said(face, tmp_path):
    with pytest.raises(ValueError, match='pack: "none" is not a pack.*one of these names: .*'):
        sameface.embed([face], pack="none")
    with pytest.raises(sameface.VerifyError, match="pack.json cannot be read"):
        sameface.Profile.enroll([face], pack=tmp_path)
    with pytest.raises(TypeError):
        sameface.embed([face], pack=3)


def test_the_estimator_takes_a_pack(other, tiny, face):
    base = pytest.importorskip("sklearn.base")
    from sameface.sklearn import OneClassVerifier

    rows = sameface.embed([face], pack=other, enrolling=True).embeddings
    fitted = OneClassVerifier(pack=other).fit(rows)
    assert fitted.n_features_in_ == opened(other).dimensions
    assert base.clone(fitted).pack == other
    expected = sameface.Profile.enroll([face], pack=other).score(rows)
    for estimator in (fitted, pickle.loads(pickle.dumps(fitted))):
        assert estimator.score_samples(rows) == pytest.approx(expected, abs=1e-9)
    with pytest.raises(ValueError, match="embeddings of tiny-.* have 48"):
        OneClassVerifier(pack=tiny).fit(rows)


def test_kept_embeddings_of_another_pack_are_refused(second, other, face, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet", exc_type=ImportError)
    import sameface.parquet
    from sameface._rows import named_rows, scanned

    table = scanned(named_rows([face], None), second, embeddings=True)
    assert table.schema.field("embeddings").type.value_type.list_size == second.dimensions
    path = tmp_path / "kept.parquet"
    pq.write_table(table, path)
    [scores] = sameface.parquet.scan(path, second)
    assert scores["score"].to_pylist() == pytest.approx(table["score"].to_pylist(), abs=1e-9)
    stranger = sameface.Profile.enroll([face], pack=other)
    with pytest.raises(sameface.VerifyError, match=f"kept.parquet: .*{second.models}.*{stranger.models}"):
        list(sameface.parquet.scan(path, stranger))


def test_the_commands_kept_embeddings_say_their_pack_too(command, second, other, face, tmp_path):
    pytest.importorskip("pyarrow", exc_type=ImportError)
    import sameface.parquet

    path, profile = tmp_path / "faces.parquet", tmp_path / "p.json"
    second.save(profile)
    done = command("embed", face, "--pack", SECOND, "--profile", profile, "--out", path)
    assert done.returncode == 0, done.stderr
    [scores] = sameface.parquet.scan(path, second)
    assert scores["verdict"].to_pylist() == ["match"]
    stranger = sameface.Profile.enroll([face], pack=other)
    with pytest.raises(sameface.VerifyError, match="cannot be compared"):
        list(sameface.parquet.scan(path, stranger))
