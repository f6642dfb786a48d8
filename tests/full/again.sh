#!/usr/bin/env bash
# A second run of the same steps finds nothing to do: packages there, browser libraries there, nothing to compile.
set -euo pipefail
said="$(installer/dependencies.sh --full)"
if [ -n "$said" ]; then
  printf 'dependencies.sh installed again:\n%s\n' "$said"
  exit 1
fi
cmake --build --preset release | tee /dev/stderr | grep -q 'no work to do'
