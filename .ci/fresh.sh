#!/bin/sh
# Make a bare Debian in a folder, run one of .ci/fresh/ in it as an ordinary user, and throw it away:
#
#   .ci/fresh.sh wheel [SUITE]    with Python only: install the wheel of target/dist, or WHEEL, and use it
#   .ci/fresh.sh build [SUITE]    with cargo, pip and make only: `make demo` and `make test`
#
# It needs mmdebstrap, and root only if users may not have namespaces of their own. The packages come from
# where this machine's come from, and its certificates are used.
set -eu
cd "$(dirname "$0")/.."
what=${1:-}
case $what in
    wheel) suite=${2:-bookworm} packages=python3-venv then=use.sh ;;
    # The first Debian whose cargo is new enough.
    build) suite=${2:-forky} packages=cargo,make,python3-pip then= ;;
    *)
        sed -n '4,5s/^# *//p' "$0" >&2
        exit 2 ;;
esac
if ! command -v mmdebstrap > /dev/null; then
    echo "fresh: there is no mmdebstrap here; install it (Debian: apt install mmdebstrap)" >&2
    exit 1
fi
mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[.*\] \)\{0,1\}\([^ ]*\) .*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/debian.* 2> /dev/null | head -n 1)

given=target/fresh/$what
rm -rf "$given"
mkdir -p "$given"
if [ "$what" = wheel ]; then
    cp ${WHEEL:-target/dist/sameface-*.whl} "$given/"
    mkdir "$given/.ci"
    cp -R .ci/demo.sh .ci/demo.txt .ci/fresh "$given/.ci/"
else
    # What is committed, and nothing that was built here.
    git archive HEAD | tar -x -C "$given"
fi

bundle=/etc/ssl/certs/ca-certificates.crt
as_user='chroot --userspec=user:user "$1" env -i HOME=/home/user LANG=C.UTF-8 PATH=/usr/bin:/bin'
as_user="$as_user PIP_CERT=$bundle sh /home/user/sameface/.ci/fresh/"
# Also where the mirror is a copy that nobody has renewed for weeks.
mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="ca-certificates,passwd,$packages" \
    --customize-hook='chroot "$1" useradd --create-home --shell /bin/sh user' \
    --customize-hook="upload $bundle $bundle" \
    --customize-hook='mkdir "$1/home/user/sameface"' \
    --customize-hook="sync-in $given /home/user/sameface" \
    --customize-hook='chroot "$1" chown -R user: /home/user' \
    --customize-hook="$as_user$what.sh 2>&1" \
    ${then:+--customize-hook="unshare --net $as_user$then 2>&1"} \
    "$suite" /dev/null ${mirror:+"$mirror"}
echo "fresh: $what passed on Debian $suite"
