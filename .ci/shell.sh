#!/bin/sh
# Write what shells and `man` are told of the command: .ci/shell.sh PROGRAM SHARE, for instance
# .ci/shell.sh target/release/verify ~/.local/share
set -eu
program=$1
share=$2
write() {
    mkdir -p "$(dirname "$share/$1")"
    file=$share/$1
    shift
    "$program" "$@" > "$file"
}
write bash-completion/completions/verify completions bash
write zsh/site-functions/_verify completions zsh
write fish/vendor_completions.d/verify.fish completions fish
write man/man1/verify.1 man
