#!/bin/sh
# The main job on real photos: learn a person from four photos, check a fifth and somebody else,
# plot. Everything stays in target/demo.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
pins=.ci/demo.txt
demo=target/demo
photos=$demo/photos
PATH="${CARGO_TARGET_DIR:-$PWD/target}/release:$PATH"

# Fetched with pip but not installed; pip checks the sha256. Three of the photos are of one
# sitting, so the one that is checked is of another.
fetch() {
    rm -rf "$demo"
    mkdir -p "$demo/package" "$photos/obama" "$photos/obama-new" "$photos/biden"
    echo "Fetching photos of two people into $photos ..."
    "$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
        --require-hashes --dest "$demo/package" --requirement "$pins"
    tar -xzf "$demo"/package/face_recognition-*.tar.gz -C "$demo/package" --strip-components 1
    from=$demo/package/tests/test_images
    cp "$from"/obama.jpg "$from"/obama2.jpg "$from"/obama_partial_face*.jpg "$photos/obama/"
    cp "$from/obama3.jpg" "$photos/obama-new/"
    cp "$from/biden.jpg" "$photos/biden/"
    rm -rf "$demo/package"
    cp "$pins" "$demo/fetched.txt"
}

# expect STATUS COMMAND...: show the command, run it, stop where it ends otherwise.
expect() {
    expected=$1
    shift
    printf '\n$ %s\n' "$*"
    status=0
    "$@" || status=$?
    if [ "$status" -ne "$expected" ]; then
        echo "demo: the command ended with exit status $status, not $expected" >&2
        exit 1
    fi
}

cmp -s "$pins" "$demo/fetched.txt" || fetch
# The photos alone, for other scripts.
[ "${1:-}" != photos ] || exit 0
profile=$demo/profile.json
export VERIFY_INDEX="$demo/index.sqlite"
export VERIFY_CONFIG=none
picture=$demo/plot.png
rm -f "$profile" "$picture"

expect 0 verify enroll "$photos/obama" --name Obama --profile "$profile"
expect 0 verify check "$photos/obama-new/obama3.jpg" --profile "$profile"
expect 1 verify check "$photos/biden/biden.jpg" --profile "$profile"
expect 0 verify plot "$picture" --with "$photos/obama-new" --with "$photos/biden" --profile "$profile"

cat <<END

verify learned one person from the photos in $photos/obama, recognised him in a photo
it had not seen (exit status 0), and told a photo of somebody else apart (exit status 1).
The picture of all of them is $picture.
END
