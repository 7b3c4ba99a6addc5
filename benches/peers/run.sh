#!/bin/sh
# Compare whole commands with peers, in a Python environment of their own below target/.
set -eu
cd "$(dirname "$0")/../.."
environment=target/peers-venv
pins=benches/peers/requirements.txt
if ! cmp -s "$pins" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$pins"
    cp "$pins" "$environment/requirements.txt"
fi
exec "$environment/bin/python" -B benches/peers/compare.py "$@"
