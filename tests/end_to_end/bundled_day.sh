#!/usr/bin/env bash
# The try-out's own day, by itself: the counts its README promises, equal ledgers, nothing left behind.
source "$(dirname "${BASH_SOURCE[0]}")/try_out.sh"

try_out
expect '.equal' true
expect '.day.sales' 300
expect '.day.net' 2322563
expect '.day.reversals' 8
expect '.day.verdicts.member_here' 74
expect '.day.verdicts.member_elsewhere' 22
expect '.day.verdicts.not_member' 47
expect '.day.verdicts.unknown' 21
expect '.day.verdicts.unidentified' 136
expect '.day.refused + .day.unreadable + .day.conflicts' 0
expect '.day.coupons > 0 and .day.revoked > 0 and .offline.coupons > 0 and .offline.backlog > 50' true
expect '.again.harmless and .again.duplicates == .day.documents' true
# Next Tuesday: six sales more, of which a benefit, four redemptions, and a return.
expect '.report.totals[0].checkouts' 306
expect '.report.totals[0].coupons == ([.comparison.tills[].counts[] | select(.en == "coupons") | .till] | add)' true
expect '.comparison.tills | length' 2
expect '.coupons.benefit' 668
expect '.coupons.benefit_flags' '[]'
expect '.coupons.home_offline' 2000
expect '.coupons.elsewhere_cut_off' '"needs_network"'
expect '.coupons.elsewhere_online' 2000
expect '.coupons.photograph' 2000
expect '.coupons.photograph_again' '"spent"'
expect '.coupons.doubles' 1
expect '.coupons.named | length' 2
expect '.coupons.clawed_back' 2000
expect '.coupons.paid_out' 9900
expect_nothing_left
passed
