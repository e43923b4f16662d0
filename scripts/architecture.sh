#!/bin/bash
# Prints the architecture of a target triple as container images and Go name it.
# usage: scripts/architecture.sh TARGET
set -euo pipefail

case $1 in
    x86_64-*) echo amd64 ;;
    aarch64-*) echo arm64 ;;
    *) echo "ERROR: $1: expected x86_64-... or aarch64-..." >&2 && exit 1 ;;
esac
