"""Ray, Spark and what they keep, on this machine alone; `cluster/` has the runs in which nodes die."""

import os
import shutil
import sys

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow", exc_type=ImportError)


@pytest.fixture
def photos(face, tmp_path):
    """Three photos with a face, one that is no photo, one that is not there."""
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.png"
        path.write_bytes(face.read_bytes())
        paths.append(os.fspath(path))
    (tmp_path / "broken.jpg").write_bytes(b"no photo")
    return [*paths, os.fspath(tmp_path / "broken.jpg"), os.fspath(tmp_path / "gone.jpg")]


def expected(profile, photos):
    return {check.photo: (check.verdict, check.score, check.error) for check in profile.check_many(photos)}


def found(rows):
    return {row["photo"]: (row["verdict"], row["score"], row["error"]) for row in rows}


@pytest.fixture(scope="module")
def ray():
    ray = pytest.importorskip("ray", exc_type=ImportError)
    pytest.importorskip("ray.data", exc_type=ImportError)
    ray.init(address="local", num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


@pytest.mark.parametrize("actors", [1, 2])
def test_ray_gives_a_row_for_every_photo_whoever_looks(ray, profile, photos, actors):
    import sameface.ray

    rows = sameface.ray.scan(photos, profile, actors=actors, batch_size=2).take_all()
    assert len(rows) == 5 and found(rows) == expected(profile, photos)


def test_what_ray_kept_is_scored_for_another_person(ray, profile, photos, own, tmp_path):
    import pyarrow.parquet as pq

    import sameface.parquet
    import sameface.ray

    files = ray.data.read_binary_files(photos[:4], include_paths=True)
    kept = sameface.ray.scan(files, profile, bytes_column="bytes", embeddings=True, actors=1)
    kept.write_parquet(os.fspath(tmp_path / "kept"))
    assert pq.read_schema(next((tmp_path / "kept").iterdir())).metadata[b"verify.models"].decode() == profile.models
    [table] = [pa.concat_tables(sameface.parquet.scan(tmp_path / "kept", profile))]
    again = {row["photo"].rsplit("/")[-1]: row for row in table.to_pylist()}
    first = expected(profile, photos[:4])
    assert len(again) == 4
    for path, (verdict, score, error) in first.items():
        row = again[path.rsplit("/")[-1]]
        assert row["score"] == pytest.approx(score, abs=1e-9)
        assert row["verdict"] == ("no-face" if error else verdict)


def test_one_face_a_row_is_scored_too(profile, own, tmp_path):
    import pyarrow.parquet as pq

    import sameface.parquet

    column = pa.FixedSizeListArray.from_arrays(pa.array(own.ravel()), profile.dimensions)
    table = pa.table({"photo": [str(i) for i in range(len(own))], "embedding": column})
    pq.write_table(table, tmp_path / "faces.parquet", row_group_size=3)
    parts = list(sameface.parquet.scan(tmp_path / "faces.parquet", profile))
    assert [len(part) for part in parts] == [3, 3, 2]
    assert np.array_equal(pa.concat_tables(parts)["score"].to_numpy(), profile.score(own))


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", exc_type=ImportError)
    pytest.importorskip("pandas", exc_type=ImportError)
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    options = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1",
               "spark.driver.bindAddress": "127.0.0.1"}
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def test_spark_gives_a_row_for_every_photo(spark, profile, photos):
    import sameface.spark

    frame = spark.createDataFrame([(path,) for path in photos], "path string").repartition(2)
    rows = [row.asDict() for row in sameface.spark.scan(frame, profile).collect()]
    assert len(rows) == 5 and found(rows) == expected(profile, photos)


def test_spark_takes_bytes_and_keeps_embeddings(spark, profile, face, own):
    import sameface.spark

    frame = spark.createDataFrame([("a", bytearray(face.read_bytes())), ("b", None)], "name string, content binary")
    scanned = sameface.spark.scan(frame, profile, path_column="name", bytes_column="content", embeddings=True)
    rows = {row.photo: row for row in scanned.collect()}
    assert rows["a"].verdict == "match" and len(rows["a"].embeddings) == rows["a"].faces == 1
    assert profile.score(np.array(rows["a"].embeddings))[0] == pytest.approx(rows["a"].score, abs=1e-9)
    assert rows["b"].verdict == "error" and rows["b"].embeddings == []
