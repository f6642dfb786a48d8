#!/bin/sh
# run.sh <server program> <folder for screenshots>
set -eu
cd "$(dirname "$0")"
command -v node >/dev/null || { echo "node is missing: run installer/dependencies.sh" >&2; exit 1; }
if [ ! -d node_modules/playwright-core ]; then
  npm ci --no-audit --no-fund
fi
exec node cashier.test.mjs "$1" "$2"
