# The same day through another door: files, database, library, browser, print. What the POS does is played here; what must come out is counted
# from the day's own documents: as many sales, the same totals, the same tenders.

# door_settings: what the agent's settings say of the door, as TOML on standard output
door_settings() {
  case $door in
    files) printf '[journal]\ndrop = "%s"\n' "$folder/drop" ;;
    database) database_settings ;;
  esac
}
door_api_settings() {
  case $door in
    browser) printf 'origins = ["%s"]\n' "$page_origin" ;;
  esac
}

# What the POS brings with it stands before the agent starts.
prepare_door() {
  case $door in
    database) open_database ;;
  esac
}

open_door() {
  case $door in
    files) mkdir -p "$folder/drop" ;;
    library) build_player ;;
    print) open_printer ;;
  esac
}

# pass NAME FROM TO: documents through the door; returns when the agent has them
pass() {
  sed -n "$2,$3p" "$day_file" >"$folder/$1.jsonl"
  "pass_$door" "$1"
}

# A file is written under another name and renamed: no look at the folder comes too early.
pass_files() {
  cp "$folder/$1.jsonl" "$folder/drop/$1.part"
  mv "$folder/drop/$1.part" "$folder/drop/$1.jsonl"
  wait_until 120 "文件读完" "the file to be read" test -e "$folder/drop/done/$1.jsonl"
  if [[ -e $folder/drop/done/$1.jsonl.errors.txt ]]; then sed 's/^/    /' "$folder/drop/done/$1.jsonl.errors.txt"; fi
}

# The POS's own database, in SQLite; the agent polls it through ODBC, and only what is closed.
open_database() {
  sqlite3 "$folder/pos.db" <"$here/try/database.sql" >/dev/null
  (umask 077 && printf 'Driver=SQLite3;Database=%s;NoCreat=1;Timeout=5000\n' "$folder/pos.db" >"$folder/pos-database")
}
database_settings() {
  cat <<END
[database]
connection_file = "$folder/pos-database"
query = """
SELECT r.id, b.bill_no, b.number, b.lane, b.cashier, b.guide, b.sold_at, b.day, b.member_phone, b.status, b.original_bill,
       r.article, r.name, r.category, r.unit, r.quantity, r.price, r.amount, r.discount, r.paid_by, r.paid
FROM bill_row r JOIN bill b ON b.bill_no = r.bill_no
WHERE r.id > ? AND b.status IN ('completed', 'returned', 'voided') ORDER BY r.id LIMIT 2000
"""
high_water = "id"
mapping = "$here/try/database.toml"
poll_s = 1
settled_after_s = 1
END
}
pass_database() {
  jq -r -f "$here/try/database.jq" "$folder/$1.jsonl" | sqlite3 -bail "$folder/pos.db"
  bills=$((bills + $(jq -s '[.[] | select(.state == "completed" or .state == "returned" or .state == "voided")] | length' "$folder/$1.jsonl")))
  wait_until 120 "数据库读完" "the database to be read" all_are_read
}
bills=0
all_are_read() { till_status | jq -e --argjson bills "$bills" '.ledger.checkouts + .ledger.reversals >= $bills' >/dev/null; }

# The page of a browser POS, with its own script; node stands for the browser (browser_page.mjs says how far).
page_origin=https://pos.shop.example
pass_browser() {
  local code=0
  node "$here/try/browser_page.mjs" "$root/pos_adapter/browser/tillside-pos.js" --base "http://127.0.0.1:$(<"$folder/till.port")" \
    --token "$folder/till/api-token" --origin "$page_origin" --storage "$folder/page.json" <"$folder/$1.jsonl" >"$folder/$1.json" || code=$?
  if ((code != 0)); then
    complain "有单据没有交到：$(<"$folder/$1.json")" "some documents did not arrive"
    exit 1
  fi
}

# The POS's programmer compiles against the library; so does this, with the sample that plays documents.
build_player() {
  local library
  library=$(find_library)
  cc -std=c11 -O1 -I"$root" "$root/pos_adapter/plugin/samples/play_documents.c" "$library" -Wl,-rpath,"${library%/*}" \
    -o "$folder/play"
}
find_library() {
  local place
  for place in "$(dirname -- "$(realpath -- "$tillside")")/../pos_adapter/plugin" "$root/build/try/pos_adapter/plugin"; do
    if [[ -e $place/libtillside_pos.so ]]; then
      realpath -- "$place/libtillside_pos.so"
      return
    fi
  done
  complain "没有编译 libtillside_pos" "libtillside_pos is not built"
  exit 1
}
pass_library() {
  local code=0
  "$folder/play" --socket "$folder/till/agent.sock" --spool "$folder/spool" <"$folder/$1.jsonl" >"$folder/$1.json" || code=$?
  if ((code != 0)); then
    complain "有单据没有交到：$(<"$folder/$1.json")" "some documents did not arrive"
    exit 1
  fi
}

