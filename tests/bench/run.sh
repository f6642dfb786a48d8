#!/usr/bin/env bash
# Measures what docs/performance.md promises: each figure is a ratio to a floor taken in the same run.
#
#   tests/bench/run.sh [--json FILE] [--build DIR] [--only NAME]
#
# NAME is one of advise, abi, complete, redeem, rules, lookup, memory, start, uplink, ingest, poslog, print. Builds the release
# preset unless --build names a finished release build.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/release
json=
only=
prebuilt=
while [ $# -gt 0 ]; do
  case "$1" in
    --json) json=$2; shift 2 ;;
    --build) build=$2; prebuilt=1; shift 2 ;;
    --only) only=$2; shift 2 ;;
    *) sed -n '2,7p' "$0"; exit 2 ;;
  esac
done
if [ -z "$prebuilt" ]; then
  "$root/installer/dependencies.sh" --tests --bench
  cmake -S "$root" --preset release > /dev/null
  cmake --build "$build"
fi
bench=$build/tests/bench
members=${TILLSIDE_BENCH_MEMBERS:-1000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/tillside-bench.XXXXXX")
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -f "$work"/beast.port
  pids=()
}
trap 'stop; rm -rf "$work"' EXIT

wants() { [ -z "$only" ] || [ "$only" = "$1" ]; }
say() { printf '%s\n' "$*" >&2; }
wait_for() { # what, command...
  local what=$1 tries=0
  shift
  until "$@" > /dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ]; then say "bench: $what did not come"; exit 1; fi
    sleep 0.05
  done
}
figures() { tee -a "$work/figures.jsonl" >&2; }

start_agent() { # folder, [command prefix...]
  local folder=$1
  shift
  printf '[till]\nfolder = "%s"\n[api]\nport = 0\nport_file = "%s/port"\n' "$folder" "$folder" > "$folder/agent.toml"
  rm -f "$folder/port"
  "$@" "$build/agent/tillside" agent --config "$folder/agent.toml" 2> "$folder/agent.log" &
  agent=$!
  pids+=("$agent")
  wait_for "the agent" test -s "$folder/port"
  port=$(cat "$folder/port")
  token=$(cat "$folder/api-token")
}
rss_mib() { awk '/^VmRSS/ {printf "%.2f", $2 / 1024}' "/proc/$1/status"; }
seed() { "$bench/tillside_bench_seed" "$1" "$2"; }

if wants advise || wants abi || wants complete || wants redeem || wants memory || wants start; then
  say "seeding a till with $members members"
  mkdir -p "$work/till" "$work/empty"
  seed "$work/till" "$members"
  seed "$work/empty" 1
fi

if wants start; then
  say "start to ready"
  times=$work/start.txt
  for i in 1 2 3 4 5 6 7; do
    for which in till empty; do
      begin=$(date +%s%N)
      start_agent "$work/$which"
      wait_for health curl -sf "http://127.0.0.1:$port/health"
      echo "$which $(($(date +%s%N) - begin))" >> "$times"
      stop
    done
  done
  python3 - "$times" << 'PY' | figures
import statistics, sys
runs = {"till": [], "empty": []}
for line in open(sys.argv[1]):
    which, ns = line.split()
    runs[which].append(int(ns) / 1e6)
pairs = [a / b for a, b in zip(runs["till"], runs["empty"])]
print('{"agent_start_to_ready_1m_over_empty":%.3f,"start_1m_ms":%.1f,"start_empty_ms":%.1f}'
      % (statistics.median(pairs), statistics.median(runs["till"]), statistics.median(runs["empty"])))
PY
fi

