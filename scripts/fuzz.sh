#!/bin/bash
# Builds the fuzz targets and runs each for FUZZ_SECONDS (20), from seeds that are taken from the golden cases. What is
# found stays in fuzz/artifacts/, what was learnt in fuzz/corpus/.
# With FUZZ_RUNS each target gets so many inputs at most, the same ones each time as far as it is in our hands.
# usage: scripts/fuzz.sh [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-20}
bounds=()
[ -z "${FUZZ_RUNS:-}" ] || bounds=(-seed=1 "-runs=$FUZZ_RUNS")
# Sancov, the instrumentation, needs a nightly compiler or this; no sanitizer: nothing here is unsafe.
export RUSTC_BOOTSTRAP=1

if ! cargo fuzz --version > /dev/null 2>&1; then
    if [ "${CI:-}" = true ]; then
        echo "ERROR: cargo-fuzz not found: cargo install cargo-fuzz --locked" >&2
        exit 1
    fi
    echo "SKIP: cargo-fuzz not found: cargo install cargo-fuzz --locked" >&2
    exit 0
fi

cargo fuzz build --sanitizer none
mapfile -t all < <(cargo fuzz list)
targets=("${@:-${all[@]}}")

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT

# Copies files into the seeds of a target, each under a name made of its path.
seed() {
    local target=$1 file
    mkdir -p "$seeds/$target"
    while IFS= read -r file; do cp "$file" "$seeds/$target/${file//\//_}"; done
}

lists() { find testdata -path "testdata/$1/*" \( -name in.yaml -o -name out.yaml \) -size -16k; }

for target in "${targets[@]}"; do
    case $target in
        interface_fn | vlan_fn | ipam_fn | nad_fn) lists "${target/_/-}" | seed "$target" ;;
        resource_list | pipeline) lists '*' | seed "$target" ;;
        documents | item_edit)
            find example testdata \( -name '*.yaml' -o -name 'Kptfile*' \) -path '*/in/*' -size -16k | seed "$target"
            find example -name '*.yaml' -size -16k | seed "$target"
            ;;
        kptfile_conditions) find testdata example -name 'Kptfile*' | seed "$target" ;;
        nad_config)
            mkdir -p "$seeds/$target"
            { grep -rhoE "config: '.*'$" testdata --include='*.yaml' || true; } |
                sed "s/^config: '//; s/'$//" | sort -u | split -l 1 - "$seeds/$target/"
            ;;
        address_text)
            mkdir -p "$seeds/$target"
            { grep -rhoE '[0-9a-f]*[.:][0-9a-f.:]+(/[0-9]+)?(-[0-9a-f.:]+)?' testdata/ipam-fn --include=in.yaml || true; } |
                sort -u | awk -v dir="$seeds/$target" 'NR <= 500 { printf "%s", $0 > (dir "/" NR); close(dir "/" NR) }'
            ;;
    esac
    mkdir -p "fuzz/corpus/$target"
    case $target in
        address_text) longest=64 ;;
        *) longest=8192 ;;
    esac
    echo "== $target: $seconds seconds from $(find "$seeds/$target" -type f | wc -l) seeds"
    cargo fuzz run --sanitizer none "$target" "fuzz/corpus/$target" "$seeds/$target" -- \
        -max_total_time="$seconds" -max_len="$longest" -timeout=10 -rss_limit_mb=1024 -dict=fuzz/yaml.dict \
        "${bounds[@]}" -print_final_stats=1 -verbosity=1 2> "$seeds/log" || { tail -n 60 "$seeds/log" >&2; exit 1; }
    grep -E 'stat::(number_of_executed_units|peak_rss_mb)|^Done' "$seeds/log" || true
done
