"""Write photos/heif/: what phones and the web make of one tiny picture; see README.md.

usage: make_heif_photos.py   needs Python 3.11 or newer, pillow==13.0.0, pillow-heif==1.8.1, pillow-jxl-plugin==1.3.8,
                             numpy,
                             imagecodecs==2026.3.6 and cjxl (Debian's libjxl-tools 0.7.0)

The picture is 64 x 48 pixels, or 128 x 64: the left half red, the right half blue, both a little dulled. Grids and boxes
that turn a picture are written here, as ISO/IEC 23008-12 says, since pillow-heif writes none; that
libheif reads them is checked at once.
"""

import io
import struct
import subprocess
import tempfile
from pathlib import Path

import imagecodecs
import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401  registers JPEG XL
from PIL import Image, ImageOps

FOLDER = Path(__file__).resolve().parent / "photos" / "heif"
SIZE = (64, 48)
# Of what is put together here: libheif's encoder fills smaller pictures up.
WIDE = (128, 64)
RED, BLUE = (200, 40, 40), (40, 40, 200)
ORIENTATION = 0x0112


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    pillow_heif.register_heif_opener()
    picture = Image.new("RGB", SIZE, BLUE)
    picture.paste(RED, (0, 0, SIZE[0] // 2, SIZE[1]))
    clear = picture.convert("RGBA")
    clear.paste((0, 0, 0, 0), (SIZE[0] // 2, 0, *SIZE))
    heics(picture, clear)
    avifs(picture, clear)
    jxls(picture, clear)


def heics(picture: Image.Image, clear: Image.Image) -> None:
    for chroma in (422, 444):
        picture.save(FOLDER / f"{chroma}.heic", quality=90, chroma=chroma)
        deep = (np.asarray(picture).astype("uint16") << 8).tobytes()
        file = pillow_heif.from_bytes(mode="RGB;16", size=SIZE, data=deep)
        file.save(FOLDER / f"deep-{chroma}.heic", quality=90, chroma=chroma)
    clear.save(FOLDER / "clear.heic", quality=90)
    picture = picture.resize(WIDE, Image.Resampling.NEAREST)
    # Stored a quarter turn clockwise, to be shown turned back, counter-clockwise once.
    turned = picture.transpose(Image.Transpose.ROTATE_270)
    write("turned.heic", container([coded(turned)], turned.size, [box(b"irot", b"\1")]))
    write("mirrored.heic", container([coded(ImageOps.mirror(picture))], WIDE, [box(b"imir", b"\1")]))
    half = WIDE[0] // 2
    tiles = [coded(picture.crop((left, 0, left + half, WIDE[1]))) for left in (0, half)]
    write("tiles.heic", container(tiles, WIDE, [], tile=(half, WIDE[1])))


def write(name: str, data: bytes) -> None:
    (FOLDER / name).write_bytes(data)
    read = Image.open(FOLDER / name).convert("RGB")
    assert read.size == WIDE, (name, read.size)
    for at, colour in (((1, 1), RED), ((WIDE[0] - 2, WIDE[1] - 2), BLUE)):
        assert max(abs(a - b) for a, b in zip(read.getpixel(at), colour)) < 8, (name, read.getpixel(at))


def coded(picture: Image.Image) -> tuple[bytes, bytes]:
    """The configuration and the data of a picture as HEVC."""
    out = io.BytesIO()
    picture.save(out, format="HEIF", quality=90)
    data = out.getvalue()
    at = data.index(b"hvcC") - 4
    configuration = data[at : at + struct.unpack(">I", data[at : at + 4])[0]]
    at = data.index(b"mdat") - 4
    return configuration, data[at + 8 : at + struct.unpack(">I", data[at : at + 4])[0]]


def box(kind: bytes, body: bytes, full: int | None = None) -> bytes:
    if full is not None:
        body = struct.pack(">I", full) + body
    return struct.pack(">I4s", 8 + len(body), kind) + body


def extent(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">II", width, height), 0)


def container(
    pictures: list[tuple[bytes, bytes]],
    size: tuple[int, int],
    turns: list[bytes],
    tile: tuple[int, int] | None = None,
) -> bytes:
    """A HEIF file of one picture, turned as `turns` say, or of a row of tiles."""
    numbers = list(range(1, len(pictures) + 1))
    main = len(pictures) + 1 if tile else 1
    # Limited range and BT.601, as x265 writes them here.
    colours = box(b"colr", b"nclx" + struct.pack(">HHHB", 1, 13, 6, 0x80))
    properties = [pictures[0][0], extent(*(tile or size)), colours, *turns]
    of_coded = list(range(1, len(properties) + 1))
    kinds = [(number, b"hvc1") for number in numbers]
    links = [(number, of_coded) for number in numbers]
    if tile:
        properties.append(extent(*size))
        kinds.append((main, b"grid"))
        links.append((main, [len(properties), 3]))
    grid = struct.pack(">BBBBHH", 0, 0, 0, len(pictures) - 1, *size) if tile else b""
    infos = [box(b"infe", struct.pack(">HH4sB", number, 0, kind, 0), 2 << 24) for number, kind in kinds]
    association = b"".join(
        struct.pack(">HB", number, len(which)) + bytes(index | 0x80 for index in which) for number, which in links
    )

    def head(offset: int) -> bytes:
        places, at = b"", offset
        for number, (_, data) in zip(numbers, pictures):
            places += struct.pack(">HHHHII", number, 0, 0, 1, at, len(data))
            at += len(data)
        if tile:
            places += struct.pack(">HHHHII", main, 1, 0, 1, 0, len(grid))
        meta = box(b"hdlr", struct.pack(">I4s12sB", 0, b"pict", b"", 0), 0)
        meta += box(b"pitm", struct.pack(">H", main), 0)
        meta += box(b"iloc", struct.pack(">HH", 0x4400, len(kinds)) + places, 1 << 24)
        meta += box(b"iinf", struct.pack(">H", len(infos)) + b"".join(infos), 0)
        if tile:
            tiles = struct.pack(f">HH{len(numbers)}H", main, len(numbers), *numbers)
            meta += box(b"iref", box(b"dimg", tiles), 0)
        meta += box(
            b"iprp",
            box(b"ipco", b"".join(properties)) + box(b"ipma", struct.pack(">I", len(links)) + association, 0),
        )
        meta += box(b"idat", grid) if tile else b""
        return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", meta, 0)

    # Offsets do not change how long the head is.
    offset = len(head(0)) + 8
    return head(offset) + box(b"mdat", b"".join(data for _, data in pictures))


def avifs(picture: Image.Image, clear: Image.Image) -> None:
    picture.save(FOLDER / "444.avif", quality=90, subsampling="4:4:4")
    clear.save(FOLDER / "clear.avif", quality=90)
    deep = np.asarray(picture).astype("uint16") << 2
    (FOLDER / "deep.avif").write_bytes(imagecodecs.avif_encode(deep, level=90, bitspersample=10))
    exif = Image.Exif()
    # To be shown a quarter turn clockwise; Pillow writes the boxes that say so.
    exif[ORIENTATION] = 6
    picture.transpose(Image.Transpose.ROTATE_90).save(FOLDER / "turned.avif", quality=90, exif=exif)


def jxls(picture: Image.Image, clear: Image.Image) -> None:
    picture.save(FOLDER / "lossy.jxl", quality=90)
    picture.save(FOLDER / "lossless.jxl", lossless=True)
    clear.save(FOLDER / "clear.jxl", lossless=True)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    with tempfile.TemporaryDirectory() as folder:
        jpeg = Path(folder) / "a.jpg"
        picture.save(jpeg, quality=95)
        subprocess.run(["cjxl", "--quiet", jpeg, FOLDER / "of-jpeg.jxl"], check=True)
        picture.transpose(Image.Transpose.ROTATE_90).save(jpeg, quality=95, exif=exif)
        subprocess.run(["cjxl", "--quiet", jpeg, FOLDER / "turned.jxl"], check=True)
        # Of several groups, and turned: from the left, it gets darker from above.
        across = Image.linear_gradient("L").resize((40, 600)).transpose(Image.Transpose.ROTATE_90)
        across.convert("RGB").save(jpeg, quality=90, exif=exif)
        subprocess.run(["cjxl", "--quiet", jpeg, FOLDER / "tall.jxl"], check=True)


if __name__ == "__main__":
    main()
