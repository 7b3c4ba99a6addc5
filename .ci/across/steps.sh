#!/bin/sh
# What a user does, with the program of another machine: steps.sh MACHINE PROGRAM [RUNNER]. Every step has an
# exit status that is expected; the first that ends otherwise ends all.
set -eu
machine=$1
program=$PWD/$2
runner=${3:-}
home=$PWD/target/across/run-$machine
photos=$PWD/target/demo/photos
formats=$PWD/tests/data/photos/heif
rm -rf "$home"
mkdir -p "$home/data" "$home/new"
cd "$home"
# Where programs look on Linux; Windows has its folders from the system, so people and index are named too.
export HOME="$home" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" VERIFY_INDEX=index.sqlite
# The processor of a Raspberry Pi 5: qemu takes minutes for what its own has beyond that (SVE, SME).
export QEMU_CPU=cortex-a76
me=$photos/obama-new/obama3.jpg

# verify ARGUMENTS...: run the program.
verify() {
    $runner "$program" --people people "$@"
}
# step STATUS ARGUMENTS...: run it, show what it says, stop if it ends otherwise.
step() {
    expected=$1
    shift
    printf '\n$ verify %s\n' "$*"
    status=0
    verify "$@" > out.txt 2> err.txt || status=$?
    head -n 12 out.txt | cut -c 1-300
    head -n 5 err.txt
    [ "$status" -eq "$expected" ] || fail "the command ended with exit status $status, not $expected"
}
fail() {
    echo "across: $1" >&2
    exit 1
}
# says TEXT: the last command said this.
says() {
    cat out.txt err.txt | grep -q -e "$1" || fail "it did not say '$1'"
}

echo "# The main job"
step 0 --version
step 0 doctor
says "beside the executable"
step 0 enroll "$photos/obama" --name Obama
step 0 check "$me"
step 1 check "$photos/biden/biden.jpg"
step 0 doctor
step 0 plot plot.png --with "$photos/obama-new" --with "$photos/biden"
step 0 plot plot.svg --projection tsne
step 0 plot page.html
step 0 report report.html
step 0 sheet sheet.png
step 0 scan "$photos/obama" "$photos/obama-new" "$photos/biden" --json
says '"verdict":"match"'
step 0 scan "$photos/obama" "$photos/obama-new" --copy-to copies --link-to links
[ -e copies/obama3.jpg ] && [ -e links/obama3.jpg ] || fail "nothing was put together"
step 0 scan "$photos/obama" "$photos/obama-new" --copy-to copies --link-to links
[ ! -e copies/obama3-2.jpg ] && [ ! -e links/obama3-2.jpg ] || fail "what was there was put there again"
step 0 identify "$me"
step 0 embed "$photos/obama" --out faces.npy
step 0 index info
step 0 people list

echo "# Photos that are decoded in a process of their own"
if [ "$machine" = windows ]; then
    WINEDEBUG=+process verify check "$formats/clear.heic" --no-index > out.txt 2> trace.txt || true
    grep -q 'verify.exe.*decode' trace.txt || fail "no process was started to decode"
fi
step 1 check "$formats" --no-index

echo "# Names: of other scripts, and longer than the 260 letters that old interfaces of Windows take"
cp "$me" "new/Zoë 写真 😀.jpg"
step 0 check new
says "Zoë 写真 😀.jpg"
long=$(printf 'a-folder-with-a-name-of-forty-characters/%.0s' 1 2 3 4 5 6 7 8)
mkdir -p "$long"
cp "$me" "$long/photo.jpg"
step 0 check "$long/photo.jpg"
step 0 scan "$long" --copy-to "${long}copies" --index "${long}index.sqlite"
step 0 enroll "$long" --name Long --profile "${long}profile.json"
step 0 enroll "$photos/obama" --name Con
[ -e people/con-1.json ] || fail "the profile has the name of a device"

echo "# Locks: two programs change one person at once, and neither loses what the other did"
verify enroll --person Obama --add "$me" > /dev/null 2>&1 &
verify enroll --person Obama --add "$photos/obama/obama2.jpg" --add "$photos/biden/biden.jpg" > /dev/null 2>&1 || true
wait
step 0 profile show --person Obama
says "obama3.jpg\|5 photos"
[ "$(find people -name '.*' | wc -l)" = 0 ] || fail "a lock or a draft was left"

echo "# A passphrase"
echo "correct horse battery" > key.txt
step 0 enroll "$photos/obama" --name Locked --key-file key.txt
step 0 check "$me" --person Locked --key-file key.txt
step 2 check "$me" --person Locked

echo "# Ctrl-C"
if [ "$machine" = windows ]; then
    echo "skipped: Wine crashes; see docs/machines.md"
else
    for number in $(seq 300); do cp "$me" "new/$number.jpg"; printf '%s' "$number" >> "new/$number.jpg"; done
    status=0
    timeout --foreground --preserve-status --signal INT 20 $runner "$program" --people people --person Obama scan new > out.txt 2> err.txt || status=$?
    cat err.txt
    [ "$status" = 2 ] || fail "the command ended with exit status $status, not 2"
    says "stopped after"
    # What was looked at is known: fewer photos are analysed the next time.
    step 0 index info
fi

echo "# The server"
verify serve --port 8090 --no-open > serve.txt 2>&1 &
server=$!
for _ in $(seq 60); do curl --silent --fail http://127.0.0.1:8090/api/info > info.json && break; sleep 1; done
kill "$server" 2> /dev/null || true
cat serve.txt info.json
grep -q version info.json || fail "the server does not answer"
echo
echo "All steps ended as they are to."
