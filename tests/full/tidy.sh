#!/usr/bin/env bash
# tidy.sh [BUILD]: clang-tidy over all sources of the rooms, on all cores; what it finds fails. BUILD is configured with
# TILLSIDE_UNITY, build/release unless named: a dozen sources that include the same headers cost little more than one.
set -euo pipefail
build="${1:-build/release}"
export build

check_one() {
  local said
  if said="$(clang-tidy-19 -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$1" 2>/dev/null)"; then return; fi
  printf '%s\n' "${said:-$1: clang-tidy failed}"
  return 1
}
export -f check_one

mapfile -t together < <(python3 - "$build" <<'PY'
import json, pathlib, sys
build = pathlib.Path(sys.argv[1]).resolve()
for entry in json.loads((build / "compile_commands.json").read_text()):
    path = pathlib.Path(entry["file"])
    if not path.is_relative_to(build): sys.exit(f"{build} compiles its sources one by one: configure it with -DTILLSIDE_UNITY=ON")
    if path.relative_to(build).parts[0] in ("agent", "pos_adapter", "sync", "qrcode"): print(path)
PY
)
[ "${#together[@]}" -gt 0 ] || exit 1

status=0
printf '%s\0' "${together[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check_one "$1"' _ || status=1
sources="$(grep -hc '^#include' "${together[@]}" | awk '{ sum += $1 } END { print sum }')"
echo "clang-tidy: $sources sources in ${#together[@]} compilations, $SECONDS s"
exit "$status"
