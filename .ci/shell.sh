#!/bin/sh
# Write what shells and `man` are told of the command: .ci/shell.sh PROGRAM SHARE [MAN1], for instance
# .ci/shell.sh target/release/verify ~/.local/share. MAN1 is another folder for the manual pages, one a command.
set -eu
program=$1
share=$2
write() {
    mkdir -p "$(dirname "$share/$1")"
    "$program" completions "$2" > "$share/$1"
}
write bash-completion/completions/verify bash
write zsh/site-functions/_verify zsh
write fish/vendor_completions.d/verify.fish fish
"$program" man --quiet --out "${3:-$share/man/man1}"
