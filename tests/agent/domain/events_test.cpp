// Events: what the writer writes stands in docs/events.md to the byte, the reader reads it back whole, and what is
// wrong with an event is named.
#include "agent/domain/events.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

constexpr Instant kMorning{1795310103120};  // 2026-11-22T09:15:03.120+08:00

Line line_of(std::string sku, Thousandths quantity, Minor unit_price, Minor amount) {
  Line line;
  line.sku = std::move(sku);
  line.quantity = quantity;
  line.unit_price = unit_price;
  line.amount = amount;
  return line;
}

Checkout morning_sale() {
  Checkout checkout;
  checkout.checkout_id = "0123-L2-20261122-000451";
  checkout.store_id = "0123";
  checkout.lane_id = "L2";
  checkout.business_date = date_of(2026, 11, 22);
  checkout.sequence = 451;
  checkout.occurred_at = kMorning;
  checkout.operator_id = "E1007";
  checkout.guide_id = "E2033";
  checkout.currency = *currency_of("CNY");
  checkout.lines = {line_of("6901234567892", 1000, 1500, 1500), line_of("20011", 1235, 1990, 2458)};
  checkout.totals = {3958, 0, 0, 3958};
  checkout.tenders = {{TenderType::wechat, 3958}};
  return checkout;
}

// Everything an event of a checkout can say. Owns what the facts point to.
struct Told {
  Checkout checkout = morning_sale();
  std::vector<HashedId> ids;
  std::vector<Flag> flags;
  std::vector<CouponFact> coupons;
  std::vector<RevokedCoupon> revoked;
  std::vector<RedeemedCoupon> redeemed;
  std::vector<UnapprovedCoupon> unapproved;
  std::vector<ClawedBack> clawed_back;
  std::vector<PendingCoupon> pending;
  std::vector<ReplacementFact> replacements;
  Minor collected = 0;
  std::string identity, original;
  std::int64_t series = 0;
  VerdictStatus verdict = VerdictStatus::unidentified;
  bool here = false;
  std::optional<ShowingFact> showing;

  std::string as(EventKind kind) const {
    CheckoutFacts facts;
    facts.checkout = &checkout;
    facts.series = series;
    facts.identity = identity;
    facts.home_store_id = "0123";
    facts.ids = ids;
    facts.verdict = verdict;
    facts.here = here;
    facts.flags = flags;
    facts.showing = showing;
    facts.coupons = coupons;
    facts.revoked = revoked;
    facts.redeemed = redeemed;
    facts.unapproved = unapproved;
    facts.clawed_back = clawed_back;
    facts.pending = pending;
    facts.replacements = replacements;
    facts.collected = collected;
    facts.original_identity = original;
    std::string out;
    append_checkout_event(out, kind, facts);
    return out;
  }
};

IdHash some_hash(std::uint8_t first) {
  IdHash hash{};
  for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<std::uint8_t>(first + i);
  return hash;
}

Told sale_of_a_member() {
  Told told;
  told.ids = {{IdType::phone, Proof::named, some_hash(0x10)}};
  told.verdict = VerdictStatus::member;
  told.here = true;
  told.showing = ShowingFact{4711, code_minutes(kMorning), 33, false};
  told.coupons = {{2, 1201, 70001, code_minutes(kMorning), 33, 90210}};
  return told;
}

Told odd_sale() {
  Told told;
  told.series = 1;
  told.checkout.store_id = "0456";
  told.checkout.checkout_id.clear();
  told.checkout.prices_include_tax = false;
  Line durian = line_of("", 2000, 1000, 1900);
  durian.name = "榴莲";
  Line cut = line_of("20011", 1000, 500, 500);
  cut.discount = 100;
  Line back = line_of("6901234567892", 1000, 1500, -1500);
  back.kind = LineKind::returned;
  told.checkout.lines = {durian, cut, back};
  told.checkout.totals = {900, 150, 60, 810};
  told.checkout.tenders = {{TenderType::cash, 800}, {TenderType::alipay, 10}};
  told.checkout.applied_discounts = {{"MEMBER-DAY", 2, 100}, {"ROUND", 0, 50}};
  told.checkout.source.confidence = Confidence::parsed;
  told.ids = {{IdType::card, Proof::scanned, some_hash(0x20)}, {IdType::unionid, Proof::paid, some_hash(0x40)}};
  told.verdict = VerdictStatus::not_member;
  told.flags = {Flag::totals_do_not_add_up, Flag::other_store};
  return told;
}

