#!/usr/bin/env bash
# Journals of real tills that nobody of this project wrote; skipped where they are not.
source "$(dirname "${BASH_SOURCE[0]}")/try_out.sh"

shared=${TILLSIDE_SHARED_DATA:-$root/../shared/data}
if [[ ! -d $shared ]]; then
  echo "skipped: $shared is not here (TILLSIDE_SHARED_DATA names the folder)"
  exit 77
fi

try_out --receipts "$shared/poslog/ncr-acs-42-sales.xml"
expect '[.day.sales, .day.sales_with_customer]' '[42,4]'
expect '.equal and .again.harmless' true
expect '.day.refused + .day.unreadable + .day.conflicts' 0

days=(2010-12-01 2010-12-02 2010-12-03 2010-12-05 2010-12-06)
wanted=('[127,6,10]' '[142,23,2]' '[68,7,33]' '[88,7,0]' '[102,18,13]')
for i in "${!days[@]}"; do
  try_out --receipts "$shared/online-retail/${days[i]}.csv" --mapping "$root/installer/sample_store/online-retail.toml"
  expect '[.day.sales, .day.reversals, .day.worthless]' "${wanted[i]}"
  expect '.equal and .again.harmless' true
  expect '.day.refused + .day.unreadable + .day.conflicts' 0
done
expect_nothing_left
passed
