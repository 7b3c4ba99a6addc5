"""The largest one-coloured picture of each kind that is let in, and what it takes to check it.

usage: bombs.py PORTRAIT [KIND...]    (PORTRAIT: a photo of a face, to enrol)

Megapixels are found by halving, to one in a hundred. A picture that is refused names its limit.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

VERIFY = Path(__file__).resolve().parents[2] / "target" / "release" / "verify"
MOST = 140e6
# The mode of the picture in Pillow, the ending of its file, and how it is written.
KINDS = {
    "PNG, RGB": ("RGB", "png", {"compress_level": 1}),
    "PNG, palette": ("P", "png", {"compress_level": 1}),
    "PNG, grey": ("L", "png", {"compress_level": 1}),
    "PNG, 1 bit": ("1", "png", {"compress_level": 1}),
    "PNG, grey, 16 bits": ("I;16", "png", {"compress_level": 1}),
    "PNG, RGBA": ("RGBA", "png", {"compress_level": 1}),
    "PNG, grey with alpha": ("LA", "png", {"compress_level": 1}),
    "JPEG, baseline": ("RGB", "jpg", {}),
    "JPEG, progressive": ("RGB", "jpg", {"progressive": True}),
    "JPEG, progressive, colours at full size": ("RGB", "jpg", {"progressive": True, "subsampling": 0}),
    "JPEG, CMYK": ("CMYK", "jpg", {}),
    "JPEG, CMYK, progressive": ("CMYK", "jpg", {"progressive": True}),
    "WebP, lossy": ("RGB", "webp", {"method": 0}),
    "WebP, lossy with alpha": ("RGBA", "webp", {"method": 0}),
    "WebP, lossless": ("RGB", "webp", {"method": 0, "lossless": True}),
    "WebP, lossless with alpha": ("RGBA", "webp", {"method": 0, "lossless": True}),
    "GIF": ("P", "gif", {}),
    "BMP": ("RGB", "bmp", {}),
    "TIFF, deflate": ("RGB", "tif", {"compression": "tiff_adobe_deflate"}),
    "TIFF, LZW": ("RGB", "tif", {"compression": "tiff_lzw"}),
    "TIFF, grey": ("L", "tif", {"compression": "tiff_lzw"}),
    "TIFF, CMYK": ("CMYK", "tif", {"compression": "tiff_lzw"}),
}


def write(path: Path, kind: str, pixels: float) -> None:
    """A picture of one colour, half as wide again as high."""
    mode, _, options = KINDS[kind]
    size = int((1.5 * pixels) ** 0.5), int((pixels / 1.5) ** 0.5)
    see_through = (90, 120, 60, 200)[: len(Image.new(mode, (1, 1)).getbands())]
    colour = see_through if len(see_through) > 1 else 1
    Image.new(mode, size, colour).save(path, **options)


def check(path: Path, profile: Path) -> tuple:
    """The exit status, seconds and peak MB of a check of one picture."""
    begun = time.monotonic()
    command = [VERIFY, "check", path, "--profile", profile, "--no-index"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), time.monotonic() - begun, usage.ru_maxrss * 1024 / 1e6


def largest(kind: str, scratch: Path, profile: Path) -> tuple:
    """The most megapixels that are let in, with the seconds and MB of that check."""
    path = scratch / f"bomb.{KINDS[kind][1]}"
    low, high, cost = 0.0, MOST, (0, 0.0, 0.0)
    while high - low > MOST / 100:
        middle = (low + high) / 2
        # Not here: Linux counts what a process holds when it starts another for that one too.
        writer = multiprocessing.Process(target=write, args=(path, kind, middle))
        writer.start()
        writer.join()
        tried = check(path, profile)
        if tried[0] == 2:
            high = middle
        else:
            low, cost = middle, tried
    return low / 1e6, *cost[1:]


def main() -> None:
    Image.MAX_IMAGE_PIXELS = None
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile.json"
        command = [VERIFY, "enroll", sys.argv[1], "--profile", profile, "--no-index"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        print("| picture | let in up to, megapixels | s | peak MB |\n|---|---|---|---|")
        for kind in sys.argv[2:] or KINDS:
            most, seconds, memory = largest(kind, Path(folder), profile)
            print(f"| {kind} | {most:.0f} | {seconds:.1f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
