#!/bin/sh
# Write what a release has besides the wheel into target/dist: the sources of the last commit, and the program with
# ONNX Runtime, completions, man pages and licences, to be unpacked anywhere. `make wheel` has built the program.
set -eu
cd "$(dirname "$0")/.."
machine=$(uname -m)
name=sameface-$(sed -n '0,/^version/s/^version = "\(.*\)"/\1/p' Cargo.toml)
program=target/$machine-unknown-linux-gnu/release/verify
out=$PWD/target/dist
unpacked=target/dist/unpacked/$name

git archive --prefix="$name/" -o "$out/$name-source.tar.gz" HEAD
rm -rf target/dist/unpacked
mkdir -p "$unpacked"
install -m 755 "$program" "$unpacked/verify"
strip "$unpacked/verify"
# The program looks for it there.
cp -R target/onnxruntime "$unpacked/"
rm "$unpacked/onnxruntime/fetched.txt"
.ci/shell.sh "$program" "$unpacked/share"
.ci/third_party.py texts
cp README.md CHANGELOG.md LICENSE-* THIRD_PARTY_NOTICES.md target/third-party-licences.txt "$unpacked/"
tar -C target/dist/unpacked --owner=0 --group=0 --sort=name -czf "$out/$name-$machine-linux.tar.gz" "$name"
rm -rf target/dist/unpacked
ls -l "$out"/sameface-*
