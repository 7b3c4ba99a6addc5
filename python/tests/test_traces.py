"""What a run leaves on the computer."""

import os
import subprocess
import sys


def test_nothing_is_kept_for_the_makers_of_the_runtime(face, tmp_path):
    home = {"HOME": tmp_path, "XDG_CACHE_HOME": tmp_path / "cache", "XDG_DATA_HOME": tmp_path / "data"}
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    code = f"import sameface; assert sameface.Profile.enroll([{str(face)!r}], name='Eileen')"
    subprocess.run([sys.executable, "-c", code], env=environment | home, check=True)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []
