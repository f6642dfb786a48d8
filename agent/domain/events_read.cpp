#include <simdjson.h>

#include <limits>
#include <utility>

#include "agent/domain/benefit.h"
#include "agent/domain/events.h"

namespace tillside {
namespace {

namespace ondemand = simdjson::ondemand;

Error wrong(std::string_view field, ErrorCode code = ErrorCode::wrong_type) { return {code, std::string(field), {}}; }

Error json_error(simdjson::error_code code) {
  if (code == simdjson::UTF8_ERROR) return {ErrorCode::invalid_utf8, {}, {}};
  if (code == simdjson::DEPTH_ERROR) return {ErrorCode::too_deep, {}, {}};
  return {ErrorCode::bad_json, {}, simdjson::error_message(code)};
}

Status read_text(ondemand::value value, std::string_view field, std::string& out) {
  std::string_view text;
  if (value.get_string().get(text)) return wrong(field);
  out = text;
  return {};
}

template <class Number>
Status read_number(ondemand::value value, std::string_view field, Number& out) {
  std::int64_t read = 0;
  if (value.get_int64().get(read)) return wrong(field);
  if (read < static_cast<std::int64_t>(std::numeric_limits<Number>::min()) ||
      static_cast<std::uint64_t>(read < 0 ? 0 : read) >
          static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) {
    return wrong(field, ErrorCode::out_of_range);
  }
  out = static_cast<Number>(read);
  return {};
}

// Up to N integers of a row; shorter rows leave the rest at 0.
template <std::size_t N>
Status read_row(ondemand::value value, std::string_view field, std::array<std::int64_t, N>& out) {
  out.fill(0);
  ondemand::array row;
  if (value.get_array().get(row)) return wrong(field);
  std::size_t index = 0;
  for (auto item : row) {
    std::int64_t number = 0;
    if (item.get_int64().get(number)) return wrong(field);
    if (index < N) out[index] = number;
    ++index;
  }
  return {};
}

bool within(std::int64_t value, std::int64_t limit) { return value >= 0 && value <= limit; }

template <class Visit>
Status each(ondemand::value value, std::string_view field, Visit visit) {
  ondemand::array items;
  if (value.get_array().get(items)) return wrong(field);
  for (auto item : items) {
    ondemand::value one;
    if (item.get(one)) return wrong(field);
    if (Status status = visit(one); !status) return status;
  }
  return {};
}

Status read_id(ondemand::value value, HashedId& out) {
  ondemand::array row;
  if (value.get_array().get(row)) return wrong("w");
  int index = 0;
  for (auto item : row) {
    if (index == 2) {
      std::string_view hex;
      if (item.get_string().get(hex) || !from_hex(hex, out.hash)) return wrong("w");
    } else {
      std::int64_t number = 0;
      if (item.get_int64().get(number)) return wrong("w");
      if (index == 0 && !(number >= 1 && number <= kIdTypes)) return wrong("w", ErrorCode::unknown_value);
      if (index == 1 && !within(number, 2)) return wrong("w", ErrorCode::unknown_value);
      if (index == 0) out.type = static_cast<IdType>(number);
      if (index == 1) out.proof = static_cast<Proof>(number);
    }
    ++index;
  }
  return index == 3 ? Status{} : Status{wrong("w")};
}

// ["id","reason",applied]
Status read_unapproved(ondemand::value value, UnapprovedCoupon& out) {
  ondemand::array row;
  if (value.get_array().get(row)) return wrong("un");
  int index = 0;
  for (auto item : row) {
    std::string_view text;
    const bool read = index < 2 ? !item.get_string().get(text) : !item.get_int64().get(out.applied);
    if (!read) return wrong("un");
    if (text.size() > 32) return wrong("un", ErrorCode::out_of_range);
    if (index == 0) out.id = text;
    if (index == 1) out.reason = text;
    if (++index == 3) break;
  }
  return index == 3 ? Status{} : Status{wrong("un")};
}

constexpr std::int64_t kMaxUnits = 1'000'000'000'000;
constexpr std::int64_t kU32 = std::numeric_limits<std::uint32_t>::max();

struct EventReading {
  EventView& event;
  std::array<std::int64_t, 4> showing{};
  bool has_showing = false;
  std::vector<std::array<std::int64_t, 6>> coupons;
  std::vector<std::array<std::int64_t, 9>> replaced;