if wants memory; then
  say "memory and size"
  start_agent "$work/till"
  wait_for health curl -sf "http://127.0.0.1:$port/health"
  idle=$(rss_mib "$agent")
  "$bench/tillside_bench_bare_beast" "$work/beast.port" & pids+=($!)
  wait_for "the bare server" test -s "$work/beast.port"
  nginx_port=$(cat "$work/beast.port")
  "$bench/tillside_bench_advise" "$port" "$token" "$nginx_port" "$members" > /dev/null
  "$bench/tillside_bench_complete" "$port" "$token" "$nginx_port" "$work" > /dev/null
  rm -f "$work"/bare.db*
  loaded=$(rss_mib "$agent")
  cp "$build/agent/tillside" "$work/tillside" && strip "$work/tillside"
  size=$(stat -c %s "$work/tillside")
  stop
  printf '{"agent_rss_mib_1m_members":%s,"agent_rss_mib_after_load":%s,"agent_binary_mib":%s}\n' "$idle" "$loaded" \
    "$(awk "BEGIN {printf \"%.2f\", $size / 1048576}")" | figures
  rm -f "$work/bare.db"*
fi

if wants advise; then
  say "advise against nginx, on one CPU"
  mkdir -p "$work/nginx/html"
  head -c 600 /dev/zero | tr '\0' 'n' > "$work/nginx/html/file"
  nginx_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  user_line=
  if [ "$(id -u)" = 0 ]; then user_line="user root;"; fi  # the folder is closed to everyone else
  cat > "$work/nginx/nginx.conf" << CONF
$user_line daemon off; worker_processes 1; pid $work/nginx/pid; error_log $work/nginx/error.log;
events { worker_connections 64; }
http { access_log off; sendfile on; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 600;
  client_body_temp_path $work/nginx/b; proxy_temp_path $work/nginx/p; fastcgi_temp_path $work/nginx/f;
  uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
  server { listen 127.0.0.1:$nginx_port; root $work/nginx/html; } }
CONF
  taskset -c 1 nginx -c "$work/nginx/nginx.conf" -p "$work/nginx" & pids+=($!)
  start_agent "$work/till" taskset -c 1
  wait_for nginx curl -sf "http://127.0.0.1:$nginx_port/file"
  taskset -c 1 "$bench/tillside_bench_advise" "$port" "$token" "$nginx_port" "$members" | figures
  stop
fi

if wants abi; then
  say "the C interface: against plain HTTP, with the agent gone, with the agent standing still"
  start_agent "$work/till" taskset -c 1
  taskset -c 1 "$bench/tillside_bench_abi" advise "$work/till/agent.sock" "$port" "$work/till/api-token" "$members" | figures
  mkdir -p "$work/abi"
  "$bench/tillside_bench_abi" dead "$work/abi" | figures
  kill -STOP "$agent"
  stalled=0
  "$bench/tillside_bench_abi" stalled "$work/till/agent.sock" "$work/abi" | figures || stalled=$?
  kill -CONT "$agent"  # before anything else: one that stands still does not hear SIGTERM either
  stop
  [ "$stalled" = 0 ] || exit "$stalled"
fi

if wants complete; then
  say "complete against bare SQLite and a bare server"
  start_agent "$work/till"
  "$bench/tillside_bench_bare_beast" "$work/beast.port" & pids+=($!)
  wait_for "the bare server" test -s "$work/beast.port"
  "$bench/tillside_bench_complete" "$port" "$token" "$(cat "$work/beast.port")" "$work" | figures
  stop
fi

if wants redeem; then
  say "a coupon checked, spent and issued; ten million spent against a thousand"
  for part in check complete; do
    rm -f "$work"/bare.db*
    pin=()
    if [ $part = check ]; then pin=(taskset -c 1); fi  # like advise: unpinned, one caller's round trip has two speeds
    start_agent "$work/till" "${pin[@]}"
    "${pin[@]}" "$bench/tillside_bench_bare_beast" "$work/beast.port" & pids+=($!)
    wait_for "the bare server" test -s "$work/beast.port"
    "${pin[@]}" "$bench/tillside_bench_redeem" $part "$port" "$token" "$(cat "$work/beast.port")" "$work" | figures
    stop
  done
  "$bench/tillside_bench_spent" | figures
fi

if wants uplink; then
  say "bytes on the wire for a day at the fruit shop"
  "$bench/tillside_bench_day" bytes "$root/installer/sample_store/day.jsonl" | python3 -c '
