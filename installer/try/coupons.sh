# Next Tuesday: members' day, and the coupons come back: at home without a network, elsewhere with and without one, as a
# photograph; and a sale is returned whose coupon is spent. What came of it is in $folder/coupons.json.

tuesday=2026-11-24
next_number=7000

# ask TILL CALL: hands the JSON document on stdin to a till's agent, judged at the document's own time
ask() {
  curl -sS --max-time 20 --unix-socket "$folder/$1/agent.sock" -H 'Content-Type: application/json' \
    -H 'Tillside-As-Live: 1' --data-binary @- "http://localhost/v1/$2"
}

next() { next_number=$((next_number + 1)); }

# basket STORE LANE HH:MM PHONE LINE...: a bill at "total" with $next_number; a line is "sku name category unit quantity price" in one word each
basket() {
  local store=$1 lane=$2 time=$3 phone=$4
  shift 4
  printf '%s\n' "$@" | jq -R 'split(" ") | {sku: .[0], name: .[1], category: .[2], kind: "sale", unit: .[3], quantity: .[4],
      unit_price: (.[5] | tonumber), amount: ((.[4] | tonumber) * (.[5] | tonumber) | round), discount: 0}' |
    jq -s --arg store "$store" --arg lane "$lane" --arg date "$tuesday" --arg time "$time" --arg phone "$phone" \
      --argjson number "$next_number" 'to_entries | map({line_no: (.key + 1)} + .value) | . as $lines
      | ($lines | map(.amount) | add) as $sum
      | {checkout_id: "\($store)-\($lane)-\($number)", state: "total", store_id: $store, lane_id: $lane, business_date: $date,
         series: 0, sequence: $number, occurred_at: "\($date)T\($time):00+08:00", operator_id: "E1007", currency: "CNY",
         prices_include_tax: true, lines: $lines, totals: {gross: $sum, discount: 0, tax: 0, net: $sum}}
      + (if $phone == "" then {} else {customer: {ids: [{type: "phone", value: $phone, proof: "named"}]}} end)'
}

# paid [CODE ID OFF]: the bill on stdin, closed; with a coupon that takes so much off
paid() {
  jq --arg code "${1:-}" --arg id "${2:-}" --argjson off "${3:-0}" '.state = "completed"
    | if $code == "" then . else .coupons = [$code] | .applied_discounts = [{code: $id, line_no: 0, amount: $off}]
        | .totals.discount += $off | .totals.net -= $off end
    | .tenders = [{type: "wechat", amount: .totals.net}]'
}

# coupon_of DOCUMENT: the first coupon of a sale of the day, as its receipt has it; a repeated call gets the first answer
coupon_of() { sed -n "${1}p" "$day_file" | ask till checkouts/complete | jq '.coupons[0]'; }

# hold TILL LANE BILL COUPON ID
hold() {
  jq -n --argjson bill "$3" --arg code "$(jq -r .url <<<"$4")" --arg lane "$2" --arg id "$5" \
    '{hold_id: $id, code: $code, lane_id: $lane, operator_id: "E1007", checkout: $bill}' | ask "$1" coupons/hold
}

# redeem TILL STORE LANE HH:MM COUPON: on a bill of 128.00. Leaves the hold's answer in $held and the sale's in $sale.
redeem() {
  local bill
  next
  bill=$(basket "$2" "$3" "$4" "" "20129 赣南脐橙 fruit/citrus kg 4 1700" "20178 洛川红富士 fruit/apple kg 4 1500")
  held=$(hold "$1" "$3" "$bill" "$5" "try-$next_number") sale='{}'
  [[ $(jq -r .state <<<"$held") == approved ]] || return 0
  sale=$(paid "$(jq -r .url <<<"$5")" "$(jq -r .id <<<"$5")" "$(jq .discount <<<"$held")" <<<"$bill" |
    ask "$1" checkouts/complete)
  tell_sale "$bill" "$(jq '[.redeemed[].value] | add // 0' <<<"$sale")"
}
# tell_sale BILL OFF
tell_sale() {
  local total
  total=$(jq .totals.net <<<"$1")
  row "-$(money "$2")" "应收 $(money "$total")，实收 $(money $((total - $2)))" "of $(money "$total"): $(money $((total - $2))) paid"
}
refused_words() {
  row "✗" "$(jq -r '.zh + (if .works_at then "：" + .works_at.zh else "" end)' <<<"$held")" \
    "$(jq -r '.en + (if .works_at then ": " + .works_at.en else "" end)' <<<"$held")"
}
scene() { printf '\n  %s%s%s %s%s%s\n' "$bold" "$1" "$plain" "$dim" "$2" "$plain"; }

