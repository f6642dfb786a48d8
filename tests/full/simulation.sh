#!/usr/bin/env bash
# The ten thousand store-days that tests/run.sh simulated before the tests, whose counts it printed, broke no invariant.
set -euo pipefail
grep -q '  PASSED  . 1 test' build/simulation.txt
