#!/bin/bash
# Checks sent to `verify serve` over loopback beside `verify scan` over the same photos: PERSON is a
# folder of one person's photos, PEOPLE a folder of folders. Needs wrk and curl.
set -euo pipefail
person=$(realpath "$1")
people=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
verify=$(realpath target/release/verify)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
cd "$work"

# Every twentieth photo, five times for the scan.
find "$people" -name '*.jpg' | sort | awk 'NR % 20 == 0' > names
mkdir photos
number=0
for round in 1 2 3 4 5; do
    while read -r name; do
        number=$((number + 1))
        cp "$name" "photos/$number.jpg"
    done < names
done
export PHOTOS="$work/names"

"$verify" enroll "$person" --profile "$work/profile.json" --no-index > /dev/null
"$verify" serve --no-index --no-open --port 7979 --profile "$work/profile.json" > /dev/null &
server=$!
until curl -sf http://127.0.0.1:7979/ready > /dev/null; do sleep 0.1; done
memory() { grep -E 'VmHWM|VmRSS' "/proc/$server/status"; }
memory
for connections in 1 8 64; do
    wrk -t1 -c"$connections" -d60s --latency -s "$here/photos.lua" http://127.0.0.1:7979
done
memory
time "$verify" scan photos --profile "$work/profile.json" --no-index > /dev/null || [ $? -eq 1 ]
echo "$number photos"
