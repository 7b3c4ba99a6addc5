"""What face_recognition does with photos, and the seconds it takes once it has started.

usage: peer.py hog|cnn|embed PROCESSES PHOTO...
"""

import sys
import time
from concurrent.futures import ProcessPoolExecutor

import face_recognition


def faces(job: tuple[str, str]) -> int:
    """Find and embed all faces of a photo."""
    model, path = job
    image = face_recognition.load_image_file(path)
    boxes = face_recognition.face_locations(image, model=model)
    return len(face_recognition.face_encodings(image, boxes))


def embed(jobs: list) -> float:
    """The seconds that embedding alone takes, a face in the middle of each photo."""
    spent = 0.0
    for _, path in jobs:
        image = face_recognition.load_image_file(path)
        height, width = image.shape[:2]
        box = (height // 4, 3 * width // 4, 3 * height // 4, width // 4)
        start = time.perf_counter()
        face_recognition.face_encodings(image, [box])
        spent += time.perf_counter() - start
    return spent


def main() -> None:
    model, processes, *photos = sys.argv[1:]
    jobs = [(model, photo) for photo in photos]
    if model == "embed":
        print(embed(jobs))
        return
    start = time.perf_counter()
    if processes == "1":
        for job in jobs:
            faces(job)
    else:
        with ProcessPoolExecutor(int(processes)) as pool:
            list(pool.map(faces, jobs))
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
