"""Which photos are enrolled and which are tried: chosen once, by a fixed seed, the same for every program.

No program and no photo is opened here.
"""

import random
from pathlib import Path

SEED = 22
# Photos enrolled at a time.
NUMBERS = (1, 3, 5, 10)
# So many people are enrolled of a folder; fewer people are enrolled several times, with other photos.
ENROLMENTS = 30
# Photos of a folder that are divided among the people enrolled, and the bounds of what each is tried with.
PHOTOS, FEWEST, MOST = 300, 5, 40
# People who are never enrolled, a photo each.
STRANGERS = 200
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


def people_of(folder: Path) -> dict[str, list[str]]:
    """The photos of each person, in the order of their names."""
    found = {}
    for person in sorted(path for path in folder.iterdir() if path.is_dir()):
        photos = pictures(person)
        if photos:
            found[person.name] = photos
    return found


def pictures(folder: Path) -> list[str]:
    """The photos that a folder itself holds, in the order of their names."""
    return sorted(str(path) for path in folder.iterdir() if path.suffix.lower() in PICTURES and path.is_file())


def divide(photos: list[str], most: int, rng: random.Random) -> tuple[list[str], list[str]]:
    """Photos to enrol and photos to try: a third is tried, two if three are left to enrol, and more if ten are."""
    shuffled = rng.sample(photos, len(photos))
    tried = min(most, max(len(photos) // 3, min(2, len(photos) - 3), len(photos) - NUMBERS[-1]))
    return shuffled[tried:], shuffled[:tried]


def of_folder(folder: Path) -> dict:
    """The trials of a folder of people: strangers are the other people of the same folder."""
    rng = random.Random(SEED)
    people = people_of(folder)
    eligible = [name for name in people if len(people[name]) >= 3]
    rng.shuffle(eligible)
    # Who has enough photos comes first, so that the same people are enrolled with few and with many.
    eligible.sort(key=lambda name: -min(len(people[name]), NUMBERS[-1] + FEWEST))
    chosen = eligible[:ENROLMENTS]
    most = max(FEWEST, min(MOST, PHOTOS // max(1, len(chosen)) - NUMBERS[-1]))
    enrolments, probes = [], []
    for name in chosen:
        known, tried = divide(people[name], most, rng)
        enrolments += draws(name, known, ENROLMENTS // len(chosen), rng)
        probes += [{"person": name, "photo": photo} for photo in tried]
    others = sorted(set(people) - set(chosen))
    for name in rng.sample(others, min(STRANGERS, len(others))):
        probes.append({"person": name, "photo": rng.choice(people[name])})
    return {"name": folder.name, "enrolments": enrolments, "probes": probes, "related": related(folder)}


def draws(name: str, known: list[str], times: int, rng: random.Random) -> list[dict]:
    """Enrolments of one person, each with photos drawn anew; its first photo, its first three and so on are used."""
    return [{"person": name, "photos": rng.sample(known, min(len(known), NUMBERS[-1]))} for _ in range(max(1, times))]


def of_person(portraits: Path, scenes: Path, strangers: Path) -> dict:
    """The trials of one person with many photos, against scenes and against strangers of another folder."""
    rng = random.Random(SEED)
    name = portraits.parent.name
    known, tried = divide(pictures(portraits), MOST, rng)
    probes = [{"person": name, "photo": photo} for photo in tried]
    probes += [{"person": photo, "photo": photo} for photo in pictures(scenes)] if scenes.is_dir() else []
    probes += of_folder(strangers)["probes"]
    enrolments = draws(name, known, ENROLMENTS, rng)
    return {"name": name, "enrolments": enrolments, "probes": probes, "related": []}


def related(folder: Path) -> list[list[str]]:
    """Pairs of people who are related, and so no strangers."""
    listed = folder / "pairs.txt"
    return [line.split()[:2] for line in listed.read_text().splitlines() if line.split()] if listed.is_file() else []


def photos_of(plans: list[dict]) -> list[str]:
    """Every photo of some trials, once."""
    seen = {}
    for plan in plans:
        for enrolment in plan["enrolments"]:
            seen.update(dict.fromkeys(enrolment["photos"]))
        seen.update(dict.fromkeys(probe["photo"] for probe in plan["probes"]))
    return list(seen)
