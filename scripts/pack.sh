#!/bin/bash
# Writes a tar file of entries of a folder to standard output, with nothing in it that depends on the machine or the hour.
# usage: scripts/pack.sh FOLDER ENTRY...
# Reads SOURCE_DATE_EPOCH.
set -euo pipefail

folder=$1
shift
exec tar --create --directory="$folder" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" "$@"
