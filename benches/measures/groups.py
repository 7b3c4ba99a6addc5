"""Folders of people as one, with the folder of each person as their group.

usage: groups.py DIR OUT

DIR holds folders of people, each of one kind. Their photos are linked below OUT/people, and OUT/groups.csv
names the folder of each person. Of rmfrd only photos without a mask count, as in benches/accuracy/folders.sh.
"""

import pathlib
import shutil
import sys


def main() -> None:
    kinds, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    shutil.rmtree(out, ignore_errors=True)
    (out / "people").mkdir(parents=True)
    with open(out / "groups.csv", "w", encoding="utf-8") as table:
        table.write("person,folder\n")
        for person in sorted(kinds.glob("*/*/")):
            kind = person.parent.name
            photos = sorted(person.glob("u_*" if kind == "rmfrd" else "*"))
            linked = out / "people" / person.name
            # Somebody in two folders is one person, and belongs to the first.
            if linked.exists():
                print(f"{person.name} is in {kind} too", file=sys.stderr)
                continue
            linked.mkdir()
            for photo in photos:
                (linked / photo.name).symlink_to(photo.resolve())
            table.write(f"{person.name},{kind}\n")
    related = sorted(kinds.glob("*/pairs.txt"))
    (out / "related.txt").write_text("".join(file.read_text() for file in related))


if __name__ == "__main__":
    main()
