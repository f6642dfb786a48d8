#!/usr/bin/env bash
# ThreadSanitizer over every room that has threads; the rules (agent/domain) and the wire have none and are left out.
# transport_test and cli_scanner_test load libcurl (and OpenSSL), which is not instrumented; printed_codes_test is another
# library's minutes, and cli_inspect_test its pictures once more.
set -euo pipefail
rooms='^(agent/(api|cli|desk|store)|sync/(client|hq|http)|pos_adapter/(escpos/line|journal|plugin)|qrcode|contract|fakes)'
cmake --preset tsan --log-level=WARNING -DTILLSIDE_TEST_ROOMS="$rooms" >/dev/null
tests/build.sh tsan
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
exec ctest --test-dir build/tsan --output-on-failure --no-tests=error -j "$(nproc)" -LE '^(browser|bench|slow)$' -E '^(transport_test|printed_codes_test|cli_scanner_test|cli_inspect_test)$'
