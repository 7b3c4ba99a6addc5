#!/bin/sh
# Draw the pictures of docs/gallery.md anew from the photos and the profile of the demo. The pages
# are photographed where there is a Chromium.
set -eu
cd "$(dirname "$0")/.."
PATH="${CARGO_TARGET_DIR:-$PWD/target}/release:$PATH"
root=$PWD
out=$root/docs/gallery
mkdir -p "$out"
cd target/demo/photos
export XDG_DATA_HOME="$root/target/demo/data"

export XDG_CACHE_HOME="$root/target/demo/cache"
verify enroll obama --name Obama > /dev/null
with="--with obama-new --with biden"
verify plot "$out/plot.png" $with --size 1000x750
verify plot "$out/score.png" --projection score $with --size 1000x750
verify plot "$out/tsne.png" --projection tsne $with --size 1000x750
verify plot "$out/faces.png" --thumbnails $with --size 800x600
verify sheet "$out/sheet.png" $with --size 640x480
for photo in obama-new/obama3.jpg biden/biden.jpg; do
    verify check "$photo" --annotate seen > /dev/null || test $? = 1
done
printf '<body style="margin:0"><img src="seen/%s.jpg" height="430">' obama3 biden > seen.html
verify plot plot.html $with
verify report report.html

photograph() {
    profile=$(mktemp -d)
    chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$profile" --hide-scrollbars --force-device-scale-factor="${4:-0.75}" \
        --window-size="$3" --screenshot="$out/$2" "file://$PWD/$1" > /dev/null 2>&1
    rm -rf "$profile"
}
if command -v chromium > /dev/null; then
    photograph plot.html page.png 1200,850
    photograph seen.html seen.jpeg 540,430 1
    photograph report.html report.png 1000,1500
    (cd "$root" && VERIFY_LOOK="$out" cargo test --release --locked --test pages gallery -- --ignored)
    look=$(mktemp -d)
    (cd "$root" && VERIFY_LOOK="$look" cargo test --release --locked --test pages looked_through)
    cp "$look/review.png" "$out/serve-review.png"
    rm -rf "$look"
else
    echo "without Chromium: page.png, report.png, seen.jpeg and serve-*.png stay as they are"
fi
ls -l "$out"
