#!/bin/sh
# Install the wheel of target/wheels, or the one that WHEEL names, into a fresh environment and run its
# tests there. Spark is 460 MB and needs Java: it is tested where ENGINES="ray spark" asks for it. An
# engine that cannot be installed is skipped by its own tests, plainly.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
home=$PWD/target/python
wheel=${WHEEL:-$(echo target/wheels/sameface-*.whl)}

rm -rf "$home/tests"
"$python" -m venv "$home/tests"
pip="$home/tests/bin/pip install --quiet --disable-pip-version-check"
$pip "$wheel[images,sklearn]" pytest==9.2.0 pyrage==1.4.0 mypy==2.4.1
for extra in ${ENGINES:-ray}; do
    $pip "$wheel[$extra]" || echo "python: the packages of [$extra] cannot be installed here; its tests are skipped" >&2
done
# Checked against the installed wheel, as a user's own program would be.
"$home/tests/bin/mypy" --config-file python/pyproject.toml python/sameface python/examples/*.py
cd python/tests
"$home/tests/bin/python" -m pytest --config-file ../pyproject.toml "$@" .
