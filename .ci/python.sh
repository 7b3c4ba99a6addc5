#!/bin/sh
# Build the Python package's wheel into target/wheels, install it into a fresh environment and run its
# tests there. Spark is 460 MB and needs Java: it is tested where ENGINES="ray spark" asks for it. An
# engine that cannot be installed is skipped by its own tests, plainly.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
home=$PWD/target/python

if ! "$python" -c 'import ensurepip, venv' > /dev/null 2>&1; then
    echo "python: '$python' has no venv; install it (Debian: python3-venv), or name another with PYTHON=..." >&2
    exit 1
fi
rm -rf "$home/tests"
[ -x "$home/build/bin/maturin" ] || "$python" -m venv "$home/build"
"$home/build/bin/pip" install --quiet --disable-pip-version-check maturin==1.16.0 mypy==2.4.1
rm -f target/wheels/sameface-*.whl
"$home/build/bin/maturin" build --release --locked --quiet --manifest-path python/Cargo.toml --out target/wheels

"$python" -m venv "$home/tests"
pip="$home/tests/bin/pip install --quiet --disable-pip-version-check"
wheel=$(echo target/wheels/sameface-*.whl)
$pip "$wheel[images,sklearn]" pytest==9.2.0 pyrage==1.4.0
for extra in ${ENGINES:-ray}; do
    $pip "$wheel[$extra]" || echo "python: the packages of [$extra] cannot be installed here; its tests are skipped" >&2
done
# Checked against the installed wheel, as a user's own program would be.
"$home/build/bin/mypy" --config-file python/pyproject.toml --python-executable "$home/tests/bin/python" \
    python/sameface python/examples/*.py
cd python/tests
"$home/tests/bin/python" -m pytest --config-file ../pyproject.toml "$@" .
