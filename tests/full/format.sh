#!/usr/bin/env bash
# Every source stands as clang-format 14 would write it.
set -euo pipefail
git ls-files -z -- '*.h' '*.cpp' '*.c' | xargs -0 -r clang-format-14 --dry-run --Werror
