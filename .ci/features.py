#!/usr/bin/env python3
"""Cargo features: each builds alone, without a warning, and docs/library.md says what is true.

    .ci/features.py          checks the builds (a minute), the crates of the core, and the document
    .ci/features.py write    writes the core's tree and the numbers of crates into the document anew
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs/library.md"
# How ONNX Runtime is found; what the core is built with.
RUNTIME = "load-dynamic"
# These say how ONNX Runtime comes and what is built by default, and are no parts of the library.
NO_PARTS = {"default", RUNTIME, "download-onnxruntime"}
# What whoever only checks faces does not want to build.
NOT_OF_THE_CORE = {
    "axum", "clap", "csv", "hyper", "ignore", "linfa-tsne", "parquet", "plotters", "rusqlite", "tokio", "toml", "tracing-subscriber",
}
# The trees must be the same wherever they are made.
TREE = ["tree", "--locked", "--edges=normal", "--target=x86_64-unknown-linux-gnu"]


def cargo(*arguments):
    """What a command of cargo's prints, and what it says beside."""
    done = subprocess.run(["cargo", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)}\n{done.stderr}")
    return done.stdout, done.stderr


def only(*features):
    """The flags of a build of these features and the core."""
    return ["--no-default-features", f"--features={','.join([RUNTIME, *features])}"]


def parts():
    """The features that are parts of the library."""
    packages = json.loads(cargo("metadata", "--locked", "--no-deps", "--format-version=1")[0])["packages"]
    features = next(package["features"] for package in packages if package["name"] == "sameface")
    return sorted(set(features) - NO_PARTS)


def crates(flags):
    """The names and versions of the crates of a build, its own included."""
    tree = cargo(*TREE, "--prefix=none", "--no-dedupe", "--format={p}", *flags)[0]
    return {tuple(line.split()[:2]) for line in tree.splitlines()}


def builds():
    """Check each part alone, and the core with its tests: neither an error nor a warning."""
    for flags in [[*only(), "--all-targets"], *(only(part) for part in parts())]:
        said = cargo("check", "--release", "--locked", "--package=sameface", *flags)[1]
        if "warning:" in said:
            sys.exit(f"cargo check {' '.join(flags)}\n{said}")


def core():
    """Check that the core has nothing that a feature is to bring."""
    found = sorted(name for name, _ in crates(only()) if name in NOT_OF_THE_CORE)
    if found:
        sys.exit(f"the core has {', '.join(found)}; see Cargo.toml for the feature each belongs to")


def document(text):
    """The document with the tree and the numbers of crates as they are."""
    tree = cargo(*TREE, "--depth=1", "--format={p}", *only())[0]
    # Where the checkout is, is not said.
    tree = re.sub(rf" \({re.escape(str(ROOT))}[^)]*\)", "", tree)
    text = re.sub(r"(\n```text\nsameface ).*?(?=```)", lambda _: f"\n```text\n{tree}", text, flags=re.DOTALL)
    counted = {"core": only(), "everything": [], **{part: only(part) for part in parts()}}
    for name, flags in counted.items():
        row = re.compile(rf"^(\| `?{name}`? .*\| )\d+( \|)$", re.MULTILINE)
        text, rows = row.subn(lambda found: f"{found[1]}{len(crates(flags))}{found[2]}", text)
        if rows != 1:
            sys.exit(f"{DOCUMENT.name} needs one row of {name} in its table, ending in a number of crates")
    return text


def main():
    before = DOCUMENT.read_text()
    if sys.argv[1:] == ["write"]:
        DOCUMENT.write_text(document(before))
        return
    core()
    if document(before) != before:
        sys.exit(f"docs/{DOCUMENT.name} is not what cargo says; run .ci/features.py write")
    builds()


main()
