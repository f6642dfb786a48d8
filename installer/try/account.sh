# The account: what a reader sees of the day, and the comparison of the two ledgers.

from_part() { jq -r "$2 // 0" "$folder/$1.json"; }

title() {
  printf '\n%s侧耳 Tillside%s  %s%s%s\n' "$bold" "$plain" "$dim" "$("$tillside" --version)" "$plain"
  say "收银机旁的轻代理：一台总部、一台收银机，都在本机（127.0.0.1）。" \
    "The light agent beside the till: one headquarters and one till, both on this machine."
}

print_opening() {
  local status
  status=$(till_status)
  row "$(jq -r .store_id <<<"$status")" "$(jq -r .store_name <<<"$status")，收银机 ${till_number[till]} 号" \
    "till number ${till_number[till]}, $zone, $currency"
  row_if "$(jq .staff <<<"$status")" "名员工" "staff"
  row_if "$wanted_campaigns" "个活动，额度已借给这台收银机" "campaigns, their quota lent to this till"
  if ((wanted_members)); then
    row "$(jq .taken "$folder/members.json")" "位会员的名单已在本机（只有加密摘要，没有号码）" \
      "members are known here, as keyed hashes only"
  fi
  row "$documents" "份单据将逐份送进代理" "documents will be handed to the agent one by one"
}

# print_part NAME
print_part() {
  local sold
  row "$(from_part "$1" .sales)" "笔销售，净额 $(money "$(from_part "$1" .net)") $currency" "sales, net"
  row_if "$(from_part "$1" .coupons)" "张优惠券当场签发" "coupons signed at the till"
  row_if "$(from_part "$1" .reversals)" "笔退货或作废，作废优惠券 $(from_part "$1" .revoked) 张" \
    "returns and voids, revoking $(from_part "$1" .revoked) coupons"
  print_problems "$1"
}

print_problems() {
  row_if "$(from_part "$1" '(.refused + .unreadable)')" "份没有收下" "not taken"
  jq -r '.problems[]?' "$folder/$1.json" | while read -r line; do printf '    %s%s%s\n' "$yellow" "$line" "$plain"; done
}

verdict() { jq -r --arg name "$1" '.verdicts[$name] // 0' "$folder/day.json"; }

print_day() {
  chapter "这一天" "The day"
  row "$(from_part day .sales)" "笔销售，净额 $(money "$(from_part day .net)") $currency" "sales, net"
  row_if "$(from_part day .worthless)" "份零金额单据（不算销售）" "documents worth nothing (no sale)"
  row_if "$(from_part day .lane_events)" "份其他事件：挂单、取单、重打、签到、日结……" "other events: suspended, reprinted, signed on ..."
  printf '\n  %s识别%s %sWho was at the counter%s\n' "$bold" "$plain" "$dim" "$plain"
  row_if "$(verdict member_here)" "笔是本店群友" "members of this store's group"
  row_if "$(verdict member_elsewhere)" "笔是会员，在别家门店的群" "members, but of another store's group"
  row_if "$(verdict not_member)" "笔确定不在群" "surely not in the group"
  row_if "$(verdict unknown)" "笔未知（名单没有这类标识的全部，不当作“不在群”）" "unknown, never shown as not a member"
  row_if "$(verdict unidentified)" "笔没有报身份" "nobody was named"
  printf '\n  %s引流与发券%s %sInvited and given%s\n' "$bold" "$plain" "$dim" "$plain"
  row_if "$(from_part day .join_codes)" "次出示带导购归属的入群码" "join codes shown, each credited to a guide"
  row_if "$(from_part day .coupons)" "张优惠券，面值合计 $(money "$(coupon_value day)") $currency" "coupons, worth together"
  row_if "$(from_part noon .coupons)" "张其中在断网时签发，面值 $(money "$(coupon_value noon)") $currency" "of them offline"
  row_if "$(from_part day '.not_earned.quota_used_up')" "次没有发：借来的额度用完了（绝不超发）" \
    "not issued: the lent quota was used up, never overdrawn"
  row_if "$(from_part day .reversals)" "笔退货或作废，退 $(money "$(from_part day '.reversed | if . < 0 then -. else . end')") $currency，作废优惠券 $(from_part day .revoked) 张" \
    "returns and voids, revoking $(from_part day .revoked) coupons"
  row_if "$(from_part day .unknown_originals)" "笔退货的原单没见过：照收，并在报表里列出" "returns of unknown sales: kept and reported"
  print_example
}

