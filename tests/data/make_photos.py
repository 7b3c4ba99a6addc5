"""Write photos/: one tiny picture in the odd formats that photo folders hold; see README.md.

usage: make_photos.py        needs Python 3.11 or newer, pillow==13.0.0, pillow-heif==1.8.1,
                            numpy==2.4.6 and tifffile==2026.3.3 with imagecodecs==2026.3.6

The picture is 12 x 8 pixels: the left half red, the right half blue, both a little dulled.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image, ImageCms
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
    odd_tiffs(picture)
    odd_pngs(picture, exif)
    odd_webps(picture, exif)
    odd_bmps(picture)


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


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, kind: int, rows: bytes, *, interlaced: int = 0,
        before: bytes = b"", after: bytes = b"") -> bytes:
    """A PNG file by hand, with other chunks before its pixels and after them."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
            + chunk(b"IDAT", zlib.compress(rows)) + after + chunk(b"IEND", b""))


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
    # What old faxes write is told apart from a damaged photo, and not read.
    picture.convert("1").save(FOLDER / "bilevel-fax.tif", compression="group3")


def phone(picture: Image.Image, exif: Image.Exif) -> None:
    """What phones take: larger, for HEVC has a least size; the HEIC's EXIF says a turn."""
    larger = picture.resize((64, 48), Image.Resampling.NEAREST)
    register_heif_opener()
    larger.save(FOLDER / "phone.heic", quality=90, exif=exif)
    larger.save(FOLDER / "phone.avif", quality=90)


XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>')


def odd_tiffs(picture: Image.Image) -> None:
    """TIFFs of kinds, depths and orders that few programs write."""
    picture.save(FOLDER / "big.tif", big_tiff=True)
    lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    ImageCms.applyTransform(picture, lab).save(FOLDER / "lab.tif")
    picture.convert("LA").save(FOLDER / "grey-alpha.tif")
    # Floats of 0 to 255 are no brighter than those of 0 to 1.
    picture.convert("L").convert("F").save(FOLDER / "float.tif")
    (FOLDER / "shared-colours.tif").write_bytes(shared_colours(picture))
    picture.save(FOLDER / "turned-xmp.tif", tiffinfo={700: XMP})
    picture.convert("1", dither=Image.Dither.NONE).save(FOLDER / "bilevel-fax4.tif", compression="group4")
    small = Image.new("RGB", (6, 4), (0, 255, 0))
    small.save(FOLDER / "small-first.tif", save_all=True, append_images=[picture, small])
    with tifffile.TiffWriter(FOLDER / "small-above.tif") as file:
        file.write(np.asarray(small), photometric="rgb", subifds=1)
        file.write(np.asarray(picture), photometric="rgb")
    pixels = np.asarray(picture)
    write = {"photometric": "rgb", "metadata": None}
    tifffile.imwrite(FOLDER / "planes.tif", np.moveaxis(pixels, 2, 0).copy(), planarconfig="separate",
                     compression="lzw", predictor=True, rowsperstrip=3, byteorder=">", **write)
    tifffile.imwrite(FOLDER / "twelve-bits.tif", pixels.astype("u2") << 4, bitspersample=12, **write)
    tifffile.imwrite(FOLDER / "float-tiles.tif", (pixels / 255).astype("f4"), compression="deflate",
                     predictor=3, tile=(16, 16), **write)


def shared_colours(picture: Image.Image) -> bytes:
    """A TIFF whose colours are shared by each four pixels, in two strips: the four pixels' brightness, then
    both colours."""
    ycc = np.asarray(picture.convert("YCbCr"))
    data = b"".join(ycc[y:y + 2, x:x + 2, 0].tobytes() + ycc[y, x, 1:].tobytes()
                    for y in range(0, HEIGHT, 2) for x in range(0, WIDTH, 2))
    tags = [(256, 3, 1, WIDTH), (257, 3, 1, HEIGHT), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 6), (273, 4, 2, 0),
            (277, 3, 1, 3), (278, 3, 1, HEIGHT // 2), (279, 4, 2, 0), (530, 3, 2, 0x0002_0002)]
    behind = 8 + 2 + 12 * len(tags) + 4
    half = len(data) // 2
    lists = {273: behind, 279: behind + 8}
    entries = b"".join(struct.pack("<HHII", tag, kind, count, lists.get(tag, value)) for tag, kind, count, value in tags)
    return (b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)
            + struct.pack("<4I", behind + 16, behind + 16 + half, half, half) + data)


