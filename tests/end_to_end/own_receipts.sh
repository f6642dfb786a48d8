#!/usr/bin/env bash
# The project's own journals of other shapes through the try-out: POSLog and a retailer's CSV.
source "$(dirname "${BASH_SOURCE[0]}")/try_out.sh"

data=$root/tests/data/journal
try_out --receipts "$data/poslog.xml"
expect '[.day.sales, .day.reversals, .day.lane_events, .day.sales_with_customer]' '[4,1,1,1]'
expect '.equal and .again.harmless' true
expect '.day.net' 15651

try_out --receipts "$data/retail.csv" --mapping "$root/installer/sample_store/online-retail.toml"
expect '[.day.sales, .day.reversals, .day.worthless]' '[8,3,1]'
expect '.equal and .again.harmless' true
expect '.day.net' 27306
expect_nothing_left
passed
