"""Write photos/: one tiny picture in the odd formats that photo folders hold; see README.md.

usage: make_photos.py        needs Python 3.11 or newer, pillow==13.0.0 and pillow-heif==1.8.1

The picture is 12 x 8 pixels: the left half red, the right half blue, both a little dulled.
"""

import io
import struct
import zlib
from pathlib import Path

from PIL import Image
from pillow_heif import register_heif_opener

FOLDER = Path(__file__).resolve().parent / "photos"
WIDTH, HEIGHT = 12, 8
RED, BLUE = (200, 40, 40), (40, 40, 200)
# EXIF's orientation 6: to be shown a quarter turn clockwise, so that red is above blue.
QUARTER_TURN = 6


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    picture = Image.new("RGB", (WIDTH, HEIGHT), BLUE)
    picture.paste(RED, (0, 0, WIDTH // 2, HEIGHT))
    jpegs(picture)
    exif = Image.Exif()
    exif[0x0112] = QUARTER_TURN
    turned(picture, exif)
    pngs(picture)
    moving(picture)
    tiffs(picture)
    phone(picture, exif)


def jpegs(picture: Image.Image) -> None:
    """The JPEGs of printing houses: inks instead of light, and both marked as Adobe does."""
    cmyk = picture.convert("CMYK")
    cmyk.save(FOLDER / "cmyk.jpg", quality=95, subsampling=0)
    # YCCK holds the complement of the three stored inks as Y, Cb and Cr. Stored is 255 - ink, so
    # that complement is the ink; and Pillow stores 255 - plane of what it is given.
    *inks, black = cmyk.split()
    ycc = Image.merge("RGB", inks).convert("YCbCr")
    planes = [plane.point(lambda v: 255 - v) for plane in ycc.split()]
    buffer = io.BytesIO()
    Image.merge("CMYK", [*planes, black]).save(buffer, "JPEG", quality=95, subsampling=0)
    data = bytearray(buffer.getvalue())
    data[data.index(b"Adobe") + 11] = 2  # the colour transform: 2 is YCCK
    (FOLDER / "ycck.jpg").write_bytes(data)
    picture.save(FOLDER / "progressive.jpg", quality=95, progressive=True)


def turned(picture: Image.Image, exif: Image.Exif) -> None:
    """A quarter turn in the EXIF block of every format that has one."""
    picture.save(FOLDER / "turned.jpg", exif=exif, quality=95, subsampling=0)
    picture.save(FOLDER / "turned.png", exif=exif)
    picture.save(FOLDER / "turned.webp", exif=exif, lossless=True)
    picture.save(FOLDER / "turned.tif", tiffinfo={0x0112: QUARTER_TURN})


def pngs(picture: Image.Image) -> None:
    """Depths and kinds of PNG, the last one with dimensions that no memory holds."""
    picture.quantize(4).save(FOLDER / "palette.png")
    # 16-bit grey with alpha, which Pillow does not write: white left, clear right.
    row = b"\0" + b"\xff\xff\xff\xff" * (WIDTH // 2) + b"\0\0\0\0" * (WIDTH // 2)
    (FOLDER / "grey-alpha-16.png").write_bytes(png(WIDTH, HEIGHT, 16, 4, row * HEIGHT))
    (FOLDER / "huge.png").write_bytes(png(30_000, 30_000, 8, 2, b""))


def png(width: int, height: int, depth: int, kind: int, rows: bytes) -> bytes:
    """A PNG file by hand."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def moving(picture: Image.Image) -> None:
    """Two frames, of which the first counts."""
    second = Image.new("RGB", picture.size, (0, 255, 0))
    both = {"save_all": True, "append_images": [second], "duration": 100}
    picture.save(FOLDER / "animated.gif", **both)
    picture.save(FOLDER / "animated.webp", lossless=True, **both)
    picture.save(FOLDER / "animated.png", **both)


def tiffs(picture: Image.Image) -> None:
    """Compressions and colours of TIFF."""
    for name, compression in (("lzw", "tiff_lzw"), ("jpeg", "jpeg"), ("deflate", "tiff_adobe_deflate")):
        picture.save(FOLDER / f"{name}.tif", compression=compression)
    picture.convert("CMYK").save(FOLDER / "cmyk.tif")
    picture.convert("L").save(FOLDER / "grey.tif")
    picture.convert("RGBA").save(FOLDER / "alpha.tif")
    picture.quantize(4).save(FOLDER / "palette.tif")
    # What faxes write is told apart from a damaged photo, and not read.
    picture.convert("1").save(FOLDER / "bilevel-fax.tif", compression="group3")


def phone(picture: Image.Image, exif: Image.Exif) -> None:
    """What phones take: larger, for HEVC has a least size; the HEIC's EXIF says a turn."""
    larger = picture.resize((64, 48), Image.Resampling.NEAREST)
    register_heif_opener()
    larger.save(FOLDER / "phone.heic", quality=90, exif=exif)
    larger.save(FOLDER / "phone.avif", quality=90)


if __name__ == "__main__":
    main()
