"""Write jpegs.json: small JPEGs of every kind, and what libjpeg-turbo makes of them; see README.md.

usage: make_jpegs.py [--all OUT]
needs Python 3.11 or newer, pillow==13.0.0, numpy, imagecodecs==2026.3.6, and cjpeg of libjpeg-turbo 2.1.5

Each entry has the file and the means of squares of 4 x 4 pixels, row by row, in red, green and blue.
With --all the grid is sampling x scans x restarts x sizes, some thousand files, and goes to OUT.
"""

import base64
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

OUT = Path(__file__).resolve().parent / "jpegs.json"
SQUARE = 4

SAMPLING = (
    "1x1 2x1 1x2 2x2 4x1 1x4 4x2 2x4 3x1 3x2 3x3 1x1,2x1,2x1 1x1,1x2,1x2 1x1,2x2,1x1 1x1,2x2,2x2 1x2,2x1,1x1 "
    "2x1,1x2,1x1 2x2,2x1,1x1 2x2,2x2,2x2 2x2,1x2,1x2 2x2,2x1,2x1 2x1,1x1,2x1 4x1,2x1,1x1 4x1,2x1,2x1 4x2,2x1,2x1"
).split()
SCANS = {
    "sequential": "",
    "each alone": "0;\n1;\n2;\n",
    "reversed": "2;\n1;\n0;\n",
    "colours together": "0;\n1,2;\n",
    "last alone": "0,1;\n2;\n",
    "progressive": "0,1,2: 0-0, 0, 1;\n0: 1-5, 0, 2;\n2: 1-63, 0, 1;\n1: 1-63, 0, 1;\n0: 6-63, 0, 2;\n"
    "0: 1-63, 2, 1;\n0,1,2: 0-0, 1, 0;\n2: 1-63, 1, 0;\n1: 1-63, 1, 0;\n0: 1-63, 1, 0;\n",
    "progressive, each alone": "0: 0-0, 0, 0;\n1: 0-0, 0, 0;\n2: 0-0, 0, 0;\n0: 1-63, 0, 0;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n",
    "progressive, brightness first": "0: 0-0, 0, 0;\n0: 1-63, 0, 0;\n1,2: 0-0, 0, 0;\n1: 1-63, 0, 0;\n2: 1-63, 0, 0;\n",
}
SIZES = [(1, 1), (7, 1), (1, 9), (8, 8), (9, 17), (16, 16), (17, 33), (33, 31), (64, 47), (100, 75), (97, 131)]
RESTARTS = ["0", "1B", "2B", "3B", "1"]


def main() -> None:
    every = sys.argv[1:2] == ["--all"]
    entries = list(grid() if every else few())
    out = Path(sys.argv[2]) if every else OUT
    out.write_text("[\n" + ",\n".join(json.dumps(entry) for entry in entries) + "\n]\n")
    print(f"{len(entries)} JPEGs in {out}")


def few():
    """Each kind of each axis once, at sizes that end within a block."""
    for sampling in SAMPLING:
        yield from cjpeg(sampling, "sequential", (33, 31))
        yield from cjpeg(sampling, "progressive", (19, 33))
    for scans in SCANS:
        for sampling in ("1x1", "2x2", "2x1", "2x2,2x1,1x1"):
            yield from cjpeg(sampling, scans, (33, 19))
    for size in SIZES[:7]:
        yield from cjpeg("2x2", "sequential", size)
        yield from cjpeg("2x2", "each alone", size)
    for restart in RESTARTS[1:]:
        for scans in ("sequential", "progressive", "each alone"):
            yield from cjpeg("2x2", scans, (47, 33), restart)
    yield from others([(33, 31), (1, 9)])


def grid():
    for sampling in SAMPLING:
        for scans in SCANS:
            for size in SIZES:
                yield from cjpeg(sampling, scans, size)
            for restart in RESTARTS[1:]:
                yield from cjpeg(sampling, scans, (33, 31), restart)
                yield from cjpeg(sampling, scans, (97, 131), restart)
    yield from others(SIZES)


def others(sizes):
    """Grey, RGB, inks; arithmetic coding, 12 bits, no loss."""
    for size in sizes:
        for scans in ("sequential", "progressive"):
            how = ["-progressive"] if scans == "progressive" else []
            yield from run(f"grey {scans}", size, ["-grayscale", *how])
            yield from run(f"grey 2x2 {scans}", size, ["-grayscale", "-sample", "2x2", *how])
            yield from run(f"RGB {scans}", size, ["-rgb", *how])
            for sampling in ("1x1", "2x2", "2x1"):
                yield from run(f"arithmetic {sampling} {scans}", size, ["-arithmetic", "-sample", sampling, *how])
        yield from run("arithmetic, restarts", size, ["-arithmetic", "-restart", "1B"])
        yield from cjpeg("1x1", "each alone", size, "0", ["-rgb"])
        yield from coloured(size)
        yield from cjpeg("1x1", "each alone", size, "0", ["-arithmetic"])
        picture = made_up(size)
        for sampling in ("444", "422", "420"):
            for inks in ("cmyk", "ycck"):
                yield entry(f"{inks} {sampling} {size}", inked(picture, inks, sampling))
            deep = (picture.astype(np.uint16) << 4) | (picture >> 4)
            jpeg = imagecodecs.jpeg8_encode(deep, level=90, bitspersample=12, subsampling=sampling)
            yield entry(f"12 bits {sampling} {size}", jpeg)
        for predictor in (1, 4, 7):
            for depth in (8, 12, 16):
                deep = picture if depth == 8 else picture.astype(np.uint16) << (depth - 8)
                for name, samples in (("colours", deep), ("grey", deep[:, :, 0].copy())):
                    jpeg = imagecodecs.jpeg8_encode(
                        samples, lossless=True, predictor=predictor, bitspersample=depth
                    )
                    yield entry(f"lossless {predictor}, {depth} bits, {name} {size}", jpeg)


