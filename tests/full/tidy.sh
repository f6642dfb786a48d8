#!/usr/bin/env bash
# tidy.sh SECONDS: clang-tidy over our own sources, on all cores, for at most SECONDS. A finding fails; sources not
# reached in time are counted, and the next run begins with them.
set -euo pipefail
budget="$1"
build=build/release
reached="$build/tidy-reached"
touch "$reached"

ours() { git ls-files -- 'agent/*.cpp' 'pos_adapter/*.cpp' 'sync/*.cpp' 'qrcode/*.cpp'; }
# What was checked as it stands now need not be checked again.
pending() {
  ours | while read -r source; do
    mark="$(git hash-object "$source") $source"
    grep -qxF "$mark" "$reached" || echo "$source"
  done
}

export build reached
check_one() {
  mark="$(git hash-object "$1") $1"
  if ! clang-tidy-19 -p "$build" --quiet "$1" 2>"$build/tidy-$$.err"; then
    grep -h 'error:' "$build/tidy-$$.err" || true
    echo "$1" >>"$build/tidy-failed"
  else
    echo "$mark" >>"$reached"
  fi
  rm -f "$build/tidy-$$.err"
}
export -f check_one

rm -f "$build/tidy-failed"
todo="$(pending)"
status=0
[ -z "$todo" ] || timeout "$budget" xargs -n 1 -P "$(nproc)" bash -c 'check_one "$1"' _ <<<"$todo" || status=$?
left="$(pending | wc -l)"
echo "clang-tidy: $(ours | wc -l) sources, $left not reached or not clean"
if [ -s "$build/tidy-failed" ]; then
  echo "not clean:"
  sort "$build/tidy-failed"
  exit 1
fi
[ "$status" -eq 0 ] || [ "$status" -eq 124 ]