# Face value of the coupons of a part, by the campaigns' worth.
coupon_value() {
  [[ -n ${campaigns_listed:-} ]] || campaigns_listed=$(hq_json campaign list)
  jq --argjson known "$campaigns_listed" \
    '[.coupons_by_campaign // {} | to_entries[] | .value * (.key as $n | $known.campaigns[] | select((.number | tostring) == $n) | .worth)] | add // 0' \
    "$folder/$1.json"
}

print_example() {
  local identity
  identity=$(from_part day .example)
  [[ -n $identity && $identity != 0 ]] || return 0
  printf '\n  %s一张小票上多出的内容%s %sWhat one receipt got%s %s\n' "$bold" "$plain" "$dim" "$plain" "$identity"
  till receipt "$identity" | sed 's/^/    /'
}

# Equal: every epoch's last sequence and chain hash, no gap, no fork, nothing parked, and the counts; of every till.
compare_ledgers() {
  local name
  for name in "${!till_number[@]}"; do compare_ledger "$name" || return 1; done
}

# compare_ledger NAME: leaves NAME-side.json and comparison-NAME.json
compare_ledger() {
  local deadline=$((SECONDS + 60))
  while :; do
    "$1" status --json >"$folder/$1-side.json"
    hq_json till ledger "${till_number[$1]}" >"$folder/hq-side.json"
    jq -n --slurpfile till "$folder/$1-side.json" --slurpfile hq "$folder/hq-side.json" -f "$here/try/compare.jq" \
      >"$folder/comparison-$1.json"
    jq -e .equal "$folder/comparison-$1.json" >/dev/null && return 0
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

print_report() {
  hq_json report --by store >"$folder/report.json"
  printf '  %s总部的报表%s %sHeadquarters’ report%s\n' "$bold" "$plain" "$dim" "$plain"
  jq -r '.rows[] | [.key, .name, .checkouts, (.identified_share * 10000 | round / 100), (.group_share_of_orders * 10000 | round / 100),
    (.group_share_of_amount * 10000 | round / 100), .prompts, .joins_shown, .coupons, .net, .currency] | @tsv' "$folder/report.json" |
    while IFS=$'\t' read -r key name checkouts identified orders amount prompts joins coupons net unit; do
      printf '    %s%s %s%s  净额 net %s %s\n' "$bold" "$key" "$name" "$plain" "$(money "$net")" "$unit"
      printf '      %s 笔 checkouts · 识别率 identified %s%% · 群友占笔数 group orders %s%% · 占金额 amount %s%%\n' \
        "$checkouts" "$identified" "$orders" "$amount"
      printf '      提示 prompts %s · 入群码 joins shown %s · 优惠券 coupons %s\n' "$prompts" "$joins" "$coupons"
    done
  if [[ -z $receipts ]]; then print_guides; fi
}

print_guides() {
  printf '    %s按导购%s %sby guide%s  ' "$bold" "$plain" "$dim" "$plain"
  hq_json report --by guide | jq -r '[.rows[] | select(.name != "") | "\(.name) \(.checkouts) 笔/\(.coupons) 券"] | join(" · ")'
}

print_comparison() {
  local name
  printf '\n  %s收银机 = 总部？%s %sTill = headquarters?%s\n' "$bold" "$plain" "$dim" "$plain"
  for name in till west; do
    [[ ! -f $folder/comparison-$name.json ]] || print_ledgers "$name"
  done
  local sent events
  sent=$(jq .uploaded_bytes "$folder/till-side.json")
  events=$(jq '[.epochs[].last_seq] | add' "$folder/till-side.json")
  row "$(bytes "$sent")" "上传总量，$events 条事件（zstd 与随附字典）" "sent up, compressed, for $events events"
  if ((equal)); then
    printf '\n  %s✓ 两边账本完全一致%s %sBoth ledgers are equal.%s\n' "$green$bold" "$plain" "$dim" "$plain"
  else
    printf '\n  %s✗ 两边账本不一致%s %sThe ledgers differ.%s\n' "$red$bold" "$plain" "$dim" "$plain"
    jq -c '.why' "$folder"/comparison-*.json
  fi
  ((again_harmless)) || equal=0
}

