#!/bin/bash
# Renders a copy of example/gnb/ with bin/krmnet, shows the diff, the claims and the attachments, and checks that a second
# render changes nothing. With kpt on the machine, does the same through kpt and says whether both agree.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

title() { printf '\n== %s\n' "$1"; }

# The value of the first line `KEY: VALUE` of a file, without quotes around it.
value() { sed -n "s/^ *$1: //p" "$2" | head -n 1 | sed "s/^[\"']\(.*\)[\"']\$/\1/"; }

cp -r "$root/example/gnb" before
cp -r before gnb

title "krmnet render gnb"
"$root/bin/krmnet" render gnb 2>&1

title "What it changed in the files that were there"
# Without the files that are new, and without the times in the headers.
{ diff -ru before gnb || true; } | sed -n -e '/^Only in /d' -e '/^diff /d' -e 's/^\(---\|+++\) \([^\t]*\)\t.*/\1 \2/' -e p

title "The claims that it wrote"
for file in gnb/ipclaim_*.yaml; do
    printf '%-12s %-15s gateway %s\n' \
        "$(value namespace "$file")/$(value name "$file")" "$(value prefix "$file")" "$(value gateway "$file")"
done

title "The NetworkAttachmentDefinitions that it wrote"
for file in gnb/networkattachmentdefinition_*.yaml; do
    printf '%s\n  %s\n' "$(value namespace "$file")/$(value name "$file")" "$(value config "$file")"
done

cp -r gnb again
"$root/bin/krmnet" render again > /dev/null 2>&1
diff -r gnb again
title "A second render changes no byte"

if ! command -v kpt > /dev/null; then
    echo "SKIP: kpt not found: not compared with kpt fn render"
    exit 0
fi
# The images are not pulled: the binaries at hand run in their place.
cp -r before kpt
cp -r gnb agreed
sed -i "s|image: .*/\([a-z]*-fn\):.*|exec: $root/bin/\1|" kpt/Kptfile agreed/Kptfile
kpt fn render kpt --allow-exec > kpt.log 2>&1 || { cat kpt.log; exit 1; }
diff -r agreed kpt
echo "== kpt fn render --allow-exec agrees, byte for byte"
