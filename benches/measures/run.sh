#!/bin/sh
# Print the tables of docs/measures.md: people and pairs of the folder that is the first argument, groups from the
# folders of people in the second. The pages of all figures are left in target/measures.
set -eu
people=$1
kinds=$2
verify=${VERIFY:-target/release/verify}
out=target/measures
here=$(dirname "$0")
python=${PYTHON:-python3}
mkdir -p "$out"
"$python" "$here/pairs.py" "$people" > "$out/pairs.txt"
"$python" "$here/groups.py" "$kinds" "$out/kinds"
"$verify" eval --people "$people" --refit 2 --method centroid --enrolled 1,3,5,10 --json \
    --out "$out/people.html" > "$out/people.jsonl"
"$verify" eval --pairs "$out/pairs.txt" --people "$people" --refit 2 --json \
    --out "$out/pairs.html" > "$out/pairs.jsonl"
"$verify" eval --people "$out/kinds/people" --related "$out/kinds/related.txt" --group "$out/kinds/groups.csv" \
    --refit 2 --method centroid --enrolled 3 --json --out "$out/groups.html" > "$out/groups.jsonl"
"$verify" eval --people "$people" --refit 2 --method centroid --stress --sample 100 --json > "$out/stress.jsonl"
for table in people pairs groups stress; do
    "$python" "$here/tables.py" "$table" < "$out/$table.jsonl"
done
