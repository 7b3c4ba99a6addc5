#!/bin/sh
# Build the program and its unit tests for another machine and run both: build.sh arm64|windows, in
# the Debian that .ci/across.sh makes. Program and ONNX Runtime are then in target/across/MACHINE.
set -eu
machine=$1
home=target/across
out=$home/$machine
# A folder for each: Debian has the standard library for Arm; that for Windows is compiled from its source.
export CARGO_TARGET_DIR="$home/build-$machine"
# It is tried, not measured: compiling takes a third of the time.
flags="--release --locked --config profile.release.opt-level=2 --config profile.release.codegen-units=16"
anew="-Zbuild-std=std,panic_unwind,test"
runner="" program=verify
case $machine in
    arm64)
        target=aarch64-unknown-linux-gnu
        # Linked for glibc 2.28, which Debian 10, RHEL 8 and all newer ones have.
        cargo="cargo zigbuild $flags --target $target.2.28"
        ;;
    windows)
        target=x86_64-pc-windows-gnu program=verify.exe runner=wine
        cargo="cargo build $flags --target $target $anew"
        export RUSTC_BOOTSTRAP=1 WINEPREFIX="$PWD/$home/wine" WINEDEBUG=-all
        ;;
esac

$cargo --bin verify
rm -rf "$out"
mkdir -p "$out"
cp "$CARGO_TARGET_DIR/$target/release/$program" "$home/onnxruntime-$machine"/*onnxruntime* "$out/"
ls -l "$out"
[ "$machine" != windows ] || [ -d "$WINEPREFIX" ] || wineboot --init > /dev/null 2>&1
sh -eu .ci/across/steps.sh "$machine" "$out/$program" $runner

echo "# The unit tests"
$cargo --lib --tests --message-format=json 2> "$home/tests.log" > "$home/tests.json" || { cat "$home/tests.log"; exit 1; }
library=$(echo "$PWD/$out"/*onnxruntime*)
# Cargo names the program of the tests after their crate.
tests=$(sed -n 's/.*"name":"sameface".*"executable":"\([^"]*\)".*/\1/p' "$home/tests.json")
ORT_DYLIB_PATH=$library $runner "$tests" --test-threads 2
