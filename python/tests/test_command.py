"""The command that comes with the package."""

import sys
from pathlib import Path

import onnxruntime
import pytest

import sameface


def test_the_command_runs_in_the_environment_it_came_with(command):
    doctor = command("doctor")
    library = Path(onnxruntime.__file__).parent / "capi"
    assert str(library) in doctor.stdout, doctor
    assert "golden embedding" in doctor.stdout


def test_the_command_reads_what_python_wrote(command, face, profile: sameface.Profile, tmp_path):
    profile.save(tmp_path / "eileen.json")
    checked = command("check", "--profile", tmp_path / "eileen.json", face)
    assert checked.returncode == 0, checked.stderr
    assert "match" in checked.stdout


@pytest.mark.parametrize(
    "file",
    [
        "man/man1/verify.1",
        "man/man1/verify-check.1",
        "bash-completion/completions/verify",
        "fish/vendor_completions.d/verify.fish",
        "zsh/site-functions/_verify",
    ],
)
def test_shells_and_man_are_told_of_the_command(command, file):
    assert (Path(sys.prefix) / "share" / file).stat().st_size > 500