Told sale_that_redeems() {
  Told told;
  told.redeemed = {{{17, 2}, 451, 70001, 2000, std::nullopt}, {{18, 0}, 9, 70002, 500, some_hash(0x10)}};
  told.unapproved = {{"000110000001c2", "spent", 2000}, {"", "not_a_code", 0}};
  return told;
}

Told sale_without_a_number() {
  Told told;
  told.checkout.sequence = 0;
  told.identity = "0123:L2:20261122:id:0123-L2-20261122-000451:completed";
  return told;
}

Told nothing_sold() {
  Told told;
  told.checkout.lines.clear();
  told.checkout.totals = {};
  told.checkout.tenders.clear();
  return told;
}

Told void_of_the_sale() {
  Told told;
  told.checkout.state = CheckoutState::voided;
  told.checkout.checkout_id = "0123-L2-20261122-000452";
  told.checkout.sequence = 452;
  told.checkout.lines = {line_of("6901234567892", -1000, 1500, -1500)};
  told.checkout.lines[0].kind = LineKind::returned;
  told.checkout.totals = {-1500, 0, 0, -1500};
  told.checkout.tenders = {{TenderType::wechat, -1500}};
  told.original = "0123:L2:20261122:0:451:completed";
  told.revoked = {{2, 1201, 70001}};
  return told;
}

Told return_with_everything() {
  Told told = void_of_the_sale();
  told.checkout.state = CheckoutState::returned;
  told.checkout.checkout_id.clear();
  told.checkout.sequence = 453;
  told.revoked.clear();
  told.clawed_back = {{17, 2, 1202, 70001, 2000}};
  told.collected = 2500;
  told.pending = {{17, 1, 88, 70002, 500, "withheld"}};
  told.replacements = {{{2, 1203, 70003, code_minutes(kMorning) + 1, 33, 0}, 21, 4, 900}};
  return told;
}

Told signing_on() {
  Told told = nothing_sold();
  told.checkout.state = CheckoutState::sign_on;
  told.checkout.checkout_id.clear();
  told.checkout.sequence = 1;
  told.checkout.guide_id.clear();
  return told;
}

const std::map<std::string, std::string>& written() {
  static const std::map<std::string, std::string> all = [] {
    std::map<std::string, std::string> made;
    made["checkout of a member"] = sale_of_a_member().as(EventKind::checkout);
    made["checkout with everything odd"] = odd_sale().as(EventKind::checkout);
    made["checkout that redeems"] = sale_that_redeems().as(EventKind::checkout);
    made["checkout without a number"] = sale_without_a_number().as(EventKind::checkout);
    made["checkout worth nothing"] = nothing_sold().as(EventKind::checkout);
    made["reversal"] = void_of_the_sale().as(EventKind::reversal);
    made["return with everything"] = return_with_everything().as(EventKind::reversal);
    made["lane"] = signing_on().as(EventKind::lane);
    made["conflict"] = sale_of_a_member().as(EventKind::conflict);
    append_showing_event(made["showing"], "L2", date_of(2026, 11, 22), {4712, code_minutes(kMorning), 33, true},
                         VerdictStatus::not_member);
    append_prompt_event(made["prompt"], 4712, "declined", kMorning, "E1007");
    const RevokedCoupon coupon{2, 1201, 70001};
    append_revoked_event(made["revoked"], "0123:L2:20261122:0:451:completed", "not_printed", {&coupon, 1});
    const ReturnedUnits returned{70001, 53};
    append_returned_event(made["units given back"], {&returned, 1});
    append_incident_event(made["incident"], "database_set_aside", "tillside.db.damaged-1", kMorning);
    const YieldFact yielded[] = {{17, 2, 451, Yielding::gone}, {17, 2, 452, Yielding::spent}};
    append_yield_event(made["yield"], yielded, kMorning);
    append_hand_over_event(made["hand_over"], {"L2", date_of(2026, 11, 22), kMorning, "E1007"},
                           {{0, 0}, 7, 70003, 1500, std::nullopt});
    return made;
  }();
  return all;
}

