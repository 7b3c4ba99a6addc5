"""What the models run on. Tests that need another device than the processor skip without it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sameface

OFFERED = """
import sys, sameface
try:
    sameface.set_device(sys.argv[1])
except sameface.VerifyError as error:
    sys.exit(str(error))
print(sameface.get_device(), *sameface.embed([sys.argv[2]]).embeddings[0])
"""


def on(device: str, face: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Embed `face` in a process of its own, for a device is chosen for a whole process."""
    return subprocess.run(
        [sys.executable, "-c", OFFERED, device, os.fspath(face)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )


def test_a_device_of_no_known_name_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="auto, cpu, cuda, coreml, openvino, directml"):
        sameface.set_device("gpu")  # type: ignore[arg-type]


def test_a_device_that_is_not_there_is_an_error_and_the_one_before_stays() -> None:
    before = sameface.get_device()
    # No system has both.
    absent = "directml" if sys.platform == "darwin" else "coreml"
    with pytest.raises(sameface.VerifyError, match=f"^device {absent}: .* does not offer it"):
        sameface.set_device(absent)  # type: ignore[arg-type]
    assert sameface.get_device() == before


def test_the_processor_can_always_be_named_and_the_variable_counts(face: Path) -> None:
    assert on("cpu", face).stdout.split()[0] == "cpu"
    asked = [sys.executable, "-c", "import sameface; sameface.get_device()"]
    environment = os.environ | {"VERIFY_DEVICE": "gpu"}
    run = subprocess.run(asked, capture_output=True, text=True, env=environment)
    assert 'VERIFY_DEVICE: "gpu" is not a device' in run.stderr


def test_openvino_makes_the_embeddings_of_the_processor(face: Path) -> None:
    there = on("openvino", face)
    if there.returncode:
        pytest.skip(there.stderr.strip())
    (device, *numbers), (_, *expected) = there.stdout.split(), on("cpu", face).stdout.split()
    assert device == "openvino"
    # What `verify doctor` allows (GOLDEN_TOLERANCE in src/pack/golden.rs).
    assert np.abs(np.array(numbers, float) - np.array(expected, float)).max() < 1e-4
