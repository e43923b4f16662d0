#!/bin/bash
# Builds the release binaries for a target triple, static where the C library allows it, and puts them into a folder. No
# path of this machine gets into them: the same sources, toolchain and C library give the same bytes anywhere.
# usage: scripts/build.sh TARGET FOLDER BINARY...
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 folder=$2
shift 2

target_directory=$(cargo metadata --format-version 1 --no-deps --locked | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
rust_commit=$(rustc -vV | sed -n 's/^commit-hash: //p')

read -ra flags <<< "${RUSTFLAGS:-}"
case $target in
    *-linux-*) flags+=(-C target-feature=+crt-static) ;;
esac
# The last that fits wins: the target folder may lie in the workspace.
flags+=(
    "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
    "--remap-path-prefix=$(rustc --print sysroot)/lib/rustlib/src/rust=/rustc/$rust_commit"
    "--remap-path-prefix=$PWD=/krmnet"
    "--remap-path-prefix=$target_directory=/krmnet/target"
)
# Unlike RUSTFLAGS this allows spaces in paths.
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && echo "${flags[*]}")
export CARGO_ENCODED_RUSTFLAGS

# Debian's cross compiler, where the target is not this machine's.
if [ "$target" = aarch64-unknown-linux-gnu ] && [ "$(uname -m)" != aarch64 ]; then
    export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=${CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER:-aarch64-linux-gnu-gcc}
fi

cargo build --release --locked --target "$target" "${@/#/--bin=}"

mkdir -p "$folder"
for binary in "$@"; do
    install -m 755 "$target_directory/$target/release/$binary" "$folder/"
done
