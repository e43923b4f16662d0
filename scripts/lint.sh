#!/bin/bash
# Checks the format, the lints and the documentation of the workspace. A tool that is missing is a skip that is printed;
# with CI=true it is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
    if [ "${CI:-}" = true ]; then
        echo "ERROR: $1 not found: rustup component add $1" >&2
        exit 1
    fi
    echo "SKIP: $1 not found: rustup component add $1" >&2
}

if cargo fmt --version > /dev/null 2>&1; then
    cargo fmt --all --check
    cargo fmt --manifest-path fuzz/Cargo.toml --check
else
    missing rustfmt
fi

if cargo clippy --version > /dev/null 2>&1; then
    cargo clippy --workspace --all-targets --locked -- -D warnings
else
    missing clippy
fi

RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked
