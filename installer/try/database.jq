# A document as the fruit shop's POS writes it into its database: one transaction a bill, a row an article, a row a payment.
def text: if . == null then "NULL" else "'" + (tostring | gsub("'"; "''")) + "'" end;
def money: . / 100 | tostring;
def article: "\(.sku | text), \(.name | text), \(.category | text), \(.unit | text), \(.quantity), \(.unit_price | money), \(.amount | money), \(.discount | money), NULL, NULL";
def payment: "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, \(.type | text), \(.amount | money)";

select(.lines and (.lines | length > 0))
| . as $bill
| "BEGIN;",
  "INSERT INTO bill VALUES (\(.checkout_id | text), \(.lane_id | text), \(.sequence), \(.business_date | text), \(.occurred_at[0:19] | sub("T"; " ") | text), \(.operator_id | text), \(.guide_id | text), \([.customer.ids[]? | select(.type == "phone") | .value][0] | text), \(.state | text), \(.original.checkout_id | text));",
  ((.lines[] | article), (.tenders[]? | payment) | "INSERT INTO bill_row (bill_no, article, name, category, unit, quantity, price, amount, discount, paid_by, paid) VALUES (\($bill.checkout_id | text), \(.));"),
  "COMMIT;"