def odd_pngs(picture: Image.Image, exif: Image.Exif) -> None:
    """PNGs with what turns them in other places, and with chunks that are not as they should be."""
    rows = b"".join(b"\0" + row.tobytes() for row in np.asarray(picture))
    block = exif.tobytes()[6:]
    note = b"\nexif\n%8d\n" % (len(block) + 6) + (b"Exif\0\0" + block).hex().encode() + b"\n"
    for name, after in (
        ("turned-after", chunk(b"eXIf", block)),
        ("turned-text", chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(note))),
        ("turned-xmp", chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
    ):
        (FOLDER / f"{name}.png").write_bytes(png(WIDTH, HEIGHT, 8, 2, rows, after=after))
    junk = b"".join(chunk(name, b"junk") for name in (b"gAMA", b"iCCP", b"eXIf", b"tEXt", b"tRNS", b"acTL", b"fcTL"))
    wrong = chunk(b"tIME", b"1234567")[:-1] + b"?"
    (FOLDER / "junk.png").write_bytes(png(WIDTH, HEIGHT, 8, 2, rows, before=junk + wrong, after=wrong + junk)[:-12])
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    deep = np.asarray(picture).astype(">u2") * 257
    parts = [deep[y::down, x::across].astype(">u2") for x, y, across, down in passes]
    rows = b"".join(b"\0" + row.tobytes() for part in parts for row in part if row.size)
    (FOLDER / "interlaced-16.png").write_bytes(png(WIDTH, HEIGHT, 16, 2, rows, interlaced=1))


def odd_webps(picture: Image.Image, exif: Image.Exif) -> None:
    """WebPs that announce what is not there, and do not announce what is."""
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True)
    pixels = buffer.getvalue()[12:]
    size = struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]

    def part(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    def write(name: str, flags: int, after: bytes) -> None:
        body = b"WEBP" + part(b"VP8X", bytes([flags, 0, 0, 0]) + size) + pixels + after
        (FOLDER / f"{name}.webp").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)

    write("flags", 0x3C, b"")
    write("turned-letters", 0, part(b"EXIF", b"Exif\0\0" + exif.tobytes()[6:]))
    write("turned-xmp", 0, part(b"XMP ", XMP))


def odd_bmps(picture: Image.Image) -> None:
    """BMPs with heads of other lengths, masks, run lengths, and alpha that nobody filled in."""
    def write(name: str, head: int, height: int, bits: int, kind: int, data: bytes, extra: bytes = b"") -> None:
        fields = struct.pack("<IiiHHIIiiII", head, WIDTH, height, 1, bits, kind, 0, 0, 0, 0, 0)
        fields += extra.ljust(head - 40, b"\0")
        at = 14 + len(fields)
        (FOLDER / f"{name}.bmp").write_bytes(b"BM" + struct.pack("<IHHI", at + len(data), 0, 0, at) + fields + data)

    blue_first = np.asarray(picture)[:, :, ::-1]
    up = blue_first[::-1].tobytes()
    write("os2", 64, HEIGHT, 24, 0, up)
    write("top-down", 124, -HEIGHT, 24, 0, blue_first.tobytes())
    masks = struct.pack("<IIII", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    empty = np.dstack([blue_first, np.zeros((HEIGHT, WIDTH), "u1")])[::-1]
    write("empty-alpha", 108, HEIGHT, 32, 3, empty.tobytes(), masks)
    red, green, blue = np.moveaxis(np.asarray(picture).astype("<u2"), 2, 0)
    high = (red >> 3 << 11 | green >> 2 << 5 | blue >> 3)[::-1]
    write("masks", 52, HEIGHT, 16, 3, high.astype("<u2").tobytes(), struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    write("jpeg-inside", 40, HEIGHT, 24, 4, up)


if __name__ == "__main__":
    main()
