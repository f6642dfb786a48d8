# What the try-out's tests share.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/tillside-e2e.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
failures=0
export TMPDIR=$work/tmp
mkdir -p "$TMPDIR" "$work/bin"
if [[ -z ${TILLSIDE_BIN:-} ]]; then
  ln -s "$TILLSIDE_AGENT_PROGRAM" "$work/bin/tillside"
  ln -s "$TILLSIDE_HQ_PROGRAM" "$work/bin/tillside-hq"
  export TILLSIDE_BIN=$work/bin
fi

# try_out [options]: runs it to its end; its counts are then in $counts
try_out() {
  counts=$work/counts.json
  echo "== try.sh --once $*"
  if ! "$root/installer/try.sh" --once --json "$counts" "$@" >"$work/out" 2>&1; then
    echo "FAILED: try.sh ended with an error"
    cat "$work/out"
    exit 1
  fi
}

# expect FILTER VALUE
expect() {
  local got
  got=$(jq -c "$1" "$counts")
  if [[ $got == "$2" ]]; then
    echo "ok   $1 = $got"
  else
    echo "FAIL $1 = $got, wanted $2"
    failures=$((failures + 1))
  fi
}

expect_nothing_left() {
  local left
  left=$(ls -A "$TMPDIR")
  if [[ -n $left ]] || pgrep -f "$TMPDIR" >/dev/null; then
    echo "FAIL left behind: $left $(pgrep -af "$TMPDIR")"
    failures=$((failures + 1))
  fi
}

passed() {
  if ((failures > 0)); then
    cat "$work/out"
    exit 1
  fi
}
