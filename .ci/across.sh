#!/bin/sh
# Build the program on this machine for another, run it there under emulation, and run its unit tests
# there (docs/machines.md). Times under emulation mean nothing.
#     across.sh arm64      Linux on 64-bit Arm, under qemu-user
#     across.sh windows    Windows on x86-64, under Wine
# Needs root and mmdebstrap: compilers and emulators are those of a Debian in a folder, which is made on
# the first call (15 minutes, 5 GB). Further options for mmdebstrap are taken from ACROSS_DEBIAN.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
machine=${1:-}
home=target/across
debian=$home/debian

case $machine in
    arm64) platform=manylinux_2_28_aarch64 ;;
    windows) platform=win_amd64 ;;
    *) echo "across: arm64 or windows?" >&2; exit 2 ;;
esac
skip() {
    echo "skipped: $machine, since $1"
    exit 0
}
[ "$(uname -sm)" = "Linux x86_64" ] || skip "this needs Linux on x86-64"
[ "$(id -u)" = 0 ] || skip "only root can make a Debian in a folder"
command -v mmdebstrap > /dev/null || skip "there is no mmdebstrap (Debian: apt install mmdebstrap)"
command -v unshare > /dev/null || skip "there is no unshare (Debian: apt install util-linux)"
"$python" -m pip --version > /dev/null 2>&1 || skip "'$python -m pip' does not run; name another Python with PYTHON=..."

# Whatever pip fetches: ONNX Runtime for that machine, a linker that knows old versions of glibc, photos.
fetch() {
    mkdir -p "$home"
    if [ ! -d "$home/onnxruntime-$machine" ]; then
        rm -rf "$home/fetched"
        "$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
            --implementation cp --python-version 3.12 --abi cp312 --platform "$platform" \
            --require-hashes --dest "$home/fetched" --requirement .ci/onnxruntime.txt
        "$python" -B .ci/unpack_library.py "$home"/fetched/onnxruntime-*.whl "$home/onnxruntime-$machine"
    fi
    [ -d "$home/zig/ziglang" ] || "$python" -m pip install --quiet --disable-pip-version-check \
        --target "$home/zig" ziglang==0.17.1 cargo-zigbuild==0.24.1
    .ci/demo.sh photos
    # The crates of the program; those of the standard library are fetched in the Debian.
    cargo fetch --quiet --locked
}

# The standard library for Windows is compiled from its source, since Debian has none.
make_debian() {
    [ ! -e "$debian/made" ] || return 0
    rm -rf "$debian"
    echo "Making a Debian in $debian ..."
    # shellcheck disable=SC2086
    mmdebstrap --mode=root --variant=apt --architectures=amd64,arm64 ${ACROSS_DEBIAN:-} --include="ca-certificates \
        cargo rustc rust-src libstd-rust-dev libstd-rust-dev:arm64 libc6:arm64 libstdc++6:arm64 qemu-user \
        gcc-mingw-w64-x86-64-win32 wine wine64 curl" sid "$debian" > "$home/debian.log" 2>&1 \
        || { echo "across: no Debian could be made; see $home/debian.log" >&2; exit 1; }
    touch "$debian/made"
}

# Run a command in it, the checkout at /src. The kernel runs programs for Arm by qemu there; a user
# namespace has such a rule of its own (Linux 6.7), so that nothing outside changes.
inside() {
    mkdir -p "$debian/src" "$debian/registry" "$debian/cargo"
    # The certificates and the name servers that this machine trusts.
    cp -L /etc/ssl/certs/ca-certificates.crt "$debian/etc/ssl/certs/ca-certificates.crt"
    cp -L /etc/resolv.conf "$debian/etc/resolv.conf"
    REGISTRY=${CARGO_HOME:-$HOME/.cargo}/registry DEBIAN=$debian unshare --map-root-user --mount \
        sh -eu .ci/across/inside.sh "$@"
}

fetch
make_debian
inside sh -eu .ci/across/build.sh "$machine"
