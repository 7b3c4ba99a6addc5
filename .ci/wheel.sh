#!/bin/sh
# Build the wheel: the Python module, the command `verify` with its completions and man pages, and the
# licences of all that is in them. ONNX Runtime is an ordinary dependency of it.
#
#   .ci/wheel.sh              for this machine's own C library, from the program in target/release
#   .ci/wheel.sh manylinux    for Linux with glibc 2.28 or newer, linked by Zig: another build (minutes)
#
# The wheel is left in target/wheels, or in target/dist for manylinux.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
tools=$PWD/target/python/build
glibc=2.28

if ! "$python" -c 'import ensurepip, venv' > /dev/null 2>&1; then
    echo "wheel: '$python' has no venv; install it (Debian: python3-venv), or name another with PYTHON=..." >&2
    exit 1
fi
[ -x "$tools/bin/maturin" ] || "$python" -m venv "$tools"
pip="$tools/bin/pip install --quiet --disable-pip-version-check"
$pip maturin==1.16.0

case ${1:-here} in
    here)
        out=target/wheels
        cargo build --release --locked
        program=target/release/verify
        set -- ;;
    manylinux)
        out=target/dist
        $pip -r .ci/wheel.txt
        triple=$(uname -m)-unknown-linux-gnu
        PATH=$tools/bin:$PATH cargo zigbuild --release --locked --target "$triple.$glibc"
        program=target/$triple/release/verify
        set -- --zig --target "$triple" --compatibility "manylinux_$(echo "$glibc" | tr . _)" ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
        exit 2 ;;
esac

# What a wheel's `data` is copied to: `scripts` beside python, `data` to the environment's root.
data=target/wheel/sameface.data
rm -rf target/wheel python/licenses "$out"/sameface-*.whl
mkdir -p "$data/scripts" "$data/data/share" "$out"
install -m 755 "$program" "$data/scripts/verify"
strip "$data/scripts/verify"
.ci/shell.sh "$program" "$data/data/share"
.ci/third_party.py texts
mkdir python/licenses
cp LICENSE-* THIRD_PARTY_NOTICES.md target/third-party-licences.txt python/licenses/
PATH=$tools/bin:$PATH maturin build --release --locked --quiet --manifest-path python/Cargo.toml --out "$out" "$@"
rm -rf python/licenses
wheel=$(echo "$out"/sameface-*.whl)
if [ "$out" = target/dist ]; then
    "$tools/bin/auditwheel" show "$wheel"
    "$tools/bin/twine" check --strict "$wheel"
fi
ls -l "$wheel"
