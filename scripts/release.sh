#!/bin/bash
# Gathers what a release holds beside the images, which are there already: the binaries with their man pages and shell
# completions, the CRDs, a bill of materials for each binary, and the checksums of it all.
# usage: scripts/release.sh TARGET BINARIES DIST BINARY...
# Reads VERSION.
set -euo pipefail
cd "$(dirname "$0")/.."

target=$1 binaries=$2 dist=$3
shift 3

# Also cargo-cyclonedx heeds it.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH

if ! cargo cyclonedx --version > /dev/null 2>&1; then
    echo "ERROR: cargo-cyclonedx not found: cargo install cargo-cyclonedx --locked" >&2
    exit 1
fi

# Another architecture's part stays, another version's does not.
find "$dist" -type f ! -name "*-v$VERSION[-.]*" -delete

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
version=v$VERSION-linux-$(scripts/architecture.sh "$target")
name=krmnet-$version
mkdir -p "$scratch/$name/bin"
for binary in "$@"; do
    cp "$binaries/$binary" "$scratch/$name/bin/"
done
cp LICENSE "$scratch/$name/"
cargo run --quiet --locked --package krmnet --example manual -- "$scratch/$name/share"
scripts/pack.sh "$scratch" "$name" | gzip -9 --no-name > "$dist/$name.tar.gz"

for crd in crds/*.yaml; do
    echo ---
    cat "$crd"
done > "$dist/crds-v$VERSION.yaml"

# The tool writes beside each Cargo.toml, and names the folders of this machine.
cargo cyclonedx --quiet --format json --spec-version 1.5 --describe binaries --no-build-deps --target "$target"
mkdir -p "$dist/sbom"
for binary in "$@"; do
    sed "s|path+file://$PWD|path+file:///krmnet|g" "$binary/${binary}_bin.cdx.json" > "$dist/sbom/$binary-$version.cdx.json"
done
rm -- */*_bin.cdx.json

(cd "$dist" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
cat "$dist/SHA256SUMS"
