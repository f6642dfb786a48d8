#!/usr/bin/env bash
# build.sh PRESET: builds a configured preset. Quiet while it goes well; what fails is shown without what went well before
# it. The whole record is in build/PRESET/build.log.
set -uo pipefail
cd "$(dirname "$0")/.."
record="build/$1/build.log"
if cmake --build --preset "$1" >"$record" 2>&1; then
  tail -n 1 "$record"
  exit 0
fi
grep -v '^\[[0-9]*/[0-9]*\] [A-Z][a-z]* ' "$record" | head -n 80
echo "build/$1 failed; all of it: $record"
exit 1