std::map<std::string, std::string> examples_of_the_page() {
  std::ifstream file(TILLSIDE_SOURCE_DIR "/docs/events.md");
  std::stringstream content;
  content << file.rdbuf();
  const std::string page = content.str(), open = "<!-- event: ", middle = " -->\n```json\n", close = "\n```";
  std::map<std::string, std::string> found;
  for (auto at = page.find(open); at != page.npos; at = page.find(open, at + 1)) {
    const auto name_end = page.find(middle, at), begin = name_end + middle.size();
    found[page.substr(at + open.size(), name_end - at - open.size())] =
        page.substr(begin, page.find(close, begin) - begin);
  }
  return found;
}

Result<EventView> read(std::string text) {
  const std::size_t size = text.size();
  text.resize(size + 64, ' ');
  EventReader reader;
  return reader.read_padded(std::string_view(text).substr(0, size));
}

EventView read_well(const std::string& text) {
  auto event = read(text);
  EXPECT_TRUE(event.ok()) << text << "\n" << (event ? "" : event.error().field);
  return event ? *event : EventView{};
}

// "code field" of the refusal, or "read".
std::string refusal(const std::string& text) {
  const auto event = read(text);
  return event ? "read" : std::string(name_of(event.error().code)) + " " + event.error().field;
}

TEST(EventsPage, ShowsWhatTheWriterWrites) { EXPECT_EQ(examples_of_the_page(), written()); }

TEST(EventsPage, HasAnExampleOfEachKind) {
  for (int i = 0; i <= static_cast<int>(EventKind::hand_over); ++i) {
    const std::string kind = name_of(static_cast<EventKind>(i));
    EXPECT_TRUE(std::ranges::any_of(examples_of_the_page(), [&](const auto& example) {
      return example.second.starts_with("{\"e\":\"" + kind + "\"");
    })) << kind;
  }
}

TEST(Events, WhatHomeSaysOfWantedCouponsIsReadBack) {
  const EventView event = read_well(R"({"e":"yield","t":9,"y":[[17,2,451,0],[17,2,4294967295,2]]})");
  EXPECT_EQ(event.kind, EventKind::yield);
  ASSERT_EQ(event.yielded.size(), 2u);
  EXPECT_EQ(event.yielded[0].till, 17u);
  EXPECT_EQ(event.yielded[0].generation, 2);
  EXPECT_EQ(event.yielded[0].serial, 451u);
  EXPECT_EQ(event.yielded[0].what, Yielding::gone);
  EXPECT_EQ(event.yielded[1].what, Yielding::held);
  EXPECT_EQ(refusal(R"({"e":"yield","y":[[17,2,451,3]]})"), "unknown_value y");
  EXPECT_EQ(refusal(R"({"e":"yield","y":[[17,16,451,0]]})"), "out_of_range y");
  EXPECT_EQ(refusal(R"({"e":"yield","y":[["17"]]})"), "wrong_type y");
}

TEST(Events, AHandOverTellsItsVoucher) {
  const auto event = read_well(written().at("hand_over"));
  EXPECT_EQ(event.kind, EventKind::hand_over);
  EXPECT_EQ(event.operator_id, "E1007");
  ASSERT_EQ(event.redeemed.size(), 1u);
  EXPECT_EQ(event.redeemed[0].value, 1500);
  EXPECT_EQ(event.redeemed[0].key.till, 0u);
}

