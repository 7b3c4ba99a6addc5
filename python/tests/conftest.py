"""Photos, profiles and the command for the tests. What is not there skips the tests that need it."""

import os
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sameface

ROOT = Path(__file__).resolve().parents[2]
# The one that the wheel brought into this environment.
COMMAND = Path(sysconfig.get_path("scripts")) / "verify"
FACE = ROOT / "tests/data/astronaut.png"


def folder(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"no photos at {path}")
    return path


@pytest.fixture(scope="session")
def person() -> Path:
    """Photos of one person."""
    return folder(ROOT / "../shared/data/cage/enroll")


@pytest.fixture(scope="session")
def strangers() -> list[str]:
    """Sixty photos of other people."""
    photos = sorted(folder(ROOT / "../shared/data/lfw").rglob("*.jpg"))
    return [os.fspath(photo) for photo in photos[::100][:60]]


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run `verify` with neither the user's profile nor the user's index."""
    if not COMMAND.exists():
        pytest.skip(f"{COMMAND} is not there: the package is not from a wheel")

    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"VERIFY_INDEX": os.fspath(tmp_path / "index.sqlite")}
        line = [os.fspath(COMMAND), *map(str, arguments)]
        return subprocess.run(line, capture_output=True, text=True, env=environment)

    return run


@pytest.fixture(scope="session")
def face() -> Path:
    """A photo with one face, in the public domain."""
    return FACE


@pytest.fixture(scope="session")
def profile(face: Path) -> sameface.Profile:
    return sameface.Profile.enroll([face], name="Eileen")


@pytest.fixture(scope="session")
def own(face: Path) -> NDArray[np.float32]:
    """The embedding of that face, with a little noise: eight rows."""
    return near(sameface.embed([face]).embeddings[0], 8, 0.03)


def near(centre: NDArray[np.float32], count: int, spread: float) -> NDArray[np.float32]:
    random = np.random.default_rng(count)
    rows = centre + spread * random.standard_normal((count, len(centre)))
    unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit
