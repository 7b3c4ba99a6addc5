#!/bin/bash
# Feed each reader mutated files for SECONDS, print a row of a table for each, and stop at the first
# that breaks it: fuzz.sh SECONDS TARGET...
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
build="--fuzz-dir fuzz --target-dir target/fuzz"
# A photo must not be given more memory than it may take, whatever its file claims.
flags="-max_total_time=$seconds -rss_limit_mb=3000 -malloc_limit_mb=2000 -timeout=20 -print_final_stats=1"

# rav1d loses 48 bytes for each picture; a photo's process ends with it.
export ASAN_OPTIONS=detect_leaks=0

cargo +nightly fuzz build $build
target/fuzz/*/release/seeds
printf '| target | executions | seconds | edges covered | peak MB |\n|---|---|---|---|---|\n'
for target in "$@"; do
    log=target/fuzz/$target.log
    if ! cargo +nightly fuzz run $build "$target" -- $flags > "$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "fuzz: $target broke; all that it said is in $log" >&2
        exit 1
    fi
    awk -v target="$target" '
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
        /^Done / { seconds = $(NF - 1) }
        /stat::number_of_executed_units/ { executions = $2 }
        /stat::peak_rss_mb/ { peak = $2 }
        END { printf "| %s | %d | %d | %d | %d |\n", target, executions, seconds, edges, peak }' "$log"
done