# A printer that keeps what it is sent, and the relay in its place.
open_printer() {
  start paper socat -d -d -u "TCP-LISTEN:0,bind=127.0.0.1,reuseaddr,fork" "OPEN:$folder/paper.bin,creat,append"
  wait_until 10 "打印机" "the printer" paper_listens
  start printer "$tillside" printer --folder "$folder/till" --listen tcp:127.0.0.1:0 --printer "tcp:127.0.0.1:$paper_port" \
    --port-file "$folder/printer.port"
  wait_until 10 "打印中继启动" "the relay to start" test -s "$folder/printer.port"
}
paper_listens() {
  local line
  line=$(grep -a 'listening on' "$folder/paper.log" 2>/dev/null | tail -n 1) || return 1
  paper_port=${line##*:}
  [[ -n $paper_port ]]
}

# One job a slip, as a POS prints: initialise, the text in GB18030, feed, cut.
pass_print() {
  local slip port
  port=$(<"$folder/printer.port")
  while IFS= read -r -d $'\f' slip; do
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    { printf '\x1b@' && printf '%s' "$slip" | iconv -f UTF-8 -t GB18030 && printf '\n\n\n\x1dV\x42\x00'; } >&3
    exec 3>&-
    slips=$((slips + 1))
  done < <(jq -r -f "$here/try/paper.jq" --arg behind $'\f' "$folder/$1.jsonl")
  wait_until 120 "小票印完" "the slips to be printed" all_are_printed
}
slips=0
all_are_printed() { (($(LC_ALL=C grep -c -a "$thanks" "$folder/paper.bin" 2>/dev/null || echo 0) >= slips)); }
thanks=$(printf '谢谢惠顾' | iconv -f UTF-8 -t GB18030 2>/dev/null || true)

door_words() {
  case $door in
    files) say "收银软件把单据写成文件，放进投放文件夹" "the POS drops files of documents into a folder" ;;
    database) say "收银软件只有自己的数据库：代理用 ODBC 只读轮询" "the POS keeps its sales in a database: the agent polls it through ODBC, reading only" ;;
    browser) say "收银软件是网页：它的脚本 tillside-pos.js 逐单调用" "the POS is a web page: its script tillside-pos.js hands over each document" ;;
    library) say "收银软件加载 libtillside_pos，逐单调用" "the POS loads libtillside_pos and calls it" ;;
    print) say "收银软件只会打印：小票在去打印机的路上被读懂" "the POS only prints: its receipts are read on the way to the printer" ;;
  esac
}

# What the day's documents say themselves.
expected() {
  jq -s '[.[] | select(.state == "completed" and .totals.net > 0 and (.training | not))] as $sales
    | [.[] | select(.state == "returned" or .state == "voided")] as $back
    | {sales: ($sales | length), net: ($sales | map(.totals.net) | add),
       reversals: ($back | length), reversed: ($back | map(.totals.net) | add),
       tenders: ([$sales[].tenders[]] | group_by(.type) | map({key: .[0].type, value: (map(.amount) | add)}) | from_entries),
       refunds: ([$back[].tenders[]] | group_by(.type) | map({key: .[0].type, value: (map(.amount) | add)}) | from_entries)}' "$day_file"
}
# What headquarters holds of it.
held() {
  jq -n --slurpfile till "$folder/till-side.json" --slurpfile report <(hq_json report --by store) \
    --slurpfile tenders <(hq_json report tenders) '($report[0].rows[] | select(.key == "0123")) as $store
    | ([$tenders[0].rows[].refunded] | add) as $back
    | {sales: $store.checkouts, net: ($store.net - $back), reversals: $till[0].ledger.reversals, reversed: $back,
       tenders: ([$tenders[0].rows[] | select(.amount != 0) | {key: .tender, value: .amount}] | from_entries),
       refunds: ([$tenders[0].rows[] | select(.refunded != 0) | {key: .tender, value: .refunded}] | from_entries)}'
}

play_day_through_door() {
  local half=$((documents / 2))
  chapter "这一天，从另一个接口" "The day, through another door"
  door_words
  open_door
  pass morning 1 "$half"
  row "$half" "份单据，网络正常" "documents with the network on"
  cut_network till
  pass afternoon $((half + 1)) "$documents"
  row "$((documents - half))" "份单据，断网照收" "documents with the network cut"
  start_network till
  wait_until 180 "补传完" "the backlog to drain" has_drained
}

compare_with_day() {
  expected >"$folder/expected.json"
  held >"$folder/held.json"
  printf '  %s与当天的单据比较%s %sAgainst the day’s own documents%s\n' "$bold" "$plain" "$dim" "$plain"
  same_as_day=1
  jq -r -n --slurpfile a "$folder/expected.json" --slurpfile b "$folder/held.json" '$a[0] as $a | $b[0] as $b
    | ([["sales"], ["net"], ["reversals"], ["reversed"]] + [$a.tenders + $b.tenders | keys[] | ["tenders", .]] + [$a.refunds + $b.refunds | keys[] | ["refunds", .]])[]
    | . as $path | [($path | join(" ")), ($a | getpath($path) // 0), ($b | getpath($path) // 0)] | @tsv' >"$folder/compared"
  local what wanted got
  while IFS=$'\t' read -r what wanted got; do
    if [[ $wanted == "$got" ]]; then
      printf '    %s✓%s %12s = %-12s %s\n' "$green" "$plain" "$wanted" "$got" "$what"
    else
      printf '    %s✗%s %12s ≠ %-12s %s\n' "$red" "$plain" "$wanted" "$got" "$what"
      same_as_day=0
    fi
  done <"$folder/compared"
}

write_door_counts() {
  jq -n --arg door "$door" --argjson same "$same_as_day" --slurpfile expected "$folder/expected.json" --slurpfile held "$folder/held.json" \
    --slurpfile comparison <(jq -s '{equal: all(.[]; .equal), tills: .}' "$folder"/comparison-*.json) \
    '{door: $door, equal: ($comparison[0].equal and $same == 1), expected: $expected[0], held: $held[0], comparison: $comparison[0]}' >"$1"
  say "数目写在 $1" "the counts are written there"
}
