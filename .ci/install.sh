#!/bin/sh
# Install the program with cargo, ONNX Runtime into the user's data folder, where it looks, and completions and
# manual pages where shells and `man` look.
set -eu
cd "$(dirname "$0")/.."
data=${XDG_DATA_HOME:-$HOME/.local/share}
case $(uname -s) in
    Darwin) home="$HOME/Library/Application Support/sameface" ;;
    *) home=$data/sameface ;;
esac
cargo install --locked --path .
# There is none to copy where ORT_DYLIB_PATH names the user's own.
if [ -d target/onnxruntime ]; then
    mkdir -p "$home/onnxruntime"
    # No older version stays beside it.
    rm -f "$home"/onnxruntime/libonnxruntime.*
    cp target/onnxruntime/libonnxruntime.* "$home/onnxruntime/"
    echo "ONNX Runtime is in $home/onnxruntime"
fi
# `man` looks in share/man beside each bin of the PATH; bash and fish look in the user's data folder.
root=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-$HOME/.cargo}}
.ci/shell.sh "$root/bin/verify" "$data" "$root/share/man/man1"
echo "Manual pages are in $root/share/man (man verify), completions of bash and fish where these look."
# zsh has no folder of the user's own.
echo "For zsh, put this above compinit in ~/.zshrc: fpath+=('$data/zsh/site-functions')"