TEST(Events, KindsHaveNamesAndBack) {
  for (int i = 0; i <= static_cast<int>(EventKind::hand_over); ++i) {
    const auto kind = static_cast<EventKind>(i);
    EXPECT_EQ(event_kind_of(name_of(kind)), kind);
  }
  EXPECT_EQ(event_kind_of("checkouts"), std::nullopt);
  EXPECT_EQ(event_kind_of(""), std::nullopt);
}

TEST(Events, ASaleComesBackWhole) {
  const EventView event = read_well(written().at("checkout of a member"));
  EXPECT_EQ(event.kind, EventKind::checkout);
  EXPECT_EQ(event.state, CheckoutState::completed);
  EXPECT_EQ(event.store_id, "");
  EXPECT_EQ(event.lane_id, "L2");
  EXPECT_EQ(event.date, date_of(2026, 11, 22));
  EXPECT_EQ(event.series, 0);
  EXPECT_EQ(event.sequence, 451);
  EXPECT_EQ(event.checkout_id, "0123-L2-20261122-000451");
  EXPECT_EQ(event.at, kMorning);
  EXPECT_EQ(event.operator_id, "E1007");
  EXPECT_EQ(event.guide_id, "E2033");
  EXPECT_EQ(event.currency, "CNY");
  EXPECT_EQ(event.net, 3958);
  EXPECT_EQ(event.lines, 2u);
  EXPECT_TRUE(event.sale);
  EXPECT_FALSE(event.training);
  EXPECT_EQ(event.verdict, VerdictStatus::member);
  EXPECT_TRUE(event.here);
  EXPECT_EQ(identity_of(event, "0123"), "0123:L2:20261122:0:451:completed");
}

TEST(Events, CustomersShowingsAndCouponsComeBack) {
  const EventView event = read_well(written().at("checkout of a member"));
  ASSERT_EQ(event.ids.size(), 1u);
  EXPECT_EQ(event.ids[0].type, IdType::phone);
  EXPECT_EQ(event.ids[0].proof, Proof::named);
  EXPECT_EQ(event.ids[0].hash, some_hash(0x10));
  ASSERT_TRUE(event.showing.has_value());
  EXPECT_EQ(event.showing->ordinal, 4711u);
  EXPECT_EQ(event.showing->staff, 33);
  EXPECT_EQ(event.showing->minute, code_minutes(kMorning));
  EXPECT_FALSE(event.showing->join_shown);
  ASSERT_EQ(event.coupons.size(), 1u);
  const CouponFact& coupon = event.coupons[0];
  EXPECT_EQ(coupon.generation, 2);
  EXPECT_EQ(coupon.serial, 1201u);
  EXPECT_EQ(coupon.campaign, 70001u);
  EXPECT_EQ(coupon.minute, code_minutes(kMorning));
  EXPECT_EQ(coupon.staff, 33);
  EXPECT_EQ(coupon.person, 90210u);
}

TEST(Events, WhatIsOddComesBackToo) {
  const EventView event = read_well(written().at("checkout with everything odd"));
  EXPECT_TRUE(event.cash);
  EXPECT_FALSE(read_well(written().at("checkout of a member")).cash);
  EXPECT_TRUE(read_well(R"({"e":"checkout","l":"L1","d":20261122,"n":1,"P":"cash"})").cash);
  EXPECT_EQ(event.store_id, "0456");
  EXPECT_EQ(event.series, 1);
  EXPECT_EQ(event.net, 810);
  EXPECT_EQ(event.lines, 3u);
  EXPECT_EQ(event.verdict, VerdictStatus::not_member);
  EXPECT_FALSE(event.here);
  ASSERT_EQ(event.ids.size(), 2u);
  EXPECT_EQ(event.ids[1].type, IdType::unionid);
  EXPECT_EQ(event.ids[1].proof, Proof::paid);
  EXPECT_EQ(event.flags, (std::vector<std::string>{"totals_do_not_add_up", "other_store"}));
  EXPECT_EQ(identity_of(event, "0123"), "0456:L2:20261122:1:451:completed");
}