# print_ledgers NAME: both sides of one till
print_ledgers() {
  printf '    %s%s 号收银机 till %s%s\n' "$dim" "${till_number[$1]}" "${till_number[$1]}" "$plain"
  jq -r '.epochs[] | [.epoch, .till.last_seq, .till.chain, .headquarters.held_seq, .headquarters.chain_hash, .equal] | @tsv' \
    "$folder/comparison-$1.json" | while IFS=$'\t' read -r epoch last chain held hash same; do
    printf '    库 epoch %s：第 %s 条 %s… %s 第 %s 条 %s…\n' "$epoch" "$last" "${chain:0:12}" \
      "$([[ $same == true ]] && printf '%s=%s' "$green" "$plain" || printf '%s≠%s' "$red" "$plain")" "$held" "${hash:0:12}"
  done
  jq -r '.counts[] | [.zh, .en, .till, .headquarters] | @tsv' "$folder/comparison-$1.json" |
    while IFS=$'\t' read -r zh en ours theirs; do
      printf '    %s %12s %s %-12s %s %s%s%s\n' "$([[ $ours == "$theirs" ]] && printf '%s✓%s' "$green" "$plain" || printf '%s✗%s' "$red" "$plain")" \
        "$ours" "$([[ $ours == "$theirs" ]] && printf '=' || printf '≠')" "$theirs" "$zh" "$dim" "$en" "$plain"
    done
}

write_counts() {
  [[ -f $folder/coupons.json ]] || printf 'null' >"$folder/coupons.json"
  jq -n --slurpfile day "$folder/day.json" --slurpfile coupons "$folder/coupons.json" --slurpfile again "$folder/again.json" --slurpfile noon "$folder/noon.json" \
    --slurpfile comparison <(jq -s '{equal: all(.[]; .equal), tills: .}' "$folder"/comparison-*.json) --slurpfile report "$folder/report.json" \
    --argjson bytes "$(jq .uploaded_bytes "$folder/till-side.json")" --argjson waiting "$backlog_offline" \
    --argjson harmless "$again_harmless" --argjson value "$(coupon_value day)" \
    '{equal: ($comparison[0].equal and $harmless == 1), day: $day[0], coupons: $coupons[0], offline: {coupons: $noon[0].coupons, backlog: $waiting},
      coupon_value: $value, again: {duplicates: $again[0].duplicates, conflicts: $again[0].conflicts, harmless: ($harmless == 1)},
      uploaded_bytes: $bytes, comparison: $comparison[0], report: $report[0]}' >"$1"
  say "数目写在 $1" "the counts are written there"
}

print_addresses() {
  chapter "请打开看看" "Have a look"
  printf '  收银员页面 cashier page   %s%s%s\n' "$bold" "$(till open cashier)" "$plain"
  printf '  总部接口 headquarters API http://127.0.0.1:%s  （令牌 token: %s）\n' "$hq_port" "$folder/hq/owner.token"
  printf '\n  %s再送一份单据，页面会跟着动 · hand in one more receipt and watch the page:%s\n' "$dim" "$plain"
  printf '    %s replay --folder %s/till --as-live --advise --from 1 --to 9 %s\n' "$tillside" "$folder" "$sample/training/2026-11-18.jsonl"
  printf '\n  %sCtrl-C 结束并清理 · Ctrl-C ends it and cleans up%s\n' "$bold" "$plain"
}

# Waits without a child of its own, so that nothing outlives a signal.
wait_for_goodbye() {
  local idle
  trap 'printf "\n"; exit $((equal ? 0 : 1))' INT TERM
  mkfifo "$folder/idle"
  exec {idle}<>"$folder/idle"
  while :; do read -r -t 3600 -u "$idle" || true; done
}
