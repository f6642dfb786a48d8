# The house of the try-out: a folder, headquarters, "the network" and two tills, all on loopback, all ended by close_house.

children=()        # process groups that were started here
folder=''          # everything lives below it
hq_port=''
declare -A net_port=() net_group=() till_number=()  # by till: "till", and "west" in another store

find_programs() {
  case $door in
    browser | database) "$here/dependencies.sh" "--try-$door" ;;
  esac
  if [[ -n ${TILLSIDE_BIN:-} ]]; then
    tillside=$(command -v "$TILLSIDE_BIN/tillside" || true)
    tillside_hq=$(command -v "$TILLSIDE_BIN/tillside-hq" || true)
    if [[ -z $tillside || -z $tillside_hq ]]; then
      complain "TILLSIDE_BIN=$TILLSIDE_BIN 里没有 tillside 和 tillside-hq" "TILLSIDE_BIN holds no tillside and tillside-hq"
      exit 2
    fi
    return
  fi
  "$here/dependencies.sh"
  build_programs
}

build_programs() {
  local out=$root/build/try log
  log=$(mktemp)
  say "编译（第一次要几分钟）……" "building (the first time takes some minutes) ..."
  if ! { cmake -S "$root" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG" \
    -DTILLSIDE_TESTS=OFF && cmake --build "$out" --target tillside tillside-hq $([[ $door != library ]] || echo tillside_pos); } >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    complain "编译没有成功，见上" "the build failed, see above"
    exit 1
  fi
  rm -f "$log"
  tillside=$out/agent/tillside tillside_hq=$out/sync/hq/tillside-hq
}

open_house() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/tillside-try.XXXXXX")
  chmod 700 "$folder"
}

# start NAME COMMAND...: a process group of its own, so that Ctrl-C reaches this script alone and nothing is left behind
start() {
  local name=$1
  shift
  setsid "$@" >>"$folder/$name.log" 2>&1 </dev/null &
  last_group=$!
  disown "$last_group"
  children+=("$last_group")
}

# wait_until SECONDS 中文 English COMMAND...
wait_until() {
  local deadline=$((SECONDS + $1)) zh=$2 en=$3
  shift 3
  until "$@"; do
    if ((SECONDS >= deadline)); then
      complain "等不到：$zh" "waited in vain for: $en"
      show_logs
      exit 1
    fi
    sleep 0.05
  done
}

show_logs() {
  local log
  for log in "$folder"/*.log; do
    [[ -s $log ]] || continue
    printf '%s— %s —%s\n' "$dim" "${log##*/}" "$plain" >&2
    tail -n 8 "$log" >&2
  done
}

hq() { "$tillside_hq" "$@" --hq "http://127.0.0.1:$hq_port" --token-file "$folder/hq/owner.token"; }
hq_json() { hq "$@" --json; }
till() { "$tillside" "$@" --folder "$folder/till"; }
west() { "$tillside" "$@" --folder "$folder/west"; }
till_status() { till status --json; }

start_headquarters() {
  start headquarters "$tillside_hq" serve --data "$folder/hq" --listen 127.0.0.1:0 --port-file "$folder/hq.port" \
    --public-host t.example.cn
  wait_until 30 "总部启动" "headquarters to start" test -s "$folder/hq.port"
  hq_port=$(<"$folder/hq.port")
}

# The network is a relay between a till and headquarters; cutting it ends the relay and every connection through it.
start_network() {
  start "network-$1" socat -d -d "TCP-LISTEN:${net_port[$1]:-0},bind=127.0.0.1,reuseaddr,fork" "TCP:127.0.0.1:$hq_port"
  net_group[$1]=$last_group
  wait_until 10 "网络接通" "the network" network_listens "$1"
}
network_listens() {
  local line
  line=$(grep -a 'listening on' "$folder/network-$1.log" 2>/dev/null | tail -n 1) || return 1
  [[ -n $line ]] || return 1
  net_port[$1]=${line##*:}
  (exec 3<>"/dev/tcp/127.0.0.1/${net_port[$1]}") 2>/dev/null
}
cut_network() {
  kill -KILL -- "-${net_group[$1]}" 2>/dev/null || true
  wait_until 10 "断网" "the cut" network_is_cut "$1"
  : >"$folder/network-$1.log"
}
network_is_cut() { ! (exec 3<>"/dev/tcp/127.0.0.1/${net_port[$1]}") 2>/dev/null; }

# start_till NAME
start_till() {
  cat >"$folder/$1.toml" <<END
[till]
folder = "$folder/$1"
[api]
port = 0
port_file = "$folder/$1.port"
$(door_api_settings)
[log]
level = "info"
END
  [[ $door == http ]] || door_settings >>"$folder/$1.toml"
  start "$1" "$tillside" agent --config "$folder/$1.toml"
  wait_until 30 "代理启动" "the agent to start" test -s "$folder/$1.port"
}

# enroll_till NAME STORE
enroll_till() {
  local code enrolled
  code=$(hq_json till code "$2" | jq -r .code)
  enrolled=$("$tillside" enroll --hq "http://127.0.0.1:${net_port[$1]}" --code "$code" --json --folder "$folder/$1")
  till_number[$1]=$(jq -r .till <<<"$enrolled")
}

close_house() {
  local code=$? group
  trap - EXIT
  for group in "${children[@]}"; do kill -TERM -- "-$group" 2>/dev/null || true; done
  for group in "${children[@]}"; do end_group "$group"; done
  if [[ -n $folder && -d $folder ]]; then
    if ((keep)); then
      say "试用目录留在 $folder" "the try-out's folder is kept"
    else
      rm -rf -- "$folder"
    fi
  fi
  exit "$code"
}

end_group() {
  local tries=0
  while kill -0 -- "-$1" 2>/dev/null; do
    ((++tries < 100)) || kill -KILL -- "-$1" 2>/dev/null || true
    ((tries < 140)) || return 0
    sleep 0.05
  done
}