  Status member(std::string_view key, ondemand::value value) {
    switch (key.size()) {
      case 1:
        return one_letter(key[0], value);
      case 2:
        return two_letters(key, value);
      case 3:
        return key == "why" ? read_text(value, key, event.detail) : Status{};
      case 4:
        return key == "what" ? read_text(value, key, event.what) : Status{};
      default:
        return {};
    }
  }

  Status one_letter(char key, ondemand::value value) {
    switch (key) {
      case 'e':
        return kind(value);
      case 'S':
        return read_text(value, "S", event.store_id);
      case 'l':
        return read_text(value, "l", event.lane_id);
      case 'd':
        return date(value);
      case 's':
        return read_number(value, "s", event.series);
      case 'n':
        return read_number(value, "n", event.sequence);
      case 'i':
        return read_text(value, "i", event.checkout_id);
      case 't':
        return read_number(value, "t", event.at.ms);
      case 'o':
        return read_text(value, "o", event.operator_id);
      case 'g':
        return read_text(value, "g", event.guide_id);
      case 'c':
        return read_text(value, "c", event.currency);
      case 'N':
        return read_number(value, "N", event.net);
      case 'L':
        return lines(value);
      case 'P':
        return tenders(value);
      case 'w':
        return each(value, "w", [&](ondemand::value item) {
          HashedId id;
          Status status = read_id(item, id);
          if (status) event.ids.push_back(id);
          return status;
        });
      case 'v':
        return verdict(value);
      case 'h':
        event.here = true;
        return {};
      case 'f':
        return each(value, "f", [&](ondemand::value item) { return read_text(item, "f", event.flags.emplace_back()); });
      case 'k':
        return each(value, "k", [&](ondemand::value item) { return read_row(item, "k", coupons.emplace_back()); });
      case 'r':
        return each(value, "r", [&](ondemand::value item) { return revoked(item); });
      case 'q':
        return each(value, "q", [&](ondemand::value item) { return returned(item); });
      case 'u':
        return each(value, "u", [&](ondemand::value item) { return redeemed(item); });
      case 'p':
        return read_number(value, "p", event.prompt_ordinal);
      case 'y':
        return each(value, "y", [&](ondemand::value item) { return yielded(item); });
      default:
        return {};
    }
  }

  Status two_letters(std::string_view key, ondemand::value value) {
    if (key == "st") return state(value);
    if (key == "id") return read_text(value, key, event.identity);
    if (key == "of") return read_text(value, key, event.original_identity);
    if (key == "un") {
      return each(value, "un",
                  [&](ondemand::value item) { return read_unapproved(item, event.unapproved.emplace_back()); });
    }
    if (key == "ad") return discounts(value, "ad", event.applied_off);
    if (key == "av") return discounts(value, "av", event.advised_off);
    if (key == "ai") return read_number(value, "ai", event.applied_off);
    if (key == "cb") return each(value, key, [&](ondemand::value item) { return clawed_back(item); });
    if (key == "co") return read_number(value, key, event.collected);
    if (key == "pe") return each(value, key, [&](ondemand::value item) { return pending(item); });
    if (key == "rp")
      return each(value, key, [&](ondemand::value item) { return read_row(item, "rp", replaced.emplace_back()); });
    if (key == "tr") event.training = true;
    if (key == "ns") worthless = true;
    if (key == "sh") has_showing = true;
    return key == "sh" ? read_row(value, key, showing) : Status{};
  }

  Status kind(ondemand::value value) {
    std::string_view name;
    if (value.get_string().get(name)) return wrong("e");
    const auto found = event_kind_of(name);
    if (!found) return {Error{ErrorCode::unknown_value, "e", std::string(name.substr(0, 32))}};
    event.kind = *found;
    return {};
  }

