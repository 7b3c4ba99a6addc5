#!/bin/bash
# Send `verify serve` what its own description allows and does not allow, by schemathesis, and check
# every answer against the description: PERSON is a folder of one person's photos.
set -euo pipefail
person=$(realpath "$1")
seconds=$2
here=$(realpath "$(dirname "$0")")
cd "$here/../.."
environment=$PWD/target/schemathesis-venv
pins=$here/schemathesis.txt
verify=$PWD/target/release/verify
if ! cmp -s "$pins" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$pins"
    cp "$pins" "$environment/requirements.txt"
fi
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
"$verify" enroll "$person" --people "$work" --name Known --no-index > /dev/null
"$verify" serve --no-open --no-index --port 7980 --people "$work" > /dev/null &
server=$!
# It leaves files where it runs.
cd "$work"
until curl -sf http://127.0.0.1:7980/ready > /dev/null; do sleep 0.1; done
status=0
"$environment/bin/schemathesis" run http://127.0.0.1:7980/openapi.json \
    --max-examples 60 --checks all --seed 1 --max-time "$seconds" --no-color || status=$?
kill -0 "$server" || { echo "schema: the server has ended"; exit 1; }
exit "$status"
