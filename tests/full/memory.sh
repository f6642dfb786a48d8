#!/usr/bin/env bash
# AddressSanitizer and UBSan over the tests, then every fuzz target on its corpus and for 20 seconds of new inputs. One
# build serves both: the fuzz preset is the asan-ubsan preset with libFuzzer's eyes in it.
#
# Left out: printed_codes_test, thousands of pictures in a library that is not ours, and simulation_test, minutes of what the
# other tests go through as well.
set -euo pipefail
rooms='^(agent|sync|pos_adapter|qrcode|contract|fakes|fuzz|regressions|simulation)'
cmake --preset fuzz --log-level=WARNING -DTILLSIDE_FUZZ_SECONDS=20 -DTILLSIDE_TEST_ROOMS="$rooms" >/dev/null
tests/build.sh fuzz
export TILLSIDE_AGENT_KILLS=20 TILLSIDE_HEADQUARTERS_KILLS=10
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
exec ctest --test-dir build/fuzz --output-on-failure --no-tests=error -j "$(nproc)" -LE '^(browser|bench|slow)$' -E "^(printed_codes_test|simulation_test)\$"
