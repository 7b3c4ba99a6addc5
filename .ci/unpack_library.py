"""Take ONNX Runtime's shared library out of a wheel: unpack_library.py WHEEL FOLDER."""

import shutil
import sys
import zipfile
from pathlib import Path


def is_library(name: str) -> bool:
    """libonnxruntime.so.1.2.3 or libonnxruntime.1.2.3.dylib, not its optional providers."""
    return name.startswith("onnxruntime/capi/libonnxruntime.")


def main() -> None:
    wheel, folder = map(Path, sys.argv[1:])
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        libraries = [name for name in archive.namelist() if is_library(name)]
        if len(libraries) != 1:
            sys.exit(f"{wheel.name}: one libonnxruntime was expected, found {libraries}")
        with archive.open(libraries[0]) as packed, open(folder / Path(libraries[0]).name, "wb") as library:
            shutil.copyfileobj(packed, library)


if __name__ == "__main__":
    main()
