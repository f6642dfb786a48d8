#!/usr/bin/env bash
# The try-out's day through the other doors: the same sales, totals and tenders, and equal ledgers.
source "$(dirname "${BASH_SOURCE[0]}")/try_out.sh"

for door in files database library browser print; do
  try_out --door "$door"
  expect '.door' "\"$door\""
  expect '.equal' true
  expect '.held.sales' 300
  expect '.held.net' 2322563
  expect '.held.reversals' 8
  expect '.held.tenders == .expected.tenders and .held.refunds == .expected.refunds' true
  expect '.held.tenders.wechat' 1258534
  expect_nothing_left
done
passed
