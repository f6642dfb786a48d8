# What the fruit shop's POS prints for a document, as text: 32 columns, one line an article. Control bytes are added by
# doors.sh. Amounts of a return are printed negative, as many a POS does.
def money: (if . < 0 then "-" else "" end) + ((if . < 0 then -. else . end) as $n
  | "\($n / 100 | floor).\($n % 100 | tostring | if length < 2 then "0" + . else . end)");
def tender_words: {"wechat": "微信支付", "alipay": "支付宝", "cash": "现金", "card": "银行卡", "member_balance": "储值卡"}[.] // .;
def heading: {"returned": "退货单", "voided": "作废单", "suspended": "挂单", "reprint": "补打小票"}[.] // empty;

def who: .customer.ids[]? | select(.type == "phone") | "会员手机：\(.value)";
def article: "\(.line_no) \(.name | gsub(" "; "")) \(.quantity)\(.unit) \(.unit_price | money) \(.amount | money)",
  (if .discount == 0 then empty else "  优惠：\(-.discount | money)" end);
def items: ["商品名称     数量    单价   小计", (.lines[] | article), "--------------------------------"] | .[];
def payment: .tenders[] | "\(.type | tender_words)：\(.amount | money)";

select(.lines and (.lines | length > 0) and .state != "resumed")
| ["鲜果巷文三路店", (.state | heading), "小票号：\(.sequence)   款台：\(.lane_id)", "收银员：\(.operator_id)",
   (if .guide_id then "导购：\(.guide_id)" else empty end), "时间：\(.occurred_at[0:10]) \(.occurred_at[11:19])", who,
   (if .original then "原小票号：\(.original.sequence)" else empty end), items,
   "合计：\(.totals.gross | money)", "应收：\(.totals.net | money)", (if .state == "suspended" then empty else payment end),
   "谢谢惠顾"]
| join("\n") + $behind
