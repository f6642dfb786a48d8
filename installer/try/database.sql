-- A POS's database as many a shop has one: bills, and rows of articles and payments in the order they were rung up.
PRAGMA journal_mode = WAL; -- who reads keeps nobody from writing
CREATE TABLE bill (
  bill_no TEXT PRIMARY KEY, lane TEXT NOT NULL, number INTEGER NOT NULL, day TEXT NOT NULL, sold_at TEXT NOT NULL,
  cashier TEXT, guide TEXT, member_phone TEXT, status TEXT NOT NULL, original_bill TEXT);
CREATE TABLE bill_row (
  id INTEGER PRIMARY KEY, bill_no TEXT NOT NULL REFERENCES bill, article TEXT, name TEXT, category TEXT, unit TEXT,
  quantity REAL, price NUMERIC, amount NUMERIC, discount NUMERIC, paid_by TEXT, paid NUMERIC);
