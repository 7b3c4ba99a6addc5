#!/bin/sh
# usage: skipped.sh FILE: how many tests were skipped, and why, in one line; FILE holds the reason of
# each (tests/common/skipped.rs).
set -eu
sort "$1" | uniq -c | sort -rn | awk '
    {
        count = $1
        sub(/^ *[0-9]+ /, "")
        all += count
        reasons = reasons (NR == 1 ? ": " : ", ") count " (" $0 ")"
    }
    END { print "skipped: " (all ? all : "no") (all == 1 ? " test" : " tests") reasons }'