TEST(Events, WhatWasRedeemedAndWhatWasNotComesBack) {
  const EventView event = read_well(written().at("checkout that redeems"));
  ASSERT_EQ(event.redeemed.size(), 2u);
  EXPECT_EQ(event.redeemed[0].key, (KeyId{17, 2}));
  EXPECT_EQ(event.redeemed[0].serial, 451u);
  EXPECT_EQ(event.redeemed[0].campaign, 70001u);
  EXPECT_EQ(event.redeemed[0].value, 2000);
  EXPECT_FALSE(event.redeemed[0].rid.has_value());
  EXPECT_EQ(event.redeemed[1].rid, std::optional(some_hash(0x10)));
  ASSERT_EQ(event.unapproved.size(), 2u);
  EXPECT_EQ(event.unapproved[0].id, "000110000001c2");
  EXPECT_EQ(event.unapproved[0].reason, "spent");
  EXPECT_EQ(event.unapproved[0].applied, 2000);
  EXPECT_EQ(event.unapproved[1].id, "");
}

TEST(Events, WithoutANumberTheIdentityTravels) {
  const EventView event = read_well(written().at("checkout without a number"));
  EXPECT_EQ(event.sequence, 0);
  EXPECT_EQ(identity_of(event, "0123"), "0123:L2:20261122:id:0123-L2-20261122-000451:completed");
}

TEST(Events, BenefitsAdvisedAndTakenOffAreSummed) {
  Checkout checkout = morning_sale();
  checkout.applied_discounts = {{"B7", 1, 300}, {"B8", 0, 50}, {"ROUND", 0, 9}};
  const std::vector<AppliedDiscount> advised{{"B7", 1, 300}, {"B8", 2, 60}};
  CheckoutFacts facts;
  facts.checkout = &checkout;
  facts.home_store_id = "0123";
  facts.advised = advised;
  std::string event;
  append_checkout_event(event, EventKind::checkout, facts);
  EXPECT_NE(event.find(R"("ad":[["B7",1,300],["B8",0,50],["ROUND",0,9]],"av":[["B7",1,300],["B8",2,60]])"),
            std::string::npos)
      << event;
  const EventView told = read_well(event);
  EXPECT_EQ(told.advised_off, 360);
  EXPECT_EQ(told.applied_off, 350);

  checkout.applied_discounts.clear();
  facts.inferred_off = 0;
  event.clear();
  append_checkout_event(event, EventKind::checkout, facts);
  EXPECT_NE(event.find(R"("av":[["B7",1,300],["B8",2,60]],"ai":0)"), std::string::npos) << event;
  EXPECT_EQ(read_well(event).applied_off, 0);
}

TEST(Events, OnlyASaleOfWorthIsASale) {
  EXPECT_FALSE(read_well(written().at("checkout worth nothing")).sale);
  EXPECT_FALSE(read_well(written().at("reversal")).sale);
  EXPECT_FALSE(read_well(written().at("conflict")).sale);
  Told training = sale_of_a_member();
  training.checkout.training = true;
  const EventView event = read_well(training.as(EventKind::checkout));
  EXPECT_TRUE(event.training);
  EXPECT_FALSE(event.sale);
}

TEST(Events, AReversalNamesWhatItReversedAndRevoked) {
  const EventView event = read_well(written().at("reversal"));
  EXPECT_EQ(event.kind, EventKind::reversal);
  EXPECT_EQ(event.state, CheckoutState::voided);
  EXPECT_EQ(event.net, -1500);
  EXPECT_EQ(event.original_identity, "0123:L2:20261122:0:451:completed");
  ASSERT_EQ(event.revoked.size(), 1u);
  EXPECT_EQ(event.revoked[0].generation, 2);
  EXPECT_EQ(event.revoked[0].serial, 1201u);
  EXPECT_EQ(event.revoked[0].campaign, 70001u);
  EXPECT_EQ(identity_of(event, "0123"), "0123:L2:20261122:0:452:voided");
}

