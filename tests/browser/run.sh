#!/bin/sh
# run.sh <test file> <arguments of the test>...
set -eu
cd "$(dirname "$0")"
for command in node openssl Xvfb xdotool; do
  command -v "$command" >/dev/null || { echo "$command is missing: run installer/dependencies.sh --tests" >&2; exit 1; }
done
if [ ! -d node_modules/playwright-core ]; then
  npm ci --no-audit --no-fund
fi
exec node "$@"
