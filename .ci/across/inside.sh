#!/bin/sh
# Run a command in the Debian in the folder $DEBIAN, as .ci/across.sh does in namespaces of its own.
set -eu
mount --rbind "$PWD" "$DEBIAN/src"
mount --rbind "$REGISTRY" "$DEBIAN/registry"
mount --rbind /dev "$DEBIAN/dev"
mount --rbind /proc "$DEBIAN/proc"
mount --rbind /sys "$DEBIAN/sys"
mount -t tmpfs tmpfs "$DEBIAN/tmp"
mkdir -p "$DEBIAN/tmp/rules"
# ELF of 64 bits for AArch64; F opens the emulator now, before the folder becomes the root.
if mount -t binfmt_misc none "$DEBIAN/tmp/rules" 2> /dev/null; then
    magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
    mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
    echo ":aarch64:M::$magic:$mask:$PWD/$DEBIAN/usr/bin/qemu-aarch64:F" > "$DEBIAN/tmp/rules/register"
fi
# shellcheck disable=SC2016
exec chroot "$DEBIAN" env -i HOME=/root PATH=/src/target/across/zig/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    CARGO_HOME=/cargo CARGO_TERM_COLOR=never TERM=dumb LANG=C.UTF-8 \
    sh -c 'ln -sfn /registry /cargo/registry; cd /src && exec "$@"' inside "$@"
