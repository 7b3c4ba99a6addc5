"""The pictures that detectors are tried on: recipes of `patterns.compose`, without a library."""

GREY = [128, 128, 128]


def canvas(width: int, height: int, *pastes: dict) -> dict:
    """A recipe of `patterns.compose`."""
    return {"width": width, "height": height, "fill": GREY, "pastes": list(pastes)}


def paste(rectangle: list, every: int = 1, mirrored: bool = False, at: tuple | list = (0, 0)) -> dict:
    """One piece of the photo in a recipe."""
    return {"from": rectangle, "every": every, "mirrored": mirrored, "at": list(at)}


def images() -> list[tuple[str, dict]]:
    """Names and recipes of the images to search."""
    return [
        ("whole photo", canvas(512, 512, paste([0, 0, 512, 512]))),
        ("two faces, one mirrored at half the size",
         canvas(900, 600, paste([0, 0, 512, 512], at=[20, 88]),
                paste([100, 0, 300, 300], every=2, mirrored=True, at=[640, 210]))),
        ("forehead and one side cut off", canvas(301, 400, paste([172, 62, 301, 400]))),
        ("odd sides, upright format", canvas(257, 341, paste([90, 0, 257, 341]))),
        ("no face", canvas(240, 260, paste([260, 250, 240, 260]))),
    ]
