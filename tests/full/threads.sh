#!/usr/bin/env bash
# ThreadSanitizer over the rooms that have threads.
set -euo pipefail
rooms='^(agent/(api|desk|store)|sync/(client|hq|http)|qrcode|fakes|contract|pos_adapter/journal)'
cmake --preset tsan --log-level=WARNING -DTILLSIDE_TEST_ROOMS="$rooms" >/dev/null
cmake --build --preset tsan
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
exec ctest --test-dir build/tsan --output-on-failure --no-tests=error -j "$(nproc)" -LE '^(browser|bench|slow)$'
