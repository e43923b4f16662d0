#!/bin/bash
# Makes an image of each binary in a folder, prints sizes and digests, checks the sizes, and loads the images into docker
# or podman. Without an engine the archives are all there is; that is a skip that is printed, and with CI=true an error.
# usage: scripts/images.sh TARGET BINARIES ARCHIVES BINARY...
# Reads VERSION, SOURCE_URL, and ENGINE if it is set.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 binaries=$2 archives=$3
shift 3

# Packed, as a registry holds an image and a node pulls it.
largest=3000000

architecture=$(scripts/architecture.sh "$target")

revision() {
    local dirty=
    git diff --quiet HEAD || dirty=-dirty
    echo "$(git rev-parse HEAD)$dirty"
}

# One line, the same that `--help` begins with.
description() { sed -n 's/^description = "\(.*\)"/\1/p' "$1/Cargo.toml"; }

REVISION=$(revision)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export REVISION SOURCE_DATE_EPOCH

rm -f "$archives"/*"-linux-$architecture.tar"
printf '%-34s %8s %9s  %s\n' image packed unpacked "id, digest"
for binary in "$@"; do
    entrypoint=/usr/local/bin/function
    [ "$binary" != krmnet ] || entrypoint=/usr/local/bin/krmnet
    archive=$archives/$binary-v$VERSION-linux-$architecture.tar
    read -r reference id digest packed unpacked < <(
        scripts/image.sh "$architecture" "$binaries/$binary" "$entrypoint" "$(description "$binary")" "$archive"
    )
    printf '%-34s %8d %9d  %s\n%55s%s\n' "$reference" "$packed" "$unpacked" "$id" "" "$digest"
    if [ "$packed" -ge "$largest" ]; then
        echo "ERROR: $reference has $packed bytes packed, expected less than $largest" >&2
        exit 1
    fi
done

if ! engine=$(scripts/engine.sh); then
    nothing_loaded="no container engine answers (${ENGINE:-docker, podman}): $archives/ holds the images, none is loaded"
    [ "${CI:-}" != true ] || { echo "ERROR: $nothing_loaded" >&2 && exit 1; }
    echo "SKIP: $nothing_loaded" >&2
elif [ "${target%%-*}" != "$(uname -m)" ]; then
    echo "$archives/ holds the images; they are for another machine than this, so none is loaded"
else
    for archive in "$archives"/*"-linux-$architecture.tar"; do
        "$engine" load --quiet --input "$archive"
    done
fi
