// What databases give for what was meant: numbers as floats, dates as text or numbers, NULLs, GBK.
#include "pos_adapter/journal/database/row_shape.h"

#include "pos_adapter/journal/database/query.h"
#include "tests/pos_adapter/journal/database/table.h"

namespace tillside::journal::testing {
namespace {

const StoreZone& shanghai() {
  static const StoreZone zone("Asia/Shanghai", {{Instant{-4'000'000'000'000}, 8 * 3600}});
  return zone;
}

struct Given {
  std::vector<Column> columns;
  Cells cells;
  Mapping mapping = default_mapping();
};

Result<Checkout> read(const Given& given) {
  Defaults fallback = defaults();
  fallback.zone = &shanghai();
  auto shape = RowShape::of(given.columns, given.mapping, "id", MarkKind::integer);
  if (!shape.ok()) return shape.error();
  auto row = shape->row(given.cells, shanghai());
  if (!row.ok()) return row.error();
  TicketRows ticket;
  ticket.rows.push_back(std::move(row->row));
  return shape->checkout(ticket, fallback);
}

Result<Checkout> with(const std::string& column, ColumnKind kind, std::optional<std::string> value,
                      const std::string& mapping = "") {
  Given given{{{"id", ColumnKind::number}, {"ticket", ColumnKind::text}, {"unit_price", ColumnKind::number}},
              {"1", "A7", "2.50"}};
  if (column == "ticket") {
    given.columns[1].kind = kind;
    given.cells[1] = std::move(value);
  } else {
    given.columns.push_back({column, kind});
    given.cells.push_back(std::move(value));
  }
  if (!mapping.empty()) given.mapping = *parse_mapping(mapping);
  return read(given);
}

TEST(RowShape, NumbersAsDecimalsAndFloats) {
  EXPECT_EQ(with("ticket", ColumnKind::number, "451.0000")->checkout_id, "451");
  EXPECT_EQ(with("ticket", ColumnKind::number, "451.0000")->sequence, 451);
  EXPECT_EQ(with("ticket", ColumnKind::number, "4.51e2")->sequence, 451);
  EXPECT_EQ(with("sequence", ColumnKind::number, "12.0")->sequence, 12);
  EXPECT_EQ(with("sku", ColumnKind::text, "12.0")->lines[0].sku, "12.0") << "a text is what it says";
  EXPECT_EQ(with("amount", ColumnKind::number, "28.325300000000002")->lines[0].amount, 2833);
  EXPECT_TRUE(with("amount", ColumnKind::number, "28.325300000000002")->decimals_rounded);
  EXPECT_FALSE(with("amount", ColumnKind::number, "28.3200")->decimals_rounded);
  EXPECT_EQ(with("amount", ColumnKind::text, " 28.32 ")->lines[0].amount, 2832) << "a number kept as text";
  EXPECT_EQ(with("quantity", ColumnKind::number, "1.235")->lines[0].quantity, 1235);
}

TEST(RowShape, MomentsAsDatesTextsAndNumbers) {
  const auto at = [](ColumnKind kind, const std::string& value, const std::string& mapping = "") {
    const auto checkout = with("occurred_at", kind, value, mapping);
    return checkout.ok() ? format_time(checkout->occurred_at, utc()) : checkout.error().field;
  };
  EXPECT_EQ(at(ColumnKind::time, "2026-11-22 09:15:03.120"), "2026-11-22T01:15:03.120+00:00") << "the store's clock";
  EXPECT_EQ(at(ColumnKind::text, "2026-11-22T09:15:03Z"), "2026-11-22T09:15:03+00:00");
  EXPECT_EQ(at(ColumnKind::time, "2026-11-22 09:15:03 +08:00"), "2026-11-22T01:15:03+00:00") << "a zone of its own";
  EXPECT_EQ(at(ColumnKind::number, "1763774103"), "2025-11-22T01:15:03+00:00") << "seconds";
  EXPECT_EQ(at(ColumnKind::number, "1763774103120"), "2025-11-22T01:15:03.120+00:00") << "milliseconds";
  const std::string format =
      "[columns]\nticket = \"ticket\"\noccurred_at = \"occurred_at\"\n[formats]\noccurred_at = \"";
  EXPECT_EQ(at(ColumnKind::text, "22/11/2026 09:15", format + "%d/%m/%Y %H:%M\"\n"), "2026-11-22T01:15:00+00:00");
  EXPECT_EQ(at(ColumnKind::number, "20261122091503", format + "%Y%m%d%H%M%S\"\n"), "2026-11-22T01:15:03+00:00");
  EXPECT_EQ(at(ColumnKind::time, "2026-11-22 09:15:03", format + "%d/%m/%Y %H:%M\"\n"), "2026-11-22T01:15:03+00:00")
      << "a date column tells its form itself";
  EXPECT_EQ(at(ColumnKind::text, "yesterday"), "occurred_at");
}

TEST(RowShape, BusinessDatesAndNulls) {
  EXPECT_EQ(format_date(with("business_date", ColumnKind::time, "2026-11-21 00:00:00")->business_date), "2026-11-21");
  EXPECT_TRUE(with("business_date", ColumnKind::time, std::nullopt)->business_date_assumed);
  EXPECT_EQ(with("quantity", ColumnKind::number, std::nullopt)->lines[0].quantity, 1000) << "as if left out";
  EXPECT_EQ(with("customer", ColumnKind::text, std::nullopt)->customer_ids.size(), 0u);
  const auto nobody = with("ticket", ColumnKind::text, std::nullopt);
  ASSERT_FALSE(nobody.ok());
  EXPECT_EQ(nobody.error().field, "ticket");
}

TEST(RowShape, GbkByItsEncodingAndBytesThatAreNoText) {
  const std::string durian = "\xC1\xF1\xC1\xAB";  // 榴莲
  EXPECT_EQ(with("name", ColumnKind::text, durian, "[file]\nencoding = \"gb18030\"\n")->lines[0].name, "榴莲");
  const auto unread = with("name", ColumnKind::text, durian);
  ASSERT_FALSE(unread.ok());
  EXPECT_EQ(unread.error().code, ErrorCode::invalid_utf8);
  EXPECT_EQ(unread.error().field, "name");
}

TEST(RowShape, OneBadRowSpoilsItsTicketAlone) {
  DoorStory story;
  story.table.put(1, "A1");
  story.table.put(2, "A1", "L1", "dear");
  story.table.put(3, "A2");
  story.table.rows[4] = {"4", std::nullopt, "L1", std::nullopt, "7", "1", "1.00"};
  story.poll();
  story.poll(10'000);
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), std::vector<std::string>{"A2"});
  EXPECT_EQ(story.noted(DatabaseNote::Kind::bad_document), 2) << "each once";
  EXPECT_EQ(story.door->counts().unreadable, 2u);
}

TEST(RowShape, MarksOfBothKinds) {
  EXPECT_EQ(*parse_mark("451.0", MarkKind::integer), 451);
  EXPECT_FALSE(parse_mark("451.5", MarkKind::integer).ok());
  EXPECT_FALSE(parse_mark("", MarkKind::integer).ok());
  const Mark moment = *parse_mark("2026-11-22 09:15:03.12", MarkKind::time);
  EXPECT_EQ(format_mark(moment, MarkKind::time), "2026-11-22 09:15:03.120");
  EXPECT_EQ(format_mark(set_back(moment, 3'600'000), MarkKind::time), "2026-11-22 08:15:03.120");
  EXPECT_EQ(*parse_mark("2026-11-22T09:15:03.120000", MarkKind::time), moment);
  EXPECT_EQ(format_mark(*parse_mark("1969-12-31", MarkKind::time), MarkKind::time), "1969-12-31 00:00:00.000");
  EXPECT_FALSE(parse_mark("soon", MarkKind::time).ok());
}

TEST(Query, OnlyReadsAreLetThrough) {
  const auto ok = [](const std::string& query) { return check_query(query).ok(); };
  EXPECT_TRUE(ok("SELECT id FROM sales WHERE id > ? ORDER BY id"));
  EXPECT_TRUE(
      ok("  -- lines of sales\nselect TOP (500) [update], \"insert\" FROM t WITH (NOLOCK) WHERE id > ? ORDER BY id;"));
  EXPECT_TRUE(
      ok("WITH s AS (SELECT * FROM t) SELECT REPLACE(name, 'DROP ?', '') FROM s WHERE id > ? ORDER BY id LIMIT 9"));
  EXPECT_FALSE(ok("UPDATE sales SET seen = 1 WHERE id > ?"));
  EXPECT_FALSE(ok("SELECT id FROM sales WHERE id > ?; DELETE FROM sales"));
  EXPECT_FALSE(ok("SELECT id FROM sales WHERE id > ? FOR UPDATE"));
  EXPECT_FALSE(ok("WITH gone AS (DELETE FROM sales RETURNING *) SELECT * FROM gone WHERE id > ?"));
  EXPECT_FALSE(ok("SELECT * INTO copy FROM sales WHERE id > ?"));
  EXPECT_FALSE(ok("EXEC lines ?"));
  EXPECT_FALSE(ok("SELECT id FROM sales ORDER BY id")) << "no mark";
  EXPECT_FALSE(ok("SELECT id FROM sales WHERE id > ? AND lane = ?"));
  EXPECT_FALSE(ok(""));
  EXPECT_EQ(check_query("SELECT 1 FROM t WHERE id > ? FOR UPDATE").error().detail, "only reading is allowed: UPDATE");
}

}  // namespace
}  // namespace tillside::journal::testing
