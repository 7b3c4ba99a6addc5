"""What the program `verify` says, with the method and the population that are asked for."""

import shutil
from pathlib import Path

import numpy as np

PACK = Path("models/yunet-sface")


def links(folder, paths):
    """A folder of links to `paths`; those that are there stay, for the index knows photos by their times."""
    wanted = {Path(path).name: Path(path).resolve() for path in paths}
    folder.mkdir(parents=True, exist_ok=True)
    for link in folder.iterdir():
        if wanted.get(link.name) != link.resolve():
            link.unlink()
    for name, path in wanted.items():
        if not (folder / name).exists():
            (folder / name).symlink_to(path)
    return folder


def pack_of(program, people):
    """The default pack with a population of `people` alone, estimated once for each such list."""
    pack, listed = program.work / "pack", program.work / "pack" / "people.txt"
    names = "\n".join(str(folder) for folder in people)
    if not listed.exists() or listed.read_text() != names:
        shutil.rmtree(pack, ignore_errors=True)
        pack.mkdir(parents=True)
        for file in [PACK / "pack.json", *PACK.glob("*.onnx"), *PACK.glob("*.md")]:
            shutil.copy(file, pack)
        program.run("population", "--pack", pack, "--people", links(program.work / "people", people))
        listed.write_text(names)
    return pack


def asked(program, learnt, photos, method, pack=None):
    """The best score in each photo by a profile of `learnt`, and whether the program says match."""
    flags = ["--profile", program.work / "profile.safetensors", *(["--pack", pack] if pack else [])]
    chosen = ["--method", method] if method else []
    if method == "supervised":
        chosen += ["--negatives", links(program.work / "negatives", learnt.strangers)]
    # The index holds the strangers that are tried: they must not set the threshold.
    program.run("enroll", *learnt.person, "--name", "Person", "--calibrate", "off", *chosen, *flags)
    listed = program.work / "tried.txt"
    listed.write_text("".join(f"{photo}\n" for photo in photos))
    said = {one["photo"]: one for one in program.run("check", "--files-from", listed, *flags, said=(0, 1))}
    scores = [said[photo]["score"] for photo in photos]
    accepted = [said[photo]["verdict"] == "match" for photo in photos]
    return np.array([-np.inf if score is None else score for score in scores]), np.array(accepted)