import json, sys
day = json.load(sys.stdin)
n = day["checkouts"]
print(json.dumps({"uplink_bytes_per_checkout": round(day["batched"] / n, 1), "uplink_bytes_per_checkout_singly": round(day["singly"] / n, 1),
                  "uplink_raw_bytes_per_checkout": round(day["raw"] / n, 1), "uplink_events": day["events"]}))' | figures
fi

if wants lookup; then
  say "member lookup, ten million against a thousand"
  "$bench/tillside_bench_lookup" | figures
fi

if wants poslog; then
  say "a POSLog read into checkouts against pugixml parsing it"
  "$bench/tillside_bench_poslog" | figures
fi

if wants ingest; then
  say "headquarters' ingest against the bare ledger"
  "$bench/tillside_bench_hq_ingest" | figures
fi

if wants rules; then
  say "advise with a thousand campaigns against ten"
  mkdir -p "$work/rules"
  "$bench/tillside_bench_rules" "$work/rules" | figures
fi

if wants print; then
  say "the print door: what it adds, and its throughput against socat"
  free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
  mkdir -p "$work/paper"
  seed "$work/paper" 1
  start_agent "$work/paper"
  behind_door=$(free_port) behind_socat=$(free_port) socat_port=$(free_port)
  "$build/agent/tillside" printer --folder "$work/paper" --port "$port" --lane L2 --listen tcp:127.0.0.1:0 \
    --printer "tcp:127.0.0.1:$behind_door" --port-file "$work/door.port" 2> "$work/door.log" & pids+=($!)
  socat "TCP-LISTEN:$socat_port,bind=127.0.0.1,reuseaddr,fork,nodelay" "TCP:127.0.0.1:$behind_socat,nodelay" & pids+=($!)
  wait_for "the print door" test -s "$work/door.port"
  "$bench/tillside_bench_print" "$(cat "$work/door.port")" "$behind_door" "$socat_port" "$behind_socat" | figures
  stop
fi

python3 - "$work/figures.jsonl" "$json" << 'PY'
import json, sys
figures = {}
for line in open(sys.argv[1]):
    line = line.strip()
    if line.startswith("{"):
        figures.update(json.loads(line))
goals = {"advise_p50_vs_nginx_file": ("<=", 1.2), "advise_p99_vs_nginx_file": ("<=", 1.5), "complete_p50_vs_floor": ("<=", 1.5),
         "abi_advise_p50_vs_http": ("<=", 1.1), "abi_dead_agent_worst_ms": ("<=", 60), "abi_stalled_agent_worst_ms": ("<=", 155),
         "complete_throughput_vs_sqlite_commit": (">=", 1.5), "lookup_p50_us_10m_over_1k": ("<=", 3),
         "agent_rss_mib_1m_members": ("<=", 12), "agent_rss_mib_after_load": ("<=", 20), "agent_binary_mib": ("<=", 5),
         "agent_start_to_ready_1m_over_empty": ("<=", 1.5), "uplink_bytes_per_checkout": ("<=", 150),
         "hq_ingest_vs_bare_ledger": (">=", 0.3), "coupon_check_p50_vs_ed25519_verify": ("<=", 1.5),
         "complete_with_redeem_and_issue_p50_vs_floor": ("<=", 1.6), "spent_lookup_10m_over_1k": ("<=", 3),
         "rules_1000_campaigns_p50_vs_10": ("<=", 3), "print_added_ms_p99_outside": ("<=", 1),
         "print_added_ms_p99_at_cut": ("<=", 20), "print_throughput_vs_socat": (">=", 0.8), "poslog_mb_per_s_vs_pugixml_parse": (">=", 0.3)}
for name, (sign, goal) in goals.items():
    if name in figures:
        met = figures[name] <= goal if sign == "<=" else figures[name] >= goal
        print("%-40s %8s  goal %s %s  %s" % (name, figures[name], sign, goal, "met" if met else "NOT MET"))
if sys.argv[2]:
    json.dump(figures, open(sys.argv[2], "w"), indent=2)
PY