def coloured(size):
    """The same numbers as colours of each kind: by Adobe's word, by JFIF's, by the components' names."""
    command = ["cjpeg", "-quality", "90", "-rgb"]
    ppm = io.BytesIO()
    Image.fromarray(made_up(size)).save(ppm, "PPM")
    jpeg = subprocess.run(command, input=ppm.getvalue(), capture_output=True, check=True).stdout
    at = jpeg.index(b"\xff\xeeAdobe"[:2])
    length = int.from_bytes(jpeg[at + 2 : at + 4], "big") + 2
    start, adobe, rest = jpeg[:2], jpeg[at : at + length], jpeg[2:at] + jpeg[at + length :]
    jfif = b"\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    for says, heads in (("nothing", b""), ("Adobe", adobe), ("JFIF", jfif), ("JFIF and Adobe", jfif + adobe)):
        for names in (b"RGB", b"\1\2\3", b"\0\1\2"):
            named = bytearray(start + heads + rest)
            frame, scan = named.index(b"\xff\xc0"), named.index(b"\xff\xda")
            for component in range(3):
                named[frame + 10 + 3 * component] = names[component]
                named[scan + 5 + 2 * component] = names[component]
            yield entry(f"colours by {says}, named {list(names)} {size}", bytes(named))


def inked(picture, inks: str, sampling: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).convert("CMYK").save(
        buffer, "JPEG", quality=92, subsampling={"444": 0, "422": 1, "420": 2}[sampling]
    )
    data = bytearray(buffer.getvalue())
    if inks == "ycck":
        # The same planes, said to be Y, Cb, Cr and black: other colours, on which decoders must agree.
        data[data.index(b"Adobe") + 11] = 2
    return bytes(data)


def cjpeg(sampling: str, scans: str, size, restart: str = "0", more=()):
    arguments = ["-sample", sampling, "-restart", restart, *more]
    with tempfile.NamedTemporaryFile("w", suffix=".scans") as script:
        script.write(SCANS[scans])
        script.flush()
        if SCANS[scans]:
            arguments += ["-scans", script.name]
        name = " ".join([sampling, scans, *more]) + f", restart {restart}"
        yield from run(name, size, arguments)


def run(name: str, size, arguments):
    ppm = io.BytesIO()
    Image.fromarray(made_up(size)).save(ppm, "PPM")
    command = ["cjpeg", "-quality", "90", *arguments]
    done = subprocess.run(command, input=ppm.getvalue(), capture_output=True)
    # Some are too much for the format, such as more than ten blocks in a group.
    if done.returncode == 0:
        yield entry(f"{name} {size}", done.stdout)


def made_up(size):
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(float)
    waves = [np.sin(x / 17 + y / 29), np.sin(y / 13 - x / 41 + 1), np.cos(x / 23 + y / 19)]
    return np.rint(128 + 100 * np.stack(waves, -1)).astype(np.uint8)


def entry(name: str, jpeg: bytes) -> dict:
    pixels = decoded(jpeg)
    height, width = pixels.shape[:2]
    rows, columns = range(0, height, SQUARE), range(0, width, SQUARE)
    squares = [pixels[y : y + SQUARE, x : x + SQUARE].mean((0, 1)) for y in rows for x in columns]
    means = np.rint(np.concatenate(squares)).astype(int).tolist()
    text = base64.b64encode(jpeg).decode()
    return {"name": name, "width": width, "height": height, "means": means, "jpeg": text}


def decoded(jpeg: bytes):
    """The pixels as Pillow's libjpeg-turbo gives them; of more than 8 bits as imagecodecs' does."""
    try:
        with Image.open(io.BytesIO(jpeg)) as image:
            return np.asarray(image.convert("RGB"), float)
    except OSError:
        pixels = imagecodecs.jpeg8_decode(jpeg)
        depth = next(jpeg[at + 4] for at in frames(jpeg))
        pixels = pixels.astype(float) / 2 ** (depth - 8)
        return pixels if pixels.ndim == 3 else np.stack([pixels] * 3, -1)


def frames(jpeg: bytes):
    return (at for kind in (0xC0, 0xC1, 0xC3) if (at := jpeg.find(bytes([0xFF, kind]))) > 0)


if __name__ == "__main__":
    main()