play_coupons() {
  local coupon_a coupon_b benefit=0
  chapter "下周二：会员日，券回来了" "Next Tuesday: members' day, and the coupons come back"
  start_west
  sell_on_members_day
  coupon_a=$(coupon_of 11) coupon_b=$(coupon_of 27)
  : >"$folder/scenes"

  scene "断网：本店发的券，本机自己核销" "Network cut: the till that issued it decides alone"
  cut_network till
  redeem till 0123 L1 10:20 "$coupon_a"
  note home_offline '[.redeemed[].value] | add // 0' "$sale"

  scene "城西店也断网：别店的券先不收，并说明哪里能用" "The other store is cut off, too: not here, and it says where"
  cut_network west
  redeem west 0456 W1 10:30 "$coupon_b"
  refused_words
  note elsewhere_cut_off .reason "$held"

  scene "城西店网络回来：向总部要到授权，当场核销" "Its network is back: headquarters grants it"
  start_network west
  wait_until 60 "城西店连上总部" "the other store to be online" is_online west
  redeem west 0456 W1 10:40 "$coupon_b"
  note elsewhere_online '[.redeemed[].value] | add // 0' "$sale"

  scene "有人拍下第一张券，拿到城西店：本店还断着网，总部不知道它用过，占一份风险额度放行" \
    "A photograph of the first one: home is still cut off, headquarters cannot know and sets exposure aside"
  redeem west 0456 W1 10:50 "$coupon_a"
  note photograph '[.redeemed[].value] | add // 0' "$sale"
  scene "同一张照片再来一次" "The same photograph once more"
  redeem west 0456 W1 10:55 "$coupon_a"
  refused_words
  note photograph_again .reason "$held"

  start_network till
  return_with_spent_coupon
  wait_until 60 "补传完" "the uplinks" both_have_drained
  tell_doubles
  jq -s 'add' "$folder/scenes" >"$folder/coupons.json"
}

# note NAME FILTER JSON
note() { jq -c --arg name "$1" "{(\$name): ($2)}" <<<"$3" >>"$folder/scenes"; }

start_west() {
  start_network west
  start_till west
  enroll_till west 0456
  wait_for_downlink west
  row "0456" "城西店也有一台收银机，${till_number[west]} 号" "the other store has a till, too: number ${till_number[west]}"
}
is_online() { "$1" status --json | jq -e .online >/dev/null; }
both_have_drained() { has_drained && [[ $(west status --json | jq .backlog) == 0 ]]; }

sell_on_members_day() {
  local bill advice
  scene "会员日：群友买水果，8.8折当场算在账单上" "Members' day: 12% off fruit, on the bill at once"
  next
  bill=$(basket 0123 L1 10:05 13800131708 "20353 沾化冬枣 fruit/jujube kg 1 2380" "20178 洛川红富士 fruit/apple kg 2 1590")
  advice=$(ask till checkouts/advise <<<"$bill")
  benefit=$(jq '[.discounts[].amount] | add // 0' <<<"$advice")
  jq -r '.discounts[] | [.amount, .reason.zh, .reason.en] | @tsv' <<<"$advice" |
    while IFS=$'\t' read -r off zh en; do row "-$(money "$off")" "$zh" "$en"; done
  tell_sale "$bill" "$benefit"
  jq --argjson advice "$advice" '. as $bill | .lines = [.lines[] | .line_no as $n | .discount = ([$advice.discounts[] | select(.line_no == $n)
      | .amount] | add // 0)] | .applied_discounts = [$advice.discounts[] | {code, line_no, amount}]
    | .totals.discount = ([.applied_discounts[].amount] | add // 0) | .totals.net -= .totals.discount
    | .showing_id = $advice.showing_id' <<<"$bill" | paid | ask till checkouts/complete >"$folder/members_day.json"
}

# Earned, spent, and then the goods come back: its value stays here.
return_with_spent_coupon() {
  local earning coupon back
  scene "退货：这单送的券已经花掉，从退款里扣回" "A return: its coupon is spent already and is kept back from the refund"
  next
  earning=$(basket 0123 L1 11:10 "" "20353 沾化冬枣 fruit/jujube kg 5 2380" | paid)
  coupon=$(ask till checkouts/complete <<<"$earning" | jq '.coupons[0]')
  redeem till 0123 L2 11:20 "$coupon"
  next
  back=$(jq --argjson number "$next_number" '. as $sold | .state = "returned" | .sequence = $number | .checkout_id = "back-\($number)"
    | .occurred_at |= sub("11:10"; "11:40") | .coupons = [] | .original = {checkout_id: $sold.checkout_id, lane_id, business_date, series: 0, sequence: $sold.sequence}
    | .lines = [.lines[] | .kind = "returned" | .original = {line_no} | .quantity = "-" + .quantity | .amount = -.amount]
    | .totals = {gross: -.totals.gross, discount: 0, tax: 0, net: -.totals.net} | .tenders = [{type: "wechat", amount: .totals.net}]' <<<"$earning" |
    ask till checkouts/reverse)
  row "$(money "$(jq .refund.amount <<<"$back")")" "应退" "to give back"
  row "-$(money "$(jq .clawed_back <<<"$back")")" "扣回已花掉的券" "the spent coupon, kept back"
  row "$(money "$(jq .refund.pay_out <<<"$back")")" "实退" "paid out"
  note clawed_back .clawed_back "$back"
  note paid_out .refund.pay_out "$back"
}

tell_doubles() {
  local report
  scene "总部的双重核销报表：两台收银机都点了名" "Headquarters names both tills of the coupon that was redeemed twice"
  report=$(hq_json report doubles)
  jq -r '.coupons[] | . as $c | .redemptions[] | [$c.coupon, .store_id, .till, .value, .at] | @tsv' <<<"$report" |
    while IFS=$'\t' read -r coupon at till value time; do
      printf '    %s  %s 门店 store %s 号收银机 till  -%s  %s%s%s\n' "$coupon" "$at" "$till" "$(money "$value")" "$dim" "$time" "$plain"
    done
  jq -c '{doubles: (.coupons | length), named: [.coupons[0].redemptions[].till]}' <<<"$report" >>"$folder/scenes"
  jq -nc --argjson benefit "$benefit" --slurpfile sold "$folder/members_day.json" \
    '{benefit: $benefit, benefit_flags: $sold[0].flags}' >>"$folder/scenes"
}
