#include "agent/domain/member.h"

namespace tillside {
namespace {

constexpr unsigned kRecordVersion = 1;
constexpr unsigned kFriend = 1, kTier = 2, kPaidUntil = 4, kFirstJoined = 8, kPerson = 16, kBirthday = 32, kBought = 64,
                   kAllFields = 127;
constexpr std::size_t kMostStores = 15;

void put_byte(std::string& out, std::uint64_t value) { out.push_back(static_cast<char>(value & 0xFF)); }

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) put_byte(out, value | 0x80);
  put_byte(out, value);
}

void put_signed(std::string& out, std::int64_t value) {
  put_varint(out, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void put_fixed32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) put_byte(out, value >> shift);
}

// Reads softly: after the first failure every answer is 0.
class In {
 public:
  explicit In(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  bool at_end() const { return at_ == bytes_.size(); }

  std::uint64_t byte() {
    if (at_end()) ok_ = false;
    return ok_ ? static_cast<unsigned char>(bytes_[at_++]) : 0;
  }
  std::uint64_t varint(std::uint64_t highest) {
    std::uint64_t value = 0, part = 0x80;
    for (unsigned shift = 0; part >= 0x80; shift += 7) {
      part = byte();
      if (shift > 56 || (shift > 0 && part == 0)) ok_ = false;  // too long, or not the shortest form
      if (!ok_) return 0;
      value |= (part & 0x7F) << shift;
    }
    if (value > highest) ok_ = false;
    return ok_ ? value : 0;
  }
  std::int64_t signed_varint(std::uint64_t highest) {
    const std::uint64_t value = varint(highest);
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::uint32_t fixed32() {
    std::uint64_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | byte();
    return static_cast<std::uint32_t>(value);
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

unsigned fields_of(const MemberRecord& record) {
  return (record.friend_of ? kFriend : 0) | (record.tier != 0 ? kTier : 0) | (record.paid_until ? kPaidUntil : 0) |
         (record.first_joined ? kFirstJoined : 0) | (record.person != 0 ? kPerson : 0) |
         (record.birthday ? kBirthday : 0) | (record.bought ? kBought : 0);
}

bool is_day(MonthDay day) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= kDays[day.month - 1];
}

std::int64_t minutes_of(Instant at) { return at.ms / kMinute - (at.ms % kMinute < 0 ? 1 : 0); }

MemberRecord read_record(In& in, unsigned stores, unsigned fields) {
  constexpr std::uint64_t kMostDays = 2u * 3'000'000, kMostMinutes = std::uint64_t{2} * 6'000'000'000;
  MemberRecord record;
  for (unsigned i = 0; i < stores; ++i) record.stores.push_back(static_cast<StoreNumber>(in.varint(kMaxStoreNumber)));
  if (fields & kFriend) {
    record.friend_of.emplace();
    record.friend_of->store = static_cast<StoreNumber>(in.varint(kMaxStoreNumber));
    record.friend_of->staff = static_cast<StaffNumber>(in.varint(0xFFFF));
  }
  if (fields & kTier) record.tier = static_cast<std::uint8_t>(in.byte());
  if (fields & kPaidUntil) record.paid_until = LocalDate{static_cast<std::int32_t>(in.signed_varint(kMostDays))};
  if (fields & kFirstJoined) record.first_joined = Instant{in.signed_varint(kMostMinutes) * kMinute};
  if (fields & kPerson) record.person = in.fixed32();
  if (fields & kBirthday) {
    record.birthday.emplace();
    record.birthday->month = static_cast<std::uint8_t>(in.byte());
    record.birthday->day = static_cast<std::uint8_t>(in.byte());
    if (!is_day(*record.birthday)) in.fail();
  }
  if (fields & kBought) {
    const auto bought = in.byte();
    if (bought > 1) in.fail();
    record.bought = bought == 1;
  }
  return record;
}

}  // namespace

std::string encode_member(const MemberRecord& record) {
  const std::size_t stores = record.stores.size() < kMostStores ? record.stores.size() : kMostStores;
  std::string out;
  out.reserve(24);
  put_byte(out, kRecordVersion << 4 | stores);
  put_byte(out, fields_of(record));
  for (std::size_t i = 0; i < stores; ++i) put_varint(out, record.stores[i]);
  if (record.friend_of) {
    put_varint(out, record.friend_of->store);
    put_varint(out, record.friend_of->staff);
  }
  if (record.tier != 0) put_byte(out, record.tier);
  if (record.paid_until) put_signed(out, record.paid_until->days);
  if (record.first_joined) put_signed(out, minutes_of(*record.first_joined));
  if (record.person != 0) put_fixed32(out, record.person);
  if (record.birthday) {
    put_byte(out, record.birthday->month);
    put_byte(out, record.birthday->day);
  }
  if (record.bought) put_byte(out, *record.bought ? 1 : 0);
  return out;
}

Result<MonthDay> parse_month_day(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
  const Error wrong{ErrorCode::bad_time, "", "\"MM-DD\" is wanted"};
  if (text.size() != 5 || text[2] != '-') return wrong;
  const int month = digit(0) * 10 + digit(1), day = digit(3) * 10 + digit(4);
  if (month > 12 || day > 31) return wrong;
  const MonthDay read{static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
  if (!is_day(read)) return wrong;
  return read;
}

Result<MemberRecord> decode_member(std::string_view bytes) {
  In in(bytes);
  const auto head = static_cast<unsigned>(in.byte()), fields = static_cast<unsigned>(in.byte());
  if (in.ok() && head >> 4 > kRecordVersion) return Error{ErrorCode::too_new, "", "a member record of a newer version"};
  if (in.ok() && (fields & ~kAllFields) != 0) return Error{ErrorCode::too_new, "", "a member record with more fields"};
  if (!in.ok() || head >> 4 != kRecordVersion) return Error{ErrorCode::bad_format, "", "not a member record"};
  MemberRecord record = read_record(in, head & 15, fields);
  if (!in.ok() || !in.at_end() || fields_of(record) != fields)
    return Error{ErrorCode::bad_format, "", "a torn member record"};
  return record;
}

}  // namespace tillside
