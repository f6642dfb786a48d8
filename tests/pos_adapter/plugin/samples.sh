#!/usr/bin/env bash
# samples.sh KIND AGENT LIBRARY COMPILER: runs one of pos_adapter/plugin/samples as an integrator would, before a real agent
# and without one. KIND is c, python, csharp, java or node. Ends with 77, and says so, where its runtime is missing.
set -euo pipefail
kind="$1" agent="$2" library="$3" compiler="$4"
cd "$(dirname "$0")/../../.."
samples=pos_adapter/plugin/samples

needs() { command -v "$1" >/dev/null 2>&1 || { echo "跳过：没有 $1 · skipped: no $1"; exit 77; }; }
case "$kind" in
  python) needs python3 ;;
  node) needs node ;;
  java) needs java ;;
  csharp) needs mcs ;;
esac

room="$(mktemp -d)"
pid=
finish() {
  if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; fi
  rm -rf "$room"
}
trap finish EXIT
printf '[till]\nfolder = "%s/till"\n[api]\nport = 0\nport_file = "%s/port"\nsocket = "%s/agent.sock"\n' \
  "$room" "$room" "$room" >"$room/agent.toml"
start() {
  rm -f "$room/port"
  "$agent" agent --config "$room/agent.toml" 2>>"$room/agent.log" >&2 &
  pid=$!
  until [ -s "$room/port" ] && [ -S "$room/agent.sock" ]; do
    kill -0 "$pid" || { cat "$room/agent.log"; exit 1; }
    sleep 0.05
  done
}
stop() { kill "$pid"; wait "$pid" || true; pid=; }

# run NUMBER: one sale; what the sample said is in $said.
prepare() {
  case "$kind" in
    c) "$compiler" -x c -std=c11 -Wall -Wextra -pedantic -Werror -I. "$samples/pos_loop.c" -x none "$library" -o "$room/pos_loop" \
         -Wl,-rpath,"$(dirname "$library")" ;;
    csharp) mcs -warnaserror -out:"$room/TillsidePos.exe" "$samples/TillsidePos.cs"
      printf '<configuration><dllmap dll="tillside_pos" target="%s"/></configuration>\n' "$library" >"$room/TillsidePos.exe.config" ;;
  esac
}
run() {
  case "$kind" in
    c) printf 'sign_on\n1990\n5000\nphone 13800138000\ntotal\nclose\nreturn\nday_close\n' |
      "$room/pos_loop" --socket "$room/agent.sock" --spool "$room/spool" --first "$1" ;;
    python) python3 "$samples/tillside_pos.py" --library "$library" --socket "$room/agent.sock" --spool "$room/spool" --number "$1" ;;
    node) node "$samples/tillside.mjs" --socket "$room/agent.sock" --number "$1" --journal "$room/journal" ;;
    java) java "$samples/TillsideHttp.java" --port "$port" --token-file "$room/till/api-token" --number "$1" --deadline-ms 5000 ;;
    csharp) mono "$room/TillsidePos.exe" "$room/agent.sock" "$room/spool" "$1" ;;
  esac
}
expect() { grep -qE "$1" <<<"$said" || { printf 'expected %s in:\n%s\n' "$1" "$said"; cat "$room/agent.log"; exit 1; }; }

prepare
if [ "$kind" = csharp ] && ! command -v mono >/dev/null 2>&1; then
  echo "编译通过；没有 mono，不运行 · compiled; not run, there is no mono"
  exit 0
fi
start
port="$(cat "$room/port")"
said="$(run 100)"
expect '^advise: (ANSWERED|Answered|answered)'
expect '^complete: (TAKEN|Taken|answered|ANSWERED)'
if [ "$kind" = c ]; then
  expect '^sign_on: TAKEN'
  expect '^reverse: TAKEN'
  expect '^day_close: TAKEN'
fi
stop

said="$(run 200 || true)"  # the sale goes on without it
expect '^advise: (CARRY_ON|CarryOn|carry_on)'
expect '^complete: (QUEUED|Queued|carry_on|CARRY_ON)'
case "$kind" in
  node) grep -q '"sequence":200' "$room/journal" ;;
  c | python | csharp) [ -n "$(find "$room/spool" -name '*.doc')" ] ;;
esac

case "$kind" in
  c | python | csharp)  # and what was queued is delivered by the next
    start
    said="$(run 300)"
    expect '^complete: (TAKEN|Taken)'
    [ -z "$(find "$room/spool" -name '*.doc')" ] || { find "$room/spool"; exit 1; }
    ;;
esac
echo "$kind: ok"
