# Till's status and headquarters' ledger of the till, side by side.
($till[0]) as $t | ($hq[0]) as $h
| [ $t.epochs[] as $e | ([$h.epochs[] | select(.epoch == $e.epoch)] | first) as $held
    | {epoch: $e.epoch, till: {last_seq: $e.last_seq, chain: ($e.chain // "")},
       headquarters: {held_seq: ($held.held_seq // 0), chain_hash: ($held.chain_hash // "")},
       equal: (($held != null) and $e.last_seq == $held.held_seq and ($e.last_seq == 0 or $e.chain == $held.chain_hash)
               and ($held.holes | length) == 0 and $held.fork_seq == null and $held.parked == 0 and $held.quarantined == 0)} ] as $epochs
| def kind(k): [$h.epochs[].events_by_kind[k] // 0] | add // 0;
  def sum(k): [$h.epochs[][k] // 0] | add // 0;
  [ {zh: "条事件", en: "events", till: ([$t.epochs[].last_seq] | add // 0), headquarters: sum("held_seq")},
    {zh: "笔收银", en: "checkouts", till: $t.ledger.checkouts, headquarters: kind("checkout")},
    {zh: "净额（分）", en: "net, minor units", till: $t.ledger.net, headquarters: sum("net")},
    {zh: "笔退货或作废", en: "reversals", till: $t.ledger.reversals, headquarters: kind("reversal")},
    {zh: "份冲突", en: "conflicts", till: $t.ledger.conflicts, headquarters: kind("conflict")},
    {zh: "张优惠券", en: "coupons", till: $t.ledger.coupons_issued, headquarters: sum("coupons")} ] as $counts
| {equal: (all($epochs[]; .equal) and all($counts[]; .till == .headquarters) and $t.backlog == 0),
   why: ([$epochs[] | select(.equal | not) | "epoch " + .epoch] + [$counts[] | select(.till != .headquarters) | .en]
         + (if $t.backlog == 0 then [] else ["backlog"] end)),
   epochs: $epochs, counts: $counts}
