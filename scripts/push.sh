#!/bin/bash
# Pushes the images in dist/images/ under the digests that `make images` printed, and joins those of all architectures under
# one tag. Needs crane of go-containerregistry, logged in where the registry asks for it.
# usage: scripts/push.sh REPOSITORY VERSION BINARY...   (scripts/push.sh ghcr.io/krmnet 0.1.0 ipam-fn)
set -euo pipefail
cd "$(dirname "$0")/.."

repository=$1 version=$2
shift 2

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for binary in "$@"; do
    manifests=()
    for archive in "dist/images/$binary-v$version"-linux-*.tar; do
        name=$(basename "$archive" .tar)
        mkdir "$scratch/$name"
        tar --extract --file "$archive" --directory "$scratch/$name"
        reference=$repository/$binary:${name#"$binary-"}
        crane push "$scratch/$name" "$reference"
        manifests+=(--manifest "$reference")
    done
    crane index append "${manifests[@]}" --tag "$repository/$binary:v$version"
done
