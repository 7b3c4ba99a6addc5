#!/bin/sh
# Fetch ONNX Runtime's shared library into target/onnxruntime, where src/model/runtime.rs looks.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
pins=.ci/onnxruntime.txt
home=target/onnxruntime

# The tests of pages drive a browser where there is one, and are skipped where there is none. CI
# installs it; what goes wrong with it stops nothing.
if [ -n "${CI:-}" ] && ! command -v chromedriver > /dev/null && command -v apt-get > /dev/null \
    && [ "$(id -u)" = 0 ] && [ ! -e target/browser-tried ]; then
    mkdir -p target
    touch target/browser-tried
    echo "Installing Chromium for the tests of pages ..."
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
        --no-install-recommends chromium chromium-driver; } > target/browser-tried 2>&1; then
        echo "setup: without Chromium (see target/browser-tried); the tests of pages are skipped" >&2
    fi
fi

# The same for the tests of videos, which ffmpeg makes and reads.
if [ -n "${CI:-}" ] && [ -z "${VERIFY_FFMPEG:-}" ] && ! command -v ffmpeg > /dev/null \
    && command -v apt-get > /dev/null && [ "$(id -u)" = 0 ] && [ ! -e target/ffmpeg-tried ]; then
    mkdir -p target
    touch target/ffmpeg-tried
    echo "Installing ffmpeg for the tests of videos ..."
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
        --no-install-recommends ffmpeg; } > target/ffmpeg-tried 2>&1; then
        echo "setup: without ffmpeg (see target/ffmpeg-tried); the tests of videos are skipped" >&2
    fi
fi

# Whoever names a library of their own needs none. Otherwise the stamp is the pins that were
# fetched: a change of version fetches anew.
if [ -n "${ORT_DYLIB_PATH:-}" ] || { cmp -s "$pins" "$home/fetched.txt" && [ -e "$home/LICENSE" ]; }; then
    exit 0
fi
if ! "$python" -m pip --version > /dev/null 2>&1; then
    echo "setup: '$python -m pip' does not run; install Python 3 with pip, or name another with PYTHON=..." >&2
    exit 1
fi
mkdir -p target
fetched=$(mktemp -d target/fetch.XXXXXX)
trap 'rm -rf "$fetched"' EXIT

echo "Fetching ONNX Runtime into $home ..."
if ! "$python" -m pip download --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --implementation cp --python-version 3.12 --abi cp312 \
    --require-hashes --dest "$fetched" --requirement "$pins"; then
    echo "setup: pip could not fetch it; or point ORT_DYLIB_PATH at an ONNX Runtime (1.17 or newer) of your own" >&2
    exit 1
fi
"$python" -B .ci/unpack_library.py "$fetched"/onnxruntime-*.whl "$fetched/library"
cp "$pins" "$fetched/library/fetched.txt"
rm -rf "$home"
mv "$fetched/library" "$home"
ls "$home"/libonnxruntime.*
