#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "checkout_samples.h"

namespace tillside {
namespace {

// Any text of any bytes that is valid UTF-8, with what JSON must escape among it.
rc::Gen<std::string> any_text() {
  static const std::vector<std::string> kPieces = {
      "a",    "Z",    "0", " ",  "\"", "\\", "/",      "\n",     "\t",    std::string(1, '\0'),
      "\x1f", "\x7f", "é", "榴", "莲", "🍈",  "\u2028", "\uFFFD", "\uD7FF"};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kPieces)),
                      [](const auto& pieces) {
                        std::string text;
                        for (const auto& piece : pieces) text += piece;
                        return text;
                      });
}

rc::Gen<Minor> any_amount() { return rc::gen::inRange<Minor>(-kMaxAmount, kMaxAmount + 1); }

template <class Enum>
Enum any_enum(Enum first, Enum last) {
  return static_cast<Enum>(*rc::gen::inRange(static_cast<int>(first), static_cast<int>(last) + 1));
}

LocalDate any_date() { return {*rc::gen::inRange(-719'161, 2'932'896)}; }
std::int64_t any_count() { return *rc::gen::inRange<std::int64_t>(0, (std::int64_t{1} << 53)); }

OriginalRef any_original() {
  OriginalRef original;
  original.checkout_id = *any_text();
  original.store_id = *any_text();
  original.lane_id = *any_text();
  if (*rc::gen::arbitrary<bool>()) original.business_date = any_date();
  original.series = any_count();
  original.sequence = any_count();
  original.identity = *any_text();
  return original;
}

Line any_line() {
  Line line;
  line.line_no = *rc::gen::inRange(0, 1'000'001);
  line.sku = *any_text();
  line.name = *any_text();
  line.category = *any_text();
  line.kind = any_enum(LineKind::sale, LineKind::fee);
  line.quantity = *rc::gen::inRange<Thousandths>(-kMaxQuantity, kMaxQuantity + 1);
  line.unit = *any_text();
  line.unit_price = *any_amount();
  line.amount = *any_amount();
  line.discount = *any_amount();
  if (*rc::gen::arbitrary<bool>()) line.original = LineOriginal{{}, *rc::gen::inRange(0, 1'000'001)};
  if (*rc::gen::arbitrary<bool>()) line.original = LineOriginal{any_original(), 0};
  return line;
}

Checkout any_checkout() {
  Checkout checkout;
  checkout.checkout_id = *any_text();
  checkout.state = any_enum(CheckoutState::total, CheckoutState::day_close);
  checkout.store_id = "0123";
  checkout.lane_id = *any_text();
  checkout.business_date = any_date();
  checkout.series = any_count();
  checkout.sequence = any_count();
  checkout.occurred_at = Instant{*rc::gen::inRange<std::int64_t>(-60'000 * kDay, 2'000'000 * kDay)};
  checkout.occurred_at_text = *any_text();
  checkout.operator_id = *any_text();
  checkout.guide_id = *any_text();
  checkout.training = *rc::gen::arbitrary<bool>();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    checkout.customer_ids.push_back(
        {any_enum(IdType::phone, IdType::external_userid), "x" + *any_text(), any_enum(Proof::named, Proof::paid)});
  checkout.currency = *currency_of(*rc::gen::element("CNY", "JPY", "KWD", "CLF"));
  checkout.prices_include_tax = *rc::gen::arbitrary<bool>();
  for (int i = *rc::gen::inRange(0, 5); i > 0; --i) checkout.lines.push_back(any_line());
  checkout.totals = {*any_amount(), *any_amount(), *any_amount(), *any_amount()};
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    checkout.tenders.push_back({any_enum(TenderType::cash, TenderType::other), *any_amount()});
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) checkout.coupons.push_back(*any_text());
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    checkout.applied_discounts.push_back({*any_text(), *rc::gen::inRange(0, 1'000'001), *any_amount()});
  checkout.showing_id = *any_text();
  if (*rc::gen::arbitrary<bool>()) checkout.original = any_original();
  checkout.source = {*any_text(), *any_text(), any_enum(Confidence::exact, Confidence::parsed)};
  checkout.decimals_rounded = *rc::gen::arbitrary<bool>();
  checkout.business_date_assumed = *rc::gen::arbitrary<bool>();
  return checkout;
}

TEST(CheckoutRoundTrip, WhatIsWrittenIsReadBackWhole) {
  CheckoutReader reader;
  const StoreZone shanghai, west("Test/West", {{Instant{0}, -(9 * 3600 + 1800)}});
  EXPECT_TRUE(rc::check([&] {
    const Checkout checkout = any_checkout();
    for (const StoreZone* zone : {&shanghai, &west}) {
      auto defaults = usual_defaults();
      defaults.zone = zone;
      const std::string json = write_checkout(checkout, *zone);
      const auto back = reader.read(json, defaults);
      RC_ASSERT(back.ok());
      RC_ASSERT(write_checkout(*back, *zone) == json);
      RC_ASSERT(content_digest(*back, {}) == content_digest(checkout, {}));
      RC_ASSERT(identity_of(*back, 0, 0) == identity_of(checkout, 0, 0));
      RC_ASSERT(back->occurred_at == checkout.occurred_at);
      RC_ASSERT(back->occurred_at_text == checkout.occurred_at_text);
      RC_ASSERT(back->showing_id == checkout.showing_id);
      RC_ASSERT(back->source.pos == checkout.source.pos);
      RC_ASSERT(back->source.confidence == checkout.source.confidence);
      RC_ASSERT(back->decimals_rounded == checkout.decimals_rounded);
      RC_ASSERT(back->business_date_assumed == checkout.business_date_assumed);
      RC_ASSERT(back->unknown_fields == 0u);
    }
  }));
}

TEST(CheckoutRoundTrip, ReadingDamagedDocumentsNeverCrashesAndOnlyTakesWhatRoundTrips) {
  CheckoutReader reader;
  EXPECT_TRUE(rc::check([&] {
    std::string json = kContractDocument;
    for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, json.size());
      json[at] = *rc::gen::element('"', '{', '}', '[', ']', ',', ':', '0', '-', '.', 'e', '\\', 'n', ' ', '\xE6', '\0');
    }
    const auto checkout = reader.read(json, usual_defaults());
    if (!checkout) return;
    const auto back = reader.read(write_checkout(*checkout, StoreZone{}), usual_defaults());
    RC_ASSERT(back.ok());
    RC_ASSERT(content_digest(*back, {}) == content_digest(*checkout, {}));
  }));
}

TEST(JsonStrings, ReplaceWhatIsNoUtf8) {
  const auto written = [](std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
  };
  EXPECT_EQ(written("a\"b\\c\n\r\t\x01"), R"("a\"b\\c\n\r\t\u0001")");
  EXPECT_EQ(written("榴莲🍈"), "\"榴莲🍈\"");
  EXPECT_EQ(written("a\xFFz"), "\"a\uFFFDz\"");
  EXPECT_EQ(written("\xC0\xAF"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xED\xA0\x80"), "\"\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xE6\xA6"), "\"\uFFFD\uFFFD\"");
  EXPECT_EQ(written("\xF4\x90\x80\x80"), "\"\uFFFD\uFFFD\uFFFD\uFFFD\"");
  EXPECT_EQ(written(std::string_view("\0", 1)), "\"\\u0000\"");
}

}  // namespace
}  // namespace tillside
