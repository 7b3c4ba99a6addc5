#!/bin/sh
# On a machine with cargo, pip and make and nothing else, as an ordinary user: the two commands with which
# the README begins for those who build.
set -eux
cd "$(dirname "$0")/../.."
make demo
make test
