"""The figure of docs/question.md: a bar for what each answer accepts of each kind of photo.

    python figure.py target/question/figures.json FIGURE    (draw it anew from the last run)
"""

import json
import sys
from html import escape
from pathlib import Path

# The groups of rows, from top to bottom: a heading, then the answers and what they are called here.
GROUPS = [
    ("Trained on the pixels", {
        "network, one class, label 0 (as asked)": "Network, one class (as asked)",
        "network, one class, label 1": "The same, the class labelled 1",
        "network, random pictures as the other class": "Network, random pictures beside it",
        "one-class regression on pixels": "One-class regression",
    }),
    ("On embeddings of faces, each with its own border", {
        "one-class regression on embeddings": "One-class regression",
        "one-class SVM at its own border": "One-class SVM",
        "centroid, the furthest enrolled photo as border": "Distance to the centroid",
        "logistic regression on embeddings": "Logistic regression against strangers",
    }),
    ("verify: embeddings, and a border for one stranger in 10,000", {
        "verify enroll --method supervised": "--method supervised",
        "verify enroll --method plda": "--method plda",
        "verify": "as it comes",
    }),
]
# What is accepted, the colour of its bars, and what the column is called.
COLUMNS = [
    ("person", "right", "New photos of the person", "right: all"),
    ("strangers", "wrong", "Photos of strangers", "right: none"),
    ("scenes", "wrong", "Other pictures", "right: none"),
]
# Blue and vermilion of Okabe and Ito's palette, lighter on dark.
STYLE = """
  .paper { fill: #ffffff } text { fill: #1f2933; font: 14px Helvetica, Arial, sans-serif }
  .track { fill: #e6eaee } .right { fill: #0072b2 } .wrong { fill: #d55e00 }
  .title { font-size: 19px; font-weight: bold } .head { font-weight: bold } .soft { fill: #52606d; font-size: 13px }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #16191d } text { fill: #e6eaee } .soft { fill: #a9b4c0 }
    .track { fill: #2c333a } .right { fill: #56b4e9 } .wrong { fill: #ff8c3a }
  }
"""
WIDTH, LEFT, STEP, BAR, LINE = 980, 316, 222, 140, 26


def text(x, y, words, kind=""):
    """A line of text."""
    return f'<text x="{x}" y="{y}" class="{kind}">{escape(words)}</text>'


def short(share):
    """A share as the figure says it."""
    percent = 100 * share
    if 0 < percent < 10:
        return f"{percent:.2g} %"
    return f"{percent:.1f} %" if 99 <= percent < 100 else f"{percent:.0f} %"


def bars(row, y):
    """The three bars of an answer, with their shares."""
    for column, (kind, colour, _, _) in enumerate(COLUMNS):
        x, share = LEFT + column * STEP, row["accepted"][kind]
        # What is not nought is seen.
        length = max(BAR * share, 2) if share else 0
        yield f'<rect x="{x}" y="{y - 12}" width="{BAR}" height="15" rx="2" class="track"/>'
        yield f'<rect x="{x}" y="{y - 12}" width="{length:.1f}" height="15" rx="2" class="{colour}"/>'
        yield text(x + BAR + 8, y, short(share))


def drawn(rows):
    """The figure as SVG."""
    lines, y = [], 92
    for heading, names in GROUPS:
        y += 12
        lines.append(text(24, y, heading, "head"))
        y += LINE
        for name, label in names.items():
            lines += [text(40, y, label), *bars(rows[name], y)]
            y += LINE
    heads = [text(24, 36, "What each answer accepts", "title")]
    for column, (_, _, words, want) in enumerate(COLUMNS):
        x = LEFT + column * STEP
        heads += [text(x, 62, words, "head"), text(x, 80, want, "soft")]
    label = "Share of new photos of the person, of strangers and of other pictures that each answer accepts"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{label}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{y}" class="paper"/>',
        *heads, *lines, "</svg>", "",
    ])


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(drawn(json.loads(Path(sys.argv[1]).read_text())["rows"]))
