#!/usr/bin/env python3
"""Write the sha256 of a file of the pack into pack.json: describe.py FILE."""

import hashlib
import re
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent


def main() -> None:
    (name,) = sys.argv[1:]
    digest = hashlib.sha256((MODELS / name).read_bytes()).hexdigest()
    described = (MODELS / "pack.json").read_text()
    entry = re.compile(rf'("file": "{re.escape(name)}", "sha256": )"[0-9a-f]*"')
    changed, entries = entry.subn(rf'\1"{digest}"', described)
    if entries != 1:
        sys.exit(f"pack.json: {name} stands in it {entries} times, not once")
    (MODELS / "pack.json").write_text(changed)


if __name__ == "__main__":
    main()
