#!/bin/sh
# Compare the scores of other ONNX Runtimes with those of the pinned one: VERSION...
set -eu
cd "$(dirname "$0")/../.."
for version in "$@"; do
    home=target/runtimes/$version
    if [ ! -d "$home/library" ]; then
        mkdir -p "$home"
        "${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
            --implementation cp --python-version 3.12 --abi cp312 --dest "$home" "onnxruntime==$version"
        "${PYTHON:-python3}" -B .ci/unpack_library.py "$home"/onnxruntime-*.whl "$home/library"
    fi
    echo "ONNX Runtime $version"
    VERIFY_OTHER_RUNTIME=$(ls "$PWD/$home"/library/libonnxruntime.*) \
        cargo test --release --locked --test cli same::another -- --nocapture
done
