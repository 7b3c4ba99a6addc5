"""Test images that any language can repeat to the byte: integer arithmetic only.

`pattern` makes a synthetic picture, `compose` pastes pieces of a photo without resampling.
"""

import numpy as np

# The side in pixels of the cells of each fixed pattern, smooth to fine; each divides 150.
CELLS = (50, 30, 15, 10, 6, 3)
SIDE = 150


def pattern(seed: int, cell: int, side: int = SIDE) -> np.ndarray:
    """Smooth value noise with grain, (side, side, 3) u8 RGB.

    One generator, state = state * 1664525 + 1013904223 mod 2^32 starting at `seed`, gives its top
    byte at each step. Channel after channel: first a lattice of (side / cell + 1)^2 bytes, row by
    row; then, pixel by pixel and row by row, the integer bilinear mean of the four lattice bytes
    around it plus grain (next byte mod 33) - 16, cut off at 0 and 255.
    """
    state = seed

    def byte() -> int:
        nonlocal state
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        return state >> 24

    knots = side // cell + 1
    image = np.zeros((side, side, 3), dtype=np.uint8)
    for channel in range(3):
        lattice = [[byte() for _ in range(knots)] for _ in range(knots)]
        for y in range(side):
            row, down = divmod(y, cell)
            for x in range(side):
                column, right = divmod(x, cell)
                top = lattice[row][column] * (cell - right) + lattice[row][column + 1] * right
                bottom = lattice[row + 1][column] * (cell - right) + lattice[row + 1][column + 1] * right
                mean = (top * (cell - down) + bottom * down) // (cell * cell)
                image[y, x, channel] = min(max(mean + byte() % 33 - 16, 0), 255)
    return image


def patterns() -> list[np.ndarray]:
    """The fixed patterns: seeds 1, 2, ... with the cells of CELLS."""
    return [pattern(seed, cell) for seed, cell in enumerate(CELLS, start=1)]


def compose(photo: np.ndarray, recipe: dict) -> np.ndarray:
    """A canvas of one colour with pieces of `photo` pasted on it, in order.

    recipe: {"width", "height", "fill": [r, g, b], "pastes": [paste, ...]}; a paste is
    {"from": [x, y, width, height], "every": n, "mirrored": bool, "at": [x, y]}: of the rectangle
    `from` every n-th row and column (the first included), then mirrored left to right, at `at`.
    """
    canvas = np.empty((recipe["height"], recipe["width"], 3), dtype=np.uint8)
    canvas[:] = recipe["fill"]
    for paste in recipe["pastes"]:
        x, y, width, height = paste["from"]
        piece = photo[y:y + height:paste["every"], x:x + width:paste["every"]]
        if paste["mirrored"]:
            piece = piece[:, ::-1]
        left, top = paste["at"]
        canvas[top:top + piece.shape[0], left:left + piece.shape[1]] = piece
    return canvas
