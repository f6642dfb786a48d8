# The day: what is sold, with the network on, cut, and on again; then everything once more.

sample=$here/sample_store

# Which store, currency and lanes the receipts speak of.
describe_receipts() {
  day_file=${receipts:-$sample/day.jsonl}
  local describe=("$tillside" replay --describe --json "$day_file")
  [[ -z $mapping ]] || describe+=(--mapping "$mapping")
  if ! described=$("${describe[@]}"); then
    complain "看不懂 $day_file" "$day_file cannot be read as receipts"
    exit 2
  fi
  documents=$(jq .documents <<<"$described")
  store=$(jq -r '.stores[0].store_id // "0001"' <<<"$described")
  [[ -n $store ]] || store=0001
  currency=$(jq -r '.stores[0].currency' <<<"$described")
  exponent=$(jq '.stores[0].exponent' <<<"$described")
  [[ -n $zone ]] || zone=$(jq -r '.zone // "Asia/Shanghai"' <<<"$described")
  if ((documents == 0)); then
    complain "$day_file 里没有单据" "$day_file holds no documents"
    exit 2
  fi
}

fill_headquarters() {
  if [[ -n $receipts ]]; then
    local id
    while read -r id; do
      hq_json store add "${id:-0001}" --zone "$zone" --currency "$currency" >/dev/null
    done < <(jq -r '.stores[].store_id' <<<"$described")
    wanted_members=0 wanted_campaigns=0 wanted_quotas=0
    return
  fi
  hq_json store add 0123 --name "鲜果巷文三路店" --zone "$zone" --currency CNY >/dev/null
  hq_json store add 0456 --name "鲜果巷城西店" --zone "$zone" --currency CNY >/dev/null
  hq_json staff import "$sample/staff.csv" >"$folder/staff.json"
  hq_json campaign add "$sample/campaigns.json" >"$folder/campaigns.json"
  hq_json members import "$sample/members.csv" --authoritative phone >"$folder/members.json"
  wanted_members=1 wanted_campaigns=$(jq length "$sample/campaigns.json")
  wanted_quotas=$(jq 'map(select(.quota_per_till)) | length' "$sample/campaigns.json")
}

# wait_for_downlink NAME
wait_for_downlink() { wait_until 60 "名单、活动、额度下发" "members, campaigns and quotas to come down" has_come_down "$1"; }
has_come_down() {
  "$1" status --json 2>/dev/null | jq -e --argjson members "$wanted_members" --argjson campaigns "$wanted_campaigns" \
    --argjson quotas "$wanted_quotas" \
    '.online and .may_issue and .campaigns >= $campaigns and (.quotas | length) >= $quotas
     and ($members == 0 or .members_complete)' >/dev/null
}

# part NAME FROM TO: plays documents and leaves what came of it in $folder/NAME.json
part() {
  local code=0 play=("$tillside" replay --folder "$folder/till" --as-live --advise --json)
  [[ -z $mapping ]] || play+=(--mapping "$mapping")
  "${play[@]}" --from "$2" --to "$3" "$day_file" >"$folder/$1.json" || code=$?
  if ((code != 0 && code != 3)); then
    complain "播放单据失败" "the receipts could not be played"
    show_logs
    exit 1
  fi
}

backlog() { till_status | jq .backlog; }
has_drained() { [[ $(backlog) == 0 ]]; }
time_of() { jq -r --argjson n "$1" '.times[$n - 1] // empty' <<<"$described"; }

play_day() {
  local first=$((documents / 3)) second=$((documents * 2 / 3))
  ((first > 0)) || first=$documents second=$documents

  chapter "上午：网络正常" "Morning: the network is on"
  part morning 1 "$first"
  wait_until 60 "上传完" "the uplink" has_drained
  print_part morning

  chapter "中午：网线拔了，照常营业" "Noon: the network is cut, the shop goes on"
  cut_network till
  part noon $((first + 1)) "$second"
  backlog_offline=$(backlog)
  print_part noon
  row "$backlog_offline" "条事件在收银机里等网络" "events wait at the till for the network"

  chapter "下午：网络回来了" "Afternoon: the network is back"
  local since=$SECONDS
  start_network till
  part afternoon $((second + 1)) "$documents"
  wait_until 180 "补传完" "the backlog to drain" has_drained
  print_part afternoon
  row "0" "条在等：积压已全部上传（$((SECONDS - since)) 秒）" "wait: the backlog has drained ($((SECONDS - since)) s)"
  jq -s 'def sum(k): map(.[k]) | add;
    def merge(k): map(.[k] | to_entries) | add | group_by(.key) | map({key: .[0].key, value: (map(.value) | add)}) | from_entries;
    {documents: sum("documents"), sales: sum("sales"), sales_with_customer: sum("sales_with_customer"),
     reversals: sum("reversals"), worthless: sum("worthless"), lane_events: sum("lane_events"),
     duplicates: sum("duplicates"), conflicts: sum("conflicts"), refused: sum("refused"), unreadable: sum("unreadable"),
     unknown_originals: sum("unknown_originals"), join_codes: sum("join_codes"), coupons: sum("coupons"),
     revoked: sum("revoked"), net: sum("net"), reversed: sum("reversed"), verdicts: merge("verdicts"),
     not_earned: merge("not_earned"), flags: merge("flags"), coupons_by_campaign: merge("coupons_by_campaign"),
     example: (map(.example // empty | select(. != "")) | first // "")}' \
    "$folder"/{morning,noon,afternoon}.json >"$folder/day.json"
  print_day
}

# The same file a second time: a POS that sends its journal twice does no harm.
play_again() {
  chapter "同一份单据再送一遍" "The same receipts once more"
  till_status | jq '{ledger, epochs}' >"$folder/before.json"
  part again 1 "$documents"
  till_status | jq '{ledger, epochs}' >"$folder/after.json"
  again_harmless=0
  if jq -e -n --slurpfile a "$folder/before.json" --slurpfile b "$folder/after.json" \
    '($a[0].ledger == $b[0].ledger) and ([$a[0].epochs[] | {epoch, last_seq, chain}] == [$b[0].epochs[] | {epoch, last_seq, chain}])' \
    >/dev/null; then
    again_harmless=1
  fi
  row "$(jq .duplicates "$folder/again.json")" "份认出是收过的，答复与第一次一字不差" "were known and got their first answer again"
  if ((again_harmless)); then
    say "${green}✓${plain} 账本没有任何变化" "nothing changed in the ledger"
  else
    say "${red}✗${plain} 账本变了" "the ledger changed"
  fi
}
