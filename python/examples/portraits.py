"""Learn a person, check photos, look for that person in a library with Ray, and look for another
person in what was kept of it.

    pip install 'sameface[ray,images]'
    python portraits.py photos/of/anna photos/of/her/brother library
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import ray

import sameface
import sameface.parquet
import sameface.ray


def main(anna_photos: str, brother_photos: str, library: str) -> None:
    # 1. Learn one person; nobody else's photos are needed.
    anna = sameface.Profile.enroll(anna_photos, far=1e-4)
    print(anna)
    for photo in anna.photos:
        if photo.status == "set-aside":
            print(f"  set aside: {photo.path}: {photo.reason}")
    anna.save("anna.json")  # `verify check --profile anna.json` takes it too

    # 2. Check photos: paths, bytes, PIL images or arrays.
    photos = sorted(str(path) for path in Path(library).rglob("*.jpg"))
    for check in anna.check_many(photos[:5]):
        print(f"{check.verdict:9} {check.score}  {check.photo}")

    # 3. Embeddings, for all else that one does with numbers.
    faces = sameface.embed(photos[:20])
    scores = anna.score(faces.embeddings)
    print(f"{len(faces)} faces, the best scores {np.round(np.sort(scores)[-3:], 2)}")

    # 4. The whole library on all cores of a cluster, or of this machine; the embeddings are kept.
    ray.init(log_to_driver=False)
    sameface.ray.scan(photos, anna, embeddings=True).write_parquet("kept")

    # 5. Another person, later: no photo is read again.
    brother = sameface.Profile.enroll(brother_photos)
    found = pa.concat_tables(sameface.parquet.scan("kept", brother))
    matches = [row["photo"] for row in found.to_pylist() if row["verdict"] == "match"]
    print(f"{brother.name} is in {len(matches)} of {len(found)} photos: {matches[:5]}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
