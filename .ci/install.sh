#!/bin/sh
# Install the program with cargo, and ONNX Runtime into the user's data folder, where it looks.
set -eu
cd "$(dirname "$0")/.."
case $(uname -s) in
    Darwin) data="$HOME/Library/Application Support" ;;
    *) data=${XDG_DATA_HOME:-$HOME/.local/share} ;;
esac
cargo install --locked --path .
# There is none to copy where ORT_DYLIB_PATH names the user's own.
if [ -d target/onnxruntime ]; then
    home=$data/sameface/onnxruntime
    mkdir -p "$home"
    # No older version stays beside it.
    rm -f "$home"/libonnxruntime.*
    cp target/onnxruntime/libonnxruntime.* "$home/"
    echo "ONNX Runtime is in $home"
fi
