#!/bin/bash
# Builds the binaries once more, from nothing, in another folder, with another home of cargo, time zone, language and umask,
# and says whether they are the same, byte for byte, as those in a folder. Needs no network where the crates are there.
# usage: scripts/reproducible.sh TARGET FOLDER BINARY...
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 folder=$(realpath "$2")
shift 2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
clone="$scratch/another folder/of-another-length"
mkdir -p "$clone" "$scratch/home"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory="$clone"
ln -s "${CARGO_HOME:-$HOME/.cargo}/registry" "$scratch/home/registry"

(
    umask 077
    cd "$clone"
    env --unset=CARGO_TARGET_DIR CARGO_HOME="$scratch/home" CARGO_NET_OFFLINE=true TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
        scripts/build.sh "$target" again "$@"
)

same=true
for binary in "$@"; do
    if cmp --silent "$folder/$binary" "$clone/again/$binary"; then
        echo "same: $(cd "$folder" && sha256sum "$binary")"
    else
        echo "ERROR: $binary differs from the one in $folder" >&2
        same=false
    fi
done
$same