TEST(EventReader, ReadsWhatAReturnDidToCoupons) {
  const EventView event = read_well(written().at("return with everything"));
  EXPECT_EQ(event.collected, 2500);
  ASSERT_EQ(event.clawed_back.size(), 1u);
  EXPECT_EQ(event.clawed_back[0].till, 17u);
  EXPECT_EQ(event.clawed_back[0].generation, 2);
  EXPECT_EQ(event.clawed_back[0].serial, 1202u);
  EXPECT_EQ(event.clawed_back[0].value, 2000);
  ASSERT_EQ(event.pending.size(), 1u);
  EXPECT_EQ(event.pending[0].campaign, 70002u);
  EXPECT_EQ(event.pending[0].reason, "withheld");
  ASSERT_EQ(event.replacements.size(), 1u);
  EXPECT_EQ(event.replacements[0].coupon.serial, 1203u);
  EXPECT_EQ(event.replacements[0].coupon.minute, code_minutes(kMorning) + 1);
  EXPECT_EQ(event.replacements[0].till, 21u);
  EXPECT_EQ(event.replacements[0].serial, 900u);
  const std::string head = R"({"e":"reversal","l":"L2","d":20261122,"n":1,)";
  EXPECT_EQ(refusal(head + R"("cb":[[1048576,0,1,1,1]]})"), "out_of_range cb");
  EXPECT_EQ(refusal(head + R"("pe":[[1,16,1,1,1,"x"]]})"), "out_of_range pe");
  EXPECT_EQ(refusal(head + R"("pe":[[1,1,1,1,1,7]]})"), "wrong_type pe");
  EXPECT_EQ(refusal(head + R"("rp":[[1,1,1,1,0,0,0,0,-1]]})"), "out_of_range rp");
}

TEST(Events, SmallKindsComeBack) {
  const EventView lane = read_well(written().at("lane"));
  EXPECT_EQ(lane.kind, EventKind::lane);
  EXPECT_EQ(lane.state, CheckoutState::sign_on);
  EXPECT_EQ(lane.lines, 0u);

  const EventView showing = read_well(written().at("showing"));
  ASSERT_TRUE(showing.showing.has_value());
  EXPECT_EQ(showing.showing->minute, code_minutes(kMorning));
  EXPECT_TRUE(showing.showing->join_shown);
  EXPECT_EQ(showing.verdict, VerdictStatus::not_member);

  const EventView prompt = read_well(written().at("prompt"));
  EXPECT_EQ(prompt.prompt_ordinal, 4712u);
  EXPECT_EQ(prompt.what, "declined");
  EXPECT_EQ(prompt.operator_id, "E1007");
  EXPECT_EQ(prompt.at, kMorning);

  const EventView revoked = read_well(written().at("revoked"));
  EXPECT_EQ(revoked.original_identity, "0123:L2:20261122:0:451:completed");
  EXPECT_EQ(revoked.what, "not_printed");
  EXPECT_EQ(revoked.revoked.size(), 1u);

  const EventView returned = read_well(written().at("units given back"));
  ASSERT_EQ(returned.returned_units.size(), 1u);
  EXPECT_EQ(returned.returned_units[0].campaign, 70001u);
  EXPECT_EQ(returned.returned_units[0].units, 53);
  EXPECT_TRUE(returned.revoked.empty());

  const EventView incident = read_well(written().at("incident"));
  EXPECT_EQ(incident.what, "database_set_aside");
  EXPECT_EQ(incident.detail, "tillside.db.damaged-1");
}

TEST(Events, HoldNoRawIdentifierAndNoNewline) {
  Told told = sale_of_a_member();
  told.checkout.customer_ids = {{IdType::phone, "13800138000", Proof::named}};
  told.checkout.lines[0].name = "two\nlines";
  const std::string event = told.as(EventKind::checkout);
  EXPECT_EQ(event.find("13800138000"), event.npos);
  for (const auto& [name, text] : written()) EXPECT_EQ(text.find('\n'), text.npos) << name;
}

