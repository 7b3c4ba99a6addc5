"""Take ONNX Runtime's shared library and its licences out of a wheel: unpack_library.py WHEEL FOLDER."""

import shutil
import sys
import zipfile
from pathlib import Path


def is_library(name: str) -> bool:
    """libonnxruntime.so.1.2.3, libonnxruntime.1.2.3.dylib or onnxruntime.dll, not its optional providers."""
    return name.startswith(("onnxruntime/capi/libonnxruntime.", "onnxruntime/capi/onnxruntime.dll"))


LICENCES = ["onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"]


def main() -> None:
    wheel, folder = map(Path, sys.argv[1:])
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        libraries = [name for name in archive.namelist() if is_library(name)]
        if len(libraries) != 1:
            sys.exit(f"{wheel.name}: one libonnxruntime was expected, found {libraries}")
        for name in libraries + LICENCES:
            with archive.open(name) as packed, open(folder / Path(name).name, "wb") as file:
                shutil.copyfileobj(packed, file)


if __name__ == "__main__":
    main()