  Status state(ondemand::value value) {
    std::string_view name;
    if (value.get_string().get(name)) return wrong("st");
    const auto found = checkout_state_of(name);
    if (!found) return {Error{ErrorCode::unknown_value, "st", std::string(name.substr(0, 32))}};
    event.state = *found;
    return {};
  }

  Status date(ondemand::value value) {
    std::int64_t number = 0;
    if (value.get_int64().get(number)) return wrong("d");
    const auto parsed = within(number, 99991231) ? parse_date(std::to_string(10000 + number / 10000).substr(1) + "-" +
                                                              std::to_string(100 + number / 100 % 100).substr(1) + "-" +
                                                              std::to_string(100 + number % 100).substr(1))
                                                 : Result<LocalDate>(wrong("d"));
    if (!parsed) return {Error{ErrorCode::bad_time, "d", {}}};
    event.date = *parsed;
    return {};
  }

  Status lines(ondemand::value value) {
    return each(value, "L", [&](ondemand::value) {
      ++event.lines;
      return Status{};
    });
  }

  // "type" or rows ["type",amount].
  Status tenders(ondemand::value value) {
    std::string_view type;
    ondemand::json_type json_type{};
    if (value.type().get(json_type)) return wrong("P");
    if (json_type == ondemand::json_type::string) {
      if (value.get_string().get(type)) return wrong("P");
      event.cash = type == name_of(TenderType::cash);
      return {};
    }
    return each(value, "P", [&](ondemand::value item) -> Status {
      ondemand::array row;
      if (item.get_array().get(row)) return wrong("P");
      bool first = true;
      for (auto cell : row) {
        if (!std::exchange(first, false)) continue;
        if (cell.get_string().get(type)) return wrong("P");
        event.cash |= type == name_of(TenderType::cash);
      }
      return {};
    });
  }

  // Sums rows ["code",line,amount] of benefits.
  static Status discounts(ondemand::value value, std::string_view field, Minor& sum) {
    return each(value, field, [&](ondemand::value item) -> Status {
      ondemand::array row;
      if (item.get_array().get(row)) return wrong(field);
      bool benefit = false;
      int index = 0;
      for (auto cell : row) {
        std::string_view code;
        std::int64_t number = 0;
        if (index == 0 ? cell.get_string().get(code) : cell.get_int64().get(number)) return wrong(field);
        if (index == 0) benefit = is_discount_code(code);
        if (index == 2 && (number > kMaxAmount || number < -kMaxAmount)) return wrong(field, ErrorCode::out_of_range);
        if (index == 2 && benefit) sum += number;
        ++index;
      }
      return index == 3 ? Status{} : Status{wrong(field)};
    });
  }

  Status verdict(ondemand::value value) {
    std::int64_t number = 0;
    if (value.get_int64().get(number)) return wrong("v");
    if (!within(number, static_cast<int>(VerdictStatus::unidentified))) return wrong("v", ErrorCode::unknown_value);
    event.verdict = static_cast<VerdictStatus>(number);
    return {};
  }

  Status revoked(ondemand::value value) {
    std::array<std::int64_t, 3> row{};
    if (Status status = read_row(value, "r", row); !status) return status;
    if (!within(row[0], kU32) || !within(row[1], 0xFFFFFF) || !within(row[2], 15)) {
      return wrong("r", ErrorCode::out_of_range);
    }
    event.revoked.push_back(
        {static_cast<std::uint8_t>(row[2]), static_cast<std::uint32_t>(row[0]), static_cast<std::uint32_t>(row[1])});
    return {};
  }

  Status returned(ondemand::value value) {
    std::array<std::int64_t, 2> row{};
    if (Status status = read_row(value, "q", row); !status) return status;
    if (!within(row[0], 0xFFFFFF) || !within(row[1], kMaxUnits)) return wrong("q", ErrorCode::out_of_range);
    event.returned_units.push_back({static_cast<std::uint32_t>(row[0]), row[1]});
    return {};
  }

