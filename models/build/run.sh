#!/bin/sh
# Convert the models in a throw-away Python environment; `run.sh --check` only compares.
set -eu
cd "$(dirname "$0")/../.."
environment=target/models-venv
# The stamp is the requirements that were installed: a change of pins installs anew.
if ! cmp -s models/build/requirements.txt "$environment/requirements.txt"; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r models/build/requirements.txt
    cp models/build/requirements.txt "$environment/requirements.txt"
fi
exec "$environment/bin/python" -B models/build/convert.py "$@"
