#!/usr/bin/env python3
"""Write the sha256 of a file of a pack into its pack.json: describe.py PACK/FILE."""

import hashlib
import re
import sys
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent


def main() -> None:
    (name,) = sys.argv[1:]
    path = MODELS / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    described = path.with_name("pack.json").read_text()
    entry = re.compile(rf'("file": "{re.escape(path.name)}",\s*"sha256": )"[0-9a-f]*"')
    changed, entries = entry.subn(rf'\1"{digest}"', described)
    if entries != 1:
        sys.exit(f"{path.parent.name}/pack.json: {path.name} stands in it {entries} times, not once")
    path.with_name("pack.json").write_text(changed)


if __name__ == "__main__":
    main()
