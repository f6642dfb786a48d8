#!/usr/bin/env bash
# tidy.sh SECONDS: clang-tidy over every source of ours, on all cores. A finding fails, and so does a budget that ends
# before every source was looked at. A source found clean is not looked at again until it, a header or .clang-tidy changes.
set -euo pipefail
budget="$1"
export build=build/release
export clean="$build/tidy-clean" # a line for each clean source: hash, name
touch "$clean"

ours() { git ls-files -- 'agent/*.cpp' 'pos_adapter/*.cpp' 'sync/*.cpp' 'qrcode/*.cpp'; }
shared="$({ git ls-files -- '*.h' | sort | xargs cat; cat .clang-tidy; } | git hash-object --stdin)"
export shared
mark_of() { echo "$shared $(git hash-object "$1") $1"; }
export -f mark_of
pending() {
  ours | while read -r source; do
    grep -qxF "$(mark_of "$source")" "$clean" || echo "$source"
  done
}

check_one() {
  local said
  if said="$(clang-tidy-19 -p "$build" --quiet "$1" 2>/dev/null)"; then
    mark_of "$1" >>"$clean"
  else
    printf '%s\n' "${said:-$1: clang-tidy failed}"
    return 1
  fi
}
export -f check_one

status=0
began=$SECONDS
pending | timeout "$budget" xargs -r -n 1 -P "$(nproc)" bash -c 'check_one "$1"' _ || status=$?
left="$(pending | wc -l)"
echo "clang-tidy: $(ours | wc -l) sources, $left not clean or not reached, $((SECONDS - began)) s"
if [ "$status" -eq 124 ]; then echo "the $budget s were over before every source was looked at"; fi
exit "$status"
