#!/bin/bash
# Change one thing of the code at a time, and see whether a test notices (cargo-mutants).
#     .ci/mutants.sh rooms      a sample of MUTANTS changes (24) in each room, by all tests but those
#                               that drive a browser: hours
#     .ci/mutants.sh changed    at most MUTANTS changes (4) of what the last COMMITS (10) changed, by
#                               the unit tests alone: minutes; names what goes unnoticed, and never fails
# The sample is every n-th change of a room, from number PART (0) on.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
rooms=${ROOMS:-decision enroll check face photo profile file index export serve cli/scan}
# Unit tests that wait or start processes.
slow=(--skip killed --skip encrypt --skip clock)
# What is built and run: in the first round the room's own unit tests, in the second all of these.
unit=(-C=--lib)
all=("${unit[@]}" -C=--test={cli,serve,models,photos,memory})
export CARGO_INCREMENTAL=1 ORT_DYLIB_PATH="${ORT_DYLIB_PATH:-$(echo "$root"/target/onnxruntime/libonnxruntime.*)}"
# The crates of others stay as they are built for the program; its own are compiled in seconds.
cargo=(-C=--release -C=--locked -C=--config=profile.release.package.sameface.codegen-units=256
    -C=--config=profile.release.package.sameface.opt-level=1)

# What is changed is a copy of what is committed, always at the same place, so that little is compiled
# anew.
tree=$root/target/mutants/tree
rm -rf "$tree"
mkdir -p "$tree"
git archive HEAD | tar -xf - -C "$tree"

# mutants OUT OPTIONS...: exit statuses of 2 and 3 say that something went unnoticed or took too long.
mutants() {
    local out=$1
    shift
    cargo mutants --dir "$tree" --in-place --output "$out" --baseline skip --no-times --colors never \
        --build-timeout 600 --timeout 300 "${cargo[@]}" "$@" || [ $? -le 3 ]
}

# every SAMPLE OPTIONS...: the n of "every n-th change" at which SAMPLE of them are left.
every() {
    local sample=$1
    shift
    changes=$(cargo mutants --dir "$tree" --list "$@" 2> /dev/null | wc -l)
    echo $(((changes + sample - 1) / sample))
}

if [ "$1" = changed ]; then
    # Only the library is built, where its crates are already.
    export CARGO_TARGET_DIR="$root/target"
    out=$root/target/mutants/changed
    rm -rf "$out"
    mkdir -p "$out"
    git diff "HEAD~${COMMITS:-10}" -- src > "$out/diff" 2> /dev/null || true
    n=$(every "${MUTANTS:-4}" --in-diff "$out/diff")
    if [ "$n" -eq 0 ]; then
        echo "skipped: the last ${COMMITS:-10} commits change nothing in src/"
        exit 0
    fi
    mutants "$out" "${unit[@]}" --in-diff "$out/diff" --shard "$((${PART:-0} % n))/$n" \
        --sharding round-robin -- -- "${slow[@]}"
    exit 0
fi

export CARGO_TARGET_DIR="$root/target/mutants/build"
for room in $rooms; do
    out=$root/target/mutants/$room
    files=(--file "src/$room/**" --file "src/$room.rs")
    n=$(every "${MUTANTS:-24}" "${files[@]}")
    sample=("${files[@]}" --shard "$((${PART:-0} % n))/$n" --sharding round-robin)
    rm -rf "$out"
    mkdir -p "$out/unit" "$out/all"
    mutants "$out/unit" "${unit[@]}" "${sample[@]}" -- -- "${room//\//::}::" "${slow[@]}"
    # What these let pass is shown to all tests, each change by its name.
    missed=()
    while IFS= read -r change; do
        # Of these files alone, since cargo-mutants takes deleted fields whatever their names.
        missed+=(--file "${change%%:*}" --re "^$(printf %s "$change" | sed 's/[][\.*^$+?(){}|]/\\&/g')\$")
    done < "$out/unit/mutants.out/missed.txt"
    [ ! -s "$out/unit/mutants.out/missed.txt" ] || mutants "$out/all" "${all[@]}" "${missed[@]}"
done
.ci/mutants.py $rooms
