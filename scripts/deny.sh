#!/bin/bash
# Checks the dependencies against deny.toml: licences, versions, sources, and known faults where the database of RustSec can
# be reached. A tool that is missing is a skip that is printed; with CI=true it is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo deny --version > /dev/null 2>&1; then
    missing="cargo-deny not found: cargo install cargo-deny --locked"
    [ "${CI:-}" != true ] || { echo "ERROR: $missing" >&2 && exit 1; }
    echo "SKIP: $missing" >&2
    exit 0
fi

cargo deny --locked check licenses bans sources

# No other machine is asked in any other check: where this one cannot reach the database, that says nothing of the crates.
database=https://github.com/RustSec/advisory-db
if git ls-remote --exit-code "$database" HEAD > /dev/null 2>&1; then
    cargo deny --locked check advisories
else
    echo "SKIP: advisories: $database cannot be reached" >&2
fi