// Every byte crosses a shop's uplink: what these say before compression may not grow unnoticed.
TEST(Events, StaySmall) {
  EXPECT_LE(written().at("checkout of a member").size(), 320u);
  EXPECT_LE(written().at("lane").size(), 110u);
  EXPECT_LE(written().at("showing").size(), 80u);
  EXPECT_LE(written().at("prompt").size(), 80u);
}

TEST(Events, EveryLargestNumberComesBack) {
  Told told = sale_of_a_member();
  told.showing = ShowingFact{(1u << 22) - 1, 0xFFFFFF, 0xFFFF, true};
  told.coupons = {{15, 0xFFFFFFFF, 0xFFFFFF, 0xFFFFFF, 0xFFFF, 0xFFFFFFFF}};
  told.revoked = {{15, 0xFFFFFFFF, 0xFFFFFF}};
  told.checkout.sequence = (std::int64_t{1} << 53) - 1;
  const EventView event = read_well(told.as(EventKind::checkout));
  ASSERT_EQ(event.coupons.size(), 1u);
  EXPECT_EQ(event.coupons[0].serial, 0xFFFFFFFF);
  EXPECT_EQ(event.coupons[0].minute, 0xFFFFFFu);
  EXPECT_EQ(event.coupons[0].person, 0xFFFFFFFF);
  ASSERT_EQ(event.revoked.size(), 1u);
  EXPECT_EQ(event.revoked[0].generation, 15);
  ASSERT_TRUE(event.showing.has_value());
  EXPECT_EQ(event.showing->ordinal, (1u << 22) - 1);
  EXPECT_EQ(event.sequence, (std::int64_t{1} << 53) - 1);
}

TEST(BadEvents, NumbersBeyondTheirFieldsAreNamed) {
  const std::string place = R"({"e":"checkout","l":"L1","d":20261122,"n":1,)";
  EXPECT_EQ(refusal(place + R"("sh":[4194304,1,1,0]})"), "out_of_range sh");
  EXPECT_EQ(refusal(place + R"("sh":[1,65536,1,0]})"), "out_of_range sh");
  EXPECT_EQ(refusal(place + R"("sh":[1,1,1,-1]})"), "out_of_range sh");
  EXPECT_EQ(refusal(place + R"("k":[[4294967296,1,1,1,0,0]]})"), "out_of_range k");
  EXPECT_EQ(refusal(place + R"("k":[[1,16777216,1,1,0,0]]})"), "out_of_range k");
  EXPECT_EQ(refusal(place + R"("k":[[1,1,1,16,0,0]]})"), "out_of_range k");
  EXPECT_EQ(refusal(place + R"("k":[[-1,1,1,1,0,0]]})"), "out_of_range k");
  EXPECT_EQ(refusal(place + R"("r":[[1,1,16]]})"), "out_of_range r");
  EXPECT_EQ(refusal(place + R"("u":[[1048576,0,1,1,1,""]]})"), "out_of_range u");
  EXPECT_EQ(refusal(place + R"("u":[[1,16,1,1,1,""]]})"), "out_of_range u");
  EXPECT_EQ(refusal(place + R"("u":[[1,0,1,1,-1,""]]})"), "out_of_range u");
  EXPECT_EQ(refusal(place + R"("v":4})"), "unknown_value v");
  EXPECT_EQ(refusal(R"({"e":"prompt","p":4294967296,"what":"asked"})"), "out_of_range p");
  EXPECT_EQ(refusal(place + R"("N":9223372036854775808})"), "wrong_type N");
}

