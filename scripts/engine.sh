#!/bin/bash
# Prints the container engine to use: ENGINE, else the first of docker and podman that answers. Fails if none does.
set -euo pipefail

for engine in ${ENGINE:-docker podman}; do
    if "$engine" info > /dev/null 2>&1; then
        echo "$engine"
        exit 0
    fi
done
exit 1
