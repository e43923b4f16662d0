#!/bin/bash
# Builds the release binaries for a target triple, static where the C library allows it, and puts them into bin/.
# usage: scripts/build.sh TARGET BINARY...
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1
shift

flags=${RUSTFLAGS:-}
case $target in
    *-linux-*) flags="$flags -C target-feature=+crt-static" ;;
esac
RUSTFLAGS=$flags cargo build --release --locked --bins --target "$target"

built=$(cargo metadata --format-version 1 --no-deps --locked |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/$target/release
mkdir -p bin
for binary in "$@"; do
    install -m 755 "$built/$binary" bin/
done