TEST(BadEvents, RowsOfTheWrongShapeAreNamed) {
  const std::string place = R"({"e":"checkout","l":"L1","d":20261122,"n":1,)";
  EXPECT_EQ(refusal(place + R"("sh":"x"})"), "wrong_type sh");
  EXPECT_EQ(refusal(place + R"("k":[1]})"), "wrong_type k");
  EXPECT_EQ(refusal(place + R"("k":[["1"]]})"), "wrong_type k");
  EXPECT_EQ(refusal(place + R"("w":[[1,0]]})"), "wrong_type w");
  EXPECT_EQ(refusal(place + R"("w":[[7,0,"101112131415161718191a1b1c1d1e1f"]]})"), "unknown_value w");
  EXPECT_EQ(refusal(place + R"("w":[[1,3,"101112131415161718191a1b1c1d1e1f"]]})"), "unknown_value w");
  EXPECT_EQ(refusal(place + R"("w":[[1,0,"1011"]]})"), "wrong_type w");
  EXPECT_EQ(refusal(place + R"("u":[[1,0,1,1,1]]})"), "wrong_type u");
  EXPECT_EQ(refusal(place + R"("u":[[1,0,1,1,1,"10"]]})"), "bad_format u");
  EXPECT_EQ(refusal(place + R"("un":[["","spent"]]})"), "wrong_type un");
  EXPECT_EQ(refusal(place + R"("un":[[1,"spent",0]]})"), "wrong_type un");
  EXPECT_EQ(refusal(place + R"("f":[1]})"), "wrong_type f");
  EXPECT_EQ(refusal(place + R"("L":{}})"), "wrong_type L");
  EXPECT_EQ(refusal(R"({"e":"checkout","l":7,"d":20261122,"n":1})"), "wrong_type l");
}

TEST(BadEvents, KindStateAndDateMustBeKnown) {
  EXPECT_EQ(refusal(R"({"e":"weather"})"), "unknown_value e");
  EXPECT_EQ(refusal(R"({"e":3})"), "wrong_type e");
  EXPECT_EQ(refusal(R"({"l":"L1"})"), "missing_field e");
  EXPECT_EQ(refusal(R"({"e":"checkout","st":"sold","l":"L1","d":20261122,"n":1})"), "unknown_value st");
  EXPECT_EQ(refusal(R"({"e":"checkout","l":"L1","d":20261322,"n":1})"), "bad_time d");
  EXPECT_EQ(refusal(R"({"e":"checkout","l":"L1","d":-1,"n":1})"), "bad_time d");
}

TEST(BadEvents, AnEventWithoutAPlaceIsNamed) {
  EXPECT_EQ(refusal(R"({"e":"checkout","d":20261122,"n":1})"), "missing_field l");
  EXPECT_EQ(refusal(R"({"e":"reversal","l":"L1","n":1})"), "missing_field l");
  EXPECT_EQ(refusal(R"({"e":"lane","l":"L1","d":20261122})"), "missing_field l");
}

TEST(BadEvents, WhatIsNoJsonObjectIsSaid) {
  EXPECT_EQ(refusal(""), "bad_json ");
  EXPECT_EQ(refusal("[1]"), "bad_json ");
  EXPECT_EQ(refusal(R"({"e":"checkout")"), "bad_json ");
  EXPECT_EQ(refusal(R"({"e":"revoked","what":"given_back","q":[[1,-1]]})"), "out_of_range q");
  EXPECT_EQ(refusal(R"({"e":"revoked","what":"given_back","q":[["1",2]]})"), "wrong_type q");
  EXPECT_EQ(refusal(R"({"e":"incident","what":"a"}{})"), "bad_json ");
  EXPECT_EQ(refusal("{\"e\":\"incident\",\"what\":\"\xff\"}"), "invalid_utf8 ");
}

TEST(Events, AKeyANewerTillAddsIsIgnored) {
  const EventView event = read_well(
      R"({"e":"lane","st":"sign_on","l":"L1","d":20261122,"n":1,"zz":{"a":[1,2]},"weather":"rain","later":null})");
  EXPECT_EQ(event.state, CheckoutState::sign_on);
  EXPECT_EQ(event.sequence, 1);
}

TEST(Events, OneReaderReadsManyEvents) {
  EventReader reader;
  for (int round = 0; round < 3; ++round) {
    for (const auto& [name, text] : written()) {
      std::string padded = text;
      padded.resize(text.size() + 64);
      EXPECT_TRUE(reader.read_padded(std::string_view(padded).substr(0, text.size())).ok()) << name;
    }
  }
}

}  // namespace
}  // namespace tillside
