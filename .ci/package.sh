#!/bin/bash
# The two crates as a registry would take them, below target/package.
#
#     .ci/package.sh         packs both, builds each from its file alone, and says their sizes
#     .ci/package.sh list    only checks what would be packed (a second)
set -euo pipefail
cd "$(dirname "$0")/.."
# What crates.io takes at most.
most=$((10 * 1024 * 1024))
# What belongs: the code, what is compiled into it, its licences, and the document that is one of its tests.
belongs='^(\.cargo_vcs_info\.json|Cargo\.(lock|toml|toml\.orig)|(CHANGELOG|README|THIRD_PARTY_NOTICES)\.md|LICENSE-(APACHE|MIT)|askama\.toml|docs/library\.md|(src|assets)/.*)$'
models='^(\.cargo_vcs_info\.json|Cargo\.(lock|toml|toml\.orig)|(README|sface|yunet)\.md|LICENSE-(APACHE|MIT)|lib\.rs|pack\.json|population\.safetensors|(sface|yunet)\.onnx)$'

listed() {
    local wrong
    if wrong=$(cargo package --quiet --allow-dirty --package "$1" --list 2> /dev/null | grep -vE "$2"); then
        echo "package: $1 would have files that do not belong into it; see \`include\` in its Cargo.toml:" >&2
        echo "$wrong" >&2
        exit 1
    fi
}
listed sameface "$belongs"
listed sameface-models "$models"
[ "${1:-}" != list ] || exit 0

# Each is built from what is in its file: as the core, then with the default features.
both=(--locked --allow-dirty --package sameface-models --package sameface)
cargo package "${both[@]}" --no-default-features --features sameface/load-dynamic
cargo package "${both[@]}"
for name in sameface-models sameface; do
    file=$(ls -t target/package/"$name"-[0-9]*.crate | head -n 1)
    size=$(wc -c < "$file")
    echo "$file: $size bytes of $most"
    if [ "$size" -gt "$most" ]; then
        echo "package: $file is larger than a registry takes; leave out what is not needed" >&2
        exit 1
    fi
done