  // [till,generation,serial,campaign,value,"rid hex or empty"]
  Status redeemed(ondemand::value value) {
    ondemand::array row;
    if (value.get_array().get(row)) return wrong("u");
    std::array<std::int64_t, 5> numbers{};
    std::string_view rid;
    std::size_t index = 0;
    for (auto item : row) {
      const bool read = index < 5 ? !item.get_int64().get(numbers[index]) : !item.get_string().get(rid);
      if (!read) return wrong("u");
      if (++index == 6) break;
    }
    if (index != 6) return wrong("u");
    const auto& [till, generation, serial, campaign, worth] = numbers;
    if (!within(till, kMaxTillNumber) || !within(generation, 15) || !within(serial, kU32) ||
        !within(campaign, 0xFFFFFF) || !within(worth, kMaxAmount)) {
      return wrong("u", ErrorCode::out_of_range);
    }
    RedeemedCoupon coupon{{static_cast<TillNumber>(till), static_cast<std::uint8_t>(generation)},
                          static_cast<std::uint32_t>(serial),
                          static_cast<std::uint32_t>(campaign),
                          worth,
                          std::nullopt};
    if (!rid.empty() && !from_hex(rid, coupon.rid.emplace())) return wrong("u", ErrorCode::bad_format);
    event.redeemed.push_back(coupon);
    return {};
  }

  template <class Coupon>
  static bool named(const std::array<std::int64_t, 5>& row, Coupon& out) {
    if (!within(row[0], kMaxTillNumber) || !within(row[1], 15) || !within(row[2], kU32) || !within(row[3], 0xFFFFFF))
      return false;
    out.till = static_cast<TillNumber>(row[0]);
    out.generation = static_cast<std::uint8_t>(row[1]);
    out.serial = static_cast<std::uint32_t>(row[2]);
    out.campaign = static_cast<std::uint32_t>(row[3]);
    out.value = row[4];
    return row[4] >= -kMaxAmount && row[4] <= kMaxAmount;
  }

  Status clawed_back(ondemand::value value) {
    std::array<std::int64_t, 5> row{};
    if (Status status = read_row(value, "cb", row); !status) return status;
    return named(row, event.clawed_back.emplace_back()) ? Status{} : Status{wrong("cb", ErrorCode::out_of_range)};
  }

  // Five numbers and the reason.
  Status pending(ondemand::value value) {
    ondemand::array items;
    if (value.get_array().get(items)) return wrong("pe");
    std::array<std::int64_t, 5> row{};
    PendingCoupon& out = event.pending.emplace_back();
    std::size_t index = 0;
    for (auto item : items) {
      std::string_view text;
      if (index < row.size() && item.get_int64().get(row[index])) return wrong("pe");
      if (index == row.size()) {
        if (item.get_string().get(text)) return wrong("pe");
        out.reason = text.substr(0, 32);
      }
      ++index;
    }
    return named(row, out) ? Status{} : Status{wrong("pe", ErrorCode::out_of_range)};
  }

  // [till,generation,serial,what]
  Status yielded(ondemand::value value) {
    std::array<std::int64_t, 4> row{};
    if (Status status = read_row(value, "y", row); !status) return status;
    if (!within(row[0], kMaxTillNumber) || !within(row[1], 15) || !within(row[2], kU32))
      return wrong("y", ErrorCode::out_of_range);
    if (!within(row[3], static_cast<int>(Yielding::held))) return wrong("y", ErrorCode::unknown_value);
    event.yielded.push_back({static_cast<TillNumber>(row[0]), static_cast<std::uint8_t>(row[1]),
                             static_cast<std::uint32_t>(row[2]), static_cast<Yielding>(row[3])});
    return {};
  }

  Status finish_replaced(std::int64_t base) {
    for (const auto& row : replaced) {
      const std::int64_t minute = base + row[4];
      if (!within(row[0], kU32) || !within(row[1], 0xFFFFFF) || !within(row[2], 0xFFFF) || !within(row[3], 15) ||
          !within(minute, 0xFFFFFF) || !within(row[5], kU32) || !within(row[6], kMaxTillNumber) ||
          !within(row[7], 15) || !within(row[8], kU32)) {
        return wrong("rp", ErrorCode::out_of_range);
      }
      const CouponFact coupon{static_cast<std::uint8_t>(row[3]),  static_cast<std::uint32_t>(row[0]),
                              static_cast<std::uint32_t>(row[1]), static_cast<std::uint32_t>(minute),
                              static_cast<StaffNumber>(row[2]),   static_cast<std::uint32_t>(row[5])};
      event.replacements.push_back({coupon, static_cast<TillNumber>(row[6]), static_cast<std::uint8_t>(row[7]),
                                    static_cast<std::uint32_t>(row[8])});
    }
    return {};
  }

