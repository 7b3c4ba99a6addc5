#!/usr/bin/env python3
"""What of others is in the program: its list in THIRD_PARTY_NOTICES.md, the texts of the licences, the SBOM.

    .ci/third_party.py list     writes the list of crates into THIRD_PARTY_NOTICES.md anew
    .ci/third_party.py check    fails where that list is not that of Cargo.lock
    .ci/third_party.py texts    gathers the licences' texts in target/third-party-licences.txt
    .ci/third_party.py sbom     writes target/sbom.cdx.json with cargo-cyclonedx, and adds the models
"""

import hashlib
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICES = ROOT / "THIRD_PARTY_NOTICES.md"
BEGIN, END = "<!-- crates: .ci/third_party.py list -->\n", "<!-- end of crates -->\n"
# The list must be the same wherever it is made.
PLATFORM = "x86_64-unknown-linux-gnu"


def cargo(*arguments):
    """What a command of cargo's prints."""
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def crates():
    """The crates that the program is built from, by name and version."""
    # `cargo metadata` alone also counts crates that only other platforms' features ask for.
    tree = cargo("tree", "--edges=normal", f"--target={PLATFORM}", "--prefix=none", "--format={p}")
    used = {tuple(line.split()[:2]) for line in tree.splitlines()}
    packages = json.loads(cargo("metadata", "--format-version=1", f"--filter-platform={PLATFORM}"))["packages"]
    found = [package for package in packages if (package["name"], f"v{package['version']}") in used and package["source"]]
    return sorted(found, key=lambda package: (package["name"], package["version"]))


def licence(package):
    """The licence as an SPDX expression; `/` is an old way to write OR."""
    return package["license"].replace(" / ", "/").replace("/", " OR ")


def listed():
    """The list of crates, by licence, as Markdown."""
    by_licence = defaultdict(set)
    for package in crates():
        by_licence[licence(package)].add(package["name"])
    lines = [f"- **{name}**: {', '.join(sorted(names))}" for name, names in sorted(by_licence.items())]
    return "\n".join(lines) + "\n"


def with_list(text):
    """`text` with the list of crates between its marks."""
    head, rest = text.split(BEGIN)
    return head + BEGIN + listed() + END + rest.split(END)[1]


def texts():
    """Every licence file that the crates carry, each text once."""
    by_text = defaultdict(list)
    for package in crates():
        folder = Path(package["manifest_path"]).parent
        files = [f for f in sorted(folder.iterdir()) if f.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))]
        for file in files:
            if file.is_file():
                by_text[file.read_text(errors="replace").strip()].append(f"{package['name']} {package['version']}")
        if not files:
            by_text["(carries no text of its licence)"].append(f"{package['name']} ({licence(package)})")
    out = ROOT / "target/third-party-licences.txt"
    out.write_text("".join(f"{', '.join(names)}\n\n{text}\n\n{'=' * 80}\n" for text, names in by_text.items()))
    print(f"{out.relative_to(ROOT)}: {len(by_text)} texts")


def sbom():
    """The SBOM of the program, with the models that are in it."""
    draft = ROOT / "target-sbom.json"
    command = ["cargo", "cyclonedx", "--format=json", "--spec-version=1.5", "--override-filename=target-sbom", "-qq"]
    try:
        subprocess.run(command, cwd=ROOT, check=True)
        bom = json.loads(draft.read_text())
    finally:
        # The tool writes one for each member of the workspace.
        for member in (".", "python", "benches/stages", "models/yunet-sface"):
            (ROOT / member / draft.name).unlink(missing_ok=True)
    folder = ROOT / "models/yunet-sface"
    pack = json.loads((folder / "pack.json").read_text())
    for file in sorted([*folder.glob("*.onnx"), folder / "population.safetensors"]):
        bom["components"].append({
            "type": "machine-learning-model",
            "bom-ref": f"model:{file.name}",
            "name": file.name,
            "version": pack["name"],
            "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(file.read_bytes()).hexdigest()}],
        })
    out = ROOT / "target/sbom.cdx.json"
    # Where it was made is nobody's business.
    out.write_text(json.dumps(bom, indent=1).replace(ROOT.as_uri(), "file://."))
    print(f"{out.relative_to(ROOT)}: {len(bom['components'])} components")


def main():
    action = sys.argv[1] if len(sys.argv) == 2 else ""
    if action == "list":
        NOTICES.write_text(with_list(NOTICES.read_text()))
    elif action == "check":
        if with_list(NOTICES.read_text()) != NOTICES.read_text():
            sys.exit("THIRD_PARTY_NOTICES.md does not list the crates of Cargo.lock; run `make notices`")
    elif action == "texts":
        texts()
    elif action == "sbom":
        sbom()
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
