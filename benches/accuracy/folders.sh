#!/bin/sh
# Print the options that name the folders of people for `make rates` and `make population`: the first
# argument, and those in the second. Of rmfrd only photos without a mask count, since who is behind a
# mask is often labelled wrongly: they are linked below target/.
set -eu
people=$1
hard=$2
[ -d "$people" ] || { echo "no folder of people at $people; name another with PEOPLE=..." >&2; exit 1; }
printf -- '--people %s' "$people"
for folder in "$hard"/*/; do
    [ -d "$folder" ] || continue
    folder=${folder%/}
    if [ "$(basename "$folder")" = rmfrd ]; then
        linked=target/people/rmfrd
        rm -rf "$linked"
        for photo in "$folder"/*/u_*; do
            person=$(basename "$(dirname "$photo")")
            mkdir -p "$linked/$person"
            ln -s "$(realpath "$photo")" "$linked/$person/"
        done
        folder=$linked
    fi
    printf -- ' --people %s' "$folder"
    [ -e "$folder/pairs.txt" ] && printf -- ' --related %s' "$folder/pairs.txt"
done
echo