  // Rows whose minute counts from the checkout's own are finished once its time is known.
  Status finish() {
    const std::int64_t base = event.kind == EventKind::showing ? 0 : code_minutes(event.at);
    if (has_showing) {
      const std::int64_t minute = base + showing[3];
      if (!within(showing[0], (1 << 22) - 1) || !within(showing[1], 0xFFFF) || !within(minute, 0xFFFFFF)) {
        return wrong("sh", ErrorCode::out_of_range);
      }
      event.showing = ShowingFact{static_cast<std::uint32_t>(showing[0]), static_cast<std::uint32_t>(minute),
                                  static_cast<StaffNumber>(showing[1]), showing[2] != 0};
    }
    for (const auto& [serial, campaign, staff, generation, delta, person] : coupons) {
      const std::int64_t minute = base + delta;
      if (!within(serial, kU32) || !within(campaign, 0xFFFFFF) || !within(staff, 0xFFFF) || !within(generation, 15) ||
          !within(minute, 0xFFFFFF) || !within(person, kU32)) {
        return wrong("k", ErrorCode::out_of_range);
      }
      event.coupons.push_back({static_cast<std::uint8_t>(generation), static_cast<std::uint32_t>(serial),
                               static_cast<std::uint32_t>(campaign), static_cast<std::uint32_t>(minute),
                               static_cast<StaffNumber>(staff), static_cast<std::uint32_t>(person)});
    }
    if (Status status = finish_replaced(base); !status) return status;
    const bool paid = event.state == CheckoutState::completed || event.state == CheckoutState::exchanged;
    event.sale = event.kind == EventKind::checkout && paid && !event.training && !worthless;
    return {};
  }

  bool worthless = false;
};

bool names_a_place(const EventView& event) {
  return !event.lane_id.empty() && event.date.days != 0 && (event.sequence > 0 || !event.identity.empty());
}

}  // namespace

struct EventReader::Impl {
  ondemand::parser parser;
};

EventReader::EventReader() : impl_(std::make_unique<Impl>()) {}
EventReader::~EventReader() = default;

Result<EventView> EventReader::read_padded(std::string_view padded) {
  EventView event;
  EventReading reading{event, {}, false, {}, {}};
  ondemand::document document;
  if (auto code = impl_->parser.iterate(padded.data(), padded.size(), padded.size() + simdjson::SIMDJSON_PADDING)
                      .get(document)) {
    return json_error(code);
  }
  ondemand::object object;
  if (auto code = document.get_object().get(object)) return json_error(code);
  bool has_kind = false;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (auto code = field.unescaped_key().get(key)) return json_error(code);
    if (auto code = field.value().get(value)) return json_error(code);
    has_kind |= key == "e";
    if (Status status = reading.member(key, value); !status) return status.error();
  }
  if (const char* rest = nullptr; !document.current_location().get(rest))
    return Error{ErrorCode::bad_json, {}, "text after the object"};
  if (!has_kind) return wrong("e", ErrorCode::missing_field);
  if (Status status = reading.finish(); !status) return status.error();
  const bool placed = event.kind == EventKind::checkout || event.kind == EventKind::reversal ||
                      event.kind == EventKind::lane || event.kind == EventKind::conflict;
  if (placed && !names_a_place(event)) return wrong("l", ErrorCode::missing_field);
  return event;
}

std::string identity_of(const EventView& event, std::string_view till_store) {
  if (!event.identity.empty()) return event.identity;
  Checkout place;
  place.store_id = event.store_id.empty() ? std::string(till_store) : event.store_id;
  place.lane_id = event.lane_id;
  place.business_date = event.date;
  place.sequence = event.sequence;
  place.state = event.state;
  return identity_of(place, event.series, 0);
}

}  // namespace tillside
