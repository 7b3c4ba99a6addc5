#!/bin/sh
# Run every answer on one person's photos, in a Python environment of its own below target/.
set -eu
cd "$(dirname "$0")/../.."
environment=target/question-venv
pins=benches/question/requirements.txt
if ! cmp -s "$pins" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$pins"
    cp "$pins" "$environment/requirements.txt"
fi
exec nice -n 5 "$environment/bin/python" -B benches/question/question.py "$@"
