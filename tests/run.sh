#!/usr/bin/env bash
# Builds Tillside and runs its tests; installs first what that needs.
#
#   tests/run.sh           build as shipped (preset release) and test
#   tests/run.sh --full    and format, sanitizers, fuzzing, a clean-room install, figures: what CI runs
#
# The last lines printed are ctest's own, and the exit code is ctest's. Further arguments go to ctest: tests/run.sh -R wire
set -euo pipefail
cd "$(dirname "$0")/.."

full=OFF
case "${1-}" in
  --full) full=ON; shift ;;
  -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
esac

stage() { printf '\n== %s (%d s) ==\n' "$1" "$SECONDS"; }

stage "软件包 · packages"
if [ "$full" = ON ]; then installer/dependencies.sh --full; else installer/dependencies.sh --tests; fi

# The same objects serve every folder this tree is cloned to.
export CCACHE_BASEDIR="$PWD"

stage "浏览器测试的库 · libraries of the browser tests"
for lock in tests/*/package-lock.json; do
  [ -e "$lock" ] || continue
  folder="$(dirname "$lock")"
  if [ "$folder/node_modules/.package-lock.json" -nt "$lock" ]; then continue; fi
  npm ci --no-audit --no-fund --loglevel=error --prefix "$folder"
done

stage "编译 · build"
cmake --preset release --log-level=WARNING -DTILLSIDE_TESTS=ON -DTILLSIDE_FULL="$full"
tests/build.sh release

if [ "$full" = ON ]; then
  stage "数字（只作记录）· figures (for the record)"
  rm -f build/figures.json
  timeout 900 tests/bench/run.sh --json build/figures.json </dev/null || echo "tests/bench/run.sh: $?"
fi

if [ "$full" = ON ]; then
  stage "一万个店日 · ten thousand store-days"
  TILLSIDE_SIMULATION_STORE_DAYS=10000 build/release/tests/simulation/simulation_test --gtest_filter='*BadDays*' \
    </dev/null 2>&1 | tee build/simulation.txt || true
fi

stage "测试 · tests"
leave_out='^(bench|slow)$'
if [ "$full" = ON ]; then leave_out='^bench$'; fi
export GTEST_BRIEF=1
exec ctest --test-dir build/release --output-on-failure --no-tests=error -j "$(nproc)" -LE "$leave_out" "$@"
