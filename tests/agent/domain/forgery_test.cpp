// Every way a coupon code comes in wrong, on purpose or by a scanner's doing, and what is said of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>

#include "agent/domain/coupon.h"
#include "agent/domain/key_directory.h"
#include "tests/agent/domain/coupon_samples.h"
#include "tests/agent/domain/keyboards.h"

namespace tillside {
namespace {

using samples::coupon;
using samples::key_pair;
using samples::typed_through;

constexpr Instant kNow{1'795'310'100'000};  // when the coupon of the samples is issued
constexpr TillNumber kOwnTill = 17, kOtherTill = 40, kStaleTill = 300;

KeyRow row(KeyId id, std::uint8_t seed, const std::function<void(KeyFacts&)>& change = {}) {
  KeyRow made{id, {}};
  made.facts.key = key_pair(seed).verifying;
  if (change) change(made.facts);
  return made;
}

// As a till holds it: signed by headquarters, read back. The part with kStaleTill ran out yesterday.
const KeyDirectory& directory() {
  static const KeyDirectory made = [] {
    const samples::KeyPair hq = key_pair(0x77);
    const auto revoked = [](KeyFacts& facts) {
      facts.status = KeyFacts::Status::revoked;
      facts.good_to = 451;
    };
    const auto few = [](KeyFacts& facts) { facts.ceiling = 451; };
    const auto ended = [](KeyFacts& facts) {
      facts.status = KeyFacts::Status::retired;
      facts.until = kNow;
    };
    KeyPart near{samples::kChain, {}, part_of(kOwnTill), 1, kNow.plus_ms(kDay), {}};
    near.rows = {row({kOwnTill, 2}, 1), row({kOwnTill, 3}, 2), row({kOtherTill, 0}, 3, few),
                 row({kOtherTill, 1}, 4, revoked), row({kOtherTill, 2}, 5, ended)};
    const KeyPart stale{samples::kChain, {}, part_of(kStaleTill), 1, kNow.plus_ms(-kDay), {row({kStaleTill, 0}, 6)}};
    KeyDirectory held;
    for (const KeyPart& part : {near, stale})
      held.take(read_key_part(write_key_part(part, hq.signing), samples::kChain, hq.verifying).value(), {});
    return held;
  }();
  return made;
}

// What a till says of a text, by the names of docs/redemption.md; the field of a code that is none in brackets.
std::string judged(std::string_view text) {
  const auto code = read_coupon_text(text);
  if (!code) return code.error().code == ErrorCode::bad_format ? "not_a_code" : "?";
  const auto body = decode_coupon(code->body);
  if (!body) return body.error().code == ErrorCode::bad_format ? "not_a_code [" + body.error().field + "]" : "?";
  const auto key = directory().find(body->key);
  if (!key) return "unknown_key";
  if (!verify_coupon(code->body, code->signature, samples::kChain, key->key)) return "forged";
  if (judge_key(*key, body->serial, from_code_minutes(body->issued_minute)) == KeyFinding::beyond)
    return "beyond_ceiling";
  const bool own = body->key.till == kOwnTill;
  return !own && directory().expired(body->key, kNow) ? "directory_expired" : "holds";
}

struct Code {
  CouponBytes body;
  Signature signature;
  std::string url() const { return coupon_url("go.example.cn", body, signature); }
  std::string bare() const { return url().substr(url().size() - 154); }
};

Code code_of(const CouponBody& body, const ChainId& chain = samples::kChain,
             const samples::KeyPair& key = key_pair(1)) {
  const CouponBytes bytes = encode_coupon(body).value();
  return {bytes, sign_coupon(bytes, chain, key.signing)};
}

// A coupon of another till, signed as it should be.
std::string of_till(TillNumber till, std::uint8_t generation, std::uint8_t seed, std::uint32_t serial,
                    std::uint32_t issued_later = 0) {
  CouponBody body = coupon();
  body.key = {till, generation};
  body.serial = serial;
  body.issued_minute += issued_later;
  return code_of(body, samples::kChain, key_pair(seed)).url();
}

std::string url() { return code_of(coupon()).url(); }
std::string bare() { return code_of(coupon()).bare(); }

std::string all_lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return text;
}

std::string caps_lock(std::string text) {
  for (char& c : text) c = static_cast<char>(isupper(static_cast<unsigned char>(c)) ? tolower(c) : toupper(c));
  return text;
}

std::string all_wide(std::string_view text) {
  std::string wide;
  for (const char c : text) {
    const unsigned sign = 0xFF00u + static_cast<unsigned char>(c) - 0x20u;
    wide += static_cast<char>(0xE0 | sign >> 12);
    wide += static_cast<char>(0x80 | (sign >> 6 & 63));
    wide += static_cast<char>(0x80 | (sign & 63));
  }
  return wide;
}

std::string without(std::string text, std::string_view signs) {
  std::erase_if(text, [&](char c) { return signs.find(c) != std::string_view::npos; });
  return text;
}

std::string replaced(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

std::string apart(const std::string& text, std::size_t every, const std::string& by) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += every) out += (at == 0 ? "" : by) + text.substr(at, every);
  return out;
}

Code with_body(Code code, std::size_t byte, std::uint8_t value) {
  code.body[byte] = value;
  return code;
}

// The order of the curve added to the signature's scalar: the same equation, another spelling.
Code with_scalar_plus_order(Code code) {
  constexpr std::array<std::uint8_t, 32> order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                               0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                               0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  int carry = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int sum = code.signature[32 + i] + order[i] + carry;
    code.signature[32 + i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  return code;
}

struct Case {
  const char* name;
  std::function<std::string()> text;
  const char* said;
};

const Case kCases[] = {
    // what holds, however it is handed in
    {"as_printed", [] { return url(); }, "holds"},
    {"bare", [] { return bare(); }, "holds"},
    {"lower_case", [] { return all_lower(url()); }, "holds"},
    {"caps_lock_on", [] { return caps_lock(url()); }, "holds"},
    {"caps_lock_on_bare", [] { return caps_lock(bare()); }, "holds"},
    {"another_host", [] { return "HTTPS://ELSEWHERE.EXAMPLE/C/" + bare(); }, "holds"},
    {"http", [] { return "http://go.example.cn/c/" + bare(); }, "holds"},
    {"spaces_around", [] { return "  " + url() + " \t"; }, "holds"},
    {"enter_behind", [] { return url() + "\r\n"; }, "holds"},
    {"spaces_inside", [] { return apart(url(), 7, " "); }, "holds"},
    {"lines_inside", [] { return apart(bare(), 40, "\r\n"); }, "holds"},
    {"hyphens_inside", [] { return apart(bare(), 4, "-"); }, "holds"},
    {"letter_o_for_0", [] { return replaced(bare(), '0', 'O'); }, "holds"},
    {"letter_i_for_1", [] { return replaced(bare(), '1', 'I'); }, "holds"},
    {"letter_l_for_1", [] { return replaced(bare(), '1', 'l'); }, "holds"},
    {"input_method_on", [] { return all_wide(url()); }, "holds"},
    {"input_method_on_lower_case", [] { return all_wide(all_lower(url())); }, "holds"},
    {"ideographic_space_before", [] { return "\u3000" + url(); }, "holds"},
    {"second_key_of_the_till",
     [] {
       CouponBody body = coupon();
       body.key.generation = 3;
       return code_of(body, samples::kChain, key_pair(2)).url();
     },
     "holds"},

    // keyboards: the signs may change, letters and digits may not
    {"german_keyboard_without_y_and_z", [] { return "HTTPSÖ--go.example.cn-C-" + bare(); }, "holds"},
    {"german_keyboard", [] { return typed_through(samples::kQwertz, url()); }, "forged"},
    {"french_keyboard", [] { return typed_through(samples::kAzerty, url()); }, "not_a_code"},
    {"french_keyboard_bare", [] { return typed_through(samples::kAzerty, bare()); }, "not_a_code"},
    {"dvorak_keyboard", [] { return typed_through(samples::kDvorak, url()); }, "not_a_code"},
    {"dvorak_keyboard_bare", [] { return typed_through(samples::kDvorak, bare()); }, "not_a_code"},
    {"us_keyboard", [] { return typed_through(samples::kUs, url()); }, "holds"},
    {"signs_dropped", [] { return without(url(), ":/."); }, "not_a_code"},
    {"colon_dropped", [] { return without(url(), ":"); }, "holds"},
    {"dots_dropped", [] { return without(url(), "."); }, "holds"},
    {"one_slash_dropped", [] { return "HTTPS:/GO.EXAMPLE.CN/C/" + bare(); }, "holds"},
    {"typed_twice", [] { return url() + url(); }, "holds"},  // what stands before the last is host to the reader
    {"typed_twice_bare", [] { return bare() + bare(); }, "not_a_code"},
    {"typed_behind_an_item_number", [] { return "6901234567892" + bare(); }, "not_a_code"},
    {"item_number_behind", [] { return url() + "6901234567892"; }, "not_a_code"},

    // damaged
    {"empty", [] { return std::string(); }, "not_a_code"},
    {"first_character_lost", [] { return bare().substr(1); }, "not_a_code"},
    {"last_character_lost", [] { return url().substr(0, url().size() - 1); }, "not_a_code"},
    {"half_of_it", [] { return url().substr(0, url().size() / 2); }, "not_a_code"},
    {"only_the_body", [] { return bare().substr(0, 52); }, "not_a_code"},
    {"only_the_signature", [] { return bare().substr(52); }, "not_a_code"},
    {"one_character_more", [] { return bare() + "0"; }, "not_a_code"},
    {"padded_with_zeros", [] { return bare() + std::string(6, '0'); }, "not_a_code"},
    {"padded_in_front", [] { return "0" + bare(); }, "not_a_code"},
    {"padded_with_equals", [] { return bare() + "======"; }, "not_a_code"},
    {"padding_bits_set", [] { return bare().substr(0, 153) + "5"; }, "not_a_code"},
    {"letter_u", [] { return bare().replace(20, 1, "U"); }, "not_a_code"},
    {"a_sign_inside", [] { return bare().replace(20, 1, "*"); }, "not_a_code"},
    {"a_nul_inside", [] { return bare().replace(20, 1, 1, '\0'); }, "not_a_code"},
    {"broken_utf8_inside", [] { return bare().replace(20, 1, "\xEF"); }, "not_a_code"},
    {"query_behind", [] { return url() + "?from=mail"; }, "not_a_code"},
    {"referral_path", [] { return "HTTPS://GO.EXAMPLE.CN/R/" + bare(); }, "not_a_code"},
    {"endless", [] { return std::string(1 << 20, '0'); }, "not_a_code"},
    {"all_zero", [] { return std::string(154, '0'); }, "not_a_code [version]"},
    {"all_one", [] { return std::string(153, 'Z') + "W"; }, "not_a_code [version]"},

    // made up
    {"other_chain", [] { return code_of(coupon(), samples::counting_from<ChainId>(0x80)).url(); }, "forged"},
    {"no_chain", [] { return code_of(coupon(), ChainId{}).url(); }, "forged"},
    {"other_key", [] { return code_of(coupon(), samples::kChain, key_pair(9)).url(); }, "forged"},
    {"other_generation_of_the_till", [] { return code_of(coupon(), samples::kChain, key_pair(2)).url(); }, "forged"},
    {"unknown_generation",
     [] {
       CouponBody body = coupon();
       body.key.generation = 4;
       return code_of(body).url();
     },
     "unknown_key"},
    {"unknown_till",
     [] {
       CouponBody body = coupon();
       body.key.till = 18;
       return code_of(body).url();
     },
     "unknown_key"},
    {"headquarters_without_a_key",
     [] {
       CouponBody body = coupon();
       body.key = {};
       return code_of(body).url();
     },
     "unknown_key"},
    {"signature_of_zeros",
     [] {
       return Code{encode_coupon(coupon()).value(), {}}.url();
     },
     "forged"},
    {"signature_of_another_coupon",
     [] {
       CouponBody other = coupon();
       ++other.serial;
       return Code{encode_coupon(coupon()).value(), code_of(other).signature}.url();
     },
     "forged"},
    {"signature_spelt_otherwise", [] { return with_scalar_plus_order(code_of(coupon())).url(); }, "forged"},
    {"more_money", [] { return with_body(code_of(coupon()), 17, 0x17).url(); }, "forged"},
    {"no_minimum_spend", [] { return with_body(with_body(code_of(coupon()), 19, 0), 20, 0).url(); }, "forged"},
    {"longer_valid", [] { return with_body(code_of(coupon()), 15, 255).url(); }, "forged"},
    {"issued_later", [] { return with_body(code_of(coupon()), 12, 0xFF).url(); }, "forged"},
    {"bearer_instead_of_a_person",
     [] {
       Code code = code_of(coupon());
       std::fill_n(code.body.begin() + 26, 4, std::uint8_t{0});
       return code.url();
     },
     "forged"},
    // keys that vouch only so far
    {"last_serial_allowed", [] { return of_till(kOtherTill, 0, 3, 451); }, "holds"},
    {"serial_beyond_the_ceiling", [] { return of_till(kOtherTill, 0, 3, 452); }, "beyond_ceiling"},
    {"highest_serial", [] { return of_till(kOtherTill, 0, 3, 0xFFFFFFFF); }, "beyond_ceiling"},
    {"good_serial_of_a_revoked_key", [] { return of_till(kOtherTill, 1, 4, 451); }, "holds"},
    {"later_serial_of_a_revoked_key", [] { return of_till(kOtherTill, 1, 4, 452); }, "beyond_ceiling"},
    {"before_the_key_ended", [] { return of_till(kOtherTill, 2, 5, 1); }, "holds"},
    {"after_the_key_ended", [] { return of_till(kOtherTill, 2, 5, 1, 1); }, "beyond_ceiling"},
    {"directory_expired", [] { return of_till(kStaleTill, 0, 6, 1); }, "directory_expired"},
    {"forged_under_an_expired_directory", [] { return of_till(kStaleTill, 0, 7, 1); }, "forged"},
    {"beyond_the_ceiling_and_forged", [] { return of_till(kOtherTill, 0, 4, 452); }, "forged"},

    // bodies no till would sign
    {"version_2", [] { return with_body(code_of(coupon()), 0, 0x21).url(); }, "not_a_code [version]"},
    {"unknown_kind", [] { return with_body(code_of(coupon()), 0, 0x1F).url(); }, "not_a_code [kind]"},
    {"reserved_flag", [] { return with_body(code_of(coupon()), 16, 0x0A).url(); }, "not_a_code [reserved]"},
    {"reserved_byte", [] { return with_body(code_of(coupon()), 31, 1).url(); }, "not_a_code [reserved]"},
    {"amount_spelt_otherwise", [] { return with_body(with_body(code_of(coupon()), 17, 0x10), 18, 200).url(); },
     "not_a_code [value]"},
};

class Forgery : public ::testing::TestWithParam<Case> {};

TEST_P(Forgery, IsJudgedRightly) { EXPECT_EQ(judged(GetParam().text()), GetParam().said); }

INSTANTIATE_TEST_SUITE_P(Codes, Forgery, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// The coupon of the samples: next_visit, home, amount off. By the layout of docs/coupons.md.
std::string said_of_flipped(std::size_t bit) {
  if (bit < 4) return "not_a_code [version]";
  if (bit < 8) return bit == 6 ? "forged" : "not_a_code [kind]";  // 1 becomes 3; or 9, 5, 0
  if (bit < 32) return bit == 31 ? "forged" : "unknown_key";      // generation 2 becomes 3, which the till has too
  if (bit == 128) return "not_a_code [policy]";
  if (bit == 130 || bit == 132) return "not_a_code [reward]";  // 1 becomes 5 or 0; bit 131 makes it an item
  if (bit >= 133 && bit < 136) return "not_a_code [reserved]";
  if (bit >= 168 && bit < 172) return "not_a_code [home_store]";
  if (bit >= 240 && bit < 256) return "not_a_code [reserved]";
  return "forged";
}

Code flipped(Code code, std::size_t bit) {
  std::uint8_t& byte = bit < 256 ? code.body[bit / 8] : code.signature[bit / 8 - 32];
  byte = static_cast<std::uint8_t>(byte ^ 0x80u >> bit % 8);
  return code;
}

TEST(ForgedBits, EachOfThe768IsNoticedAndNamed) {
  const Code code = code_of(coupon());
  std::map<std::string, int> counts;
  for (std::size_t bit = 0; bit < 768; ++bit) {
    const std::string said = judged(flipped(code, bit).url());
    EXPECT_EQ(said, said_of_flipped(bit)) << "bit " << bit;
    ++counts[said];
  }
  int refused = 0;
  for (const auto& [said, count] : counts) refused += said == "holds" ? 0 : count;
  EXPECT_EQ(refused, 768);
}

TEST(ForgedBits, NoneHoldsOnCouponsOfEveryKind) {
  for (const CampaignKind kind :
       {CampaignKind::next_visit, CampaignKind::welcome, CampaignKind::pickup, CampaignKind::benefit}) {
    for (const RewardType reward : {RewardType::amount_off, RewardType::percent_off, RewardType::item}) {
      CouponBody body = coupon();
      body.kind = kind;
      body.reward = reward;
      body.policy = Policy::strict;
      body.person = 0;
      const Code code = code_of(body);
      ASSERT_EQ(judged(code.url()), "holds");
      for (std::size_t bit = 0; bit < 768; ++bit) ASSERT_NE(judged(flipped(code, bit).url()), "holds") << bit;
    }
  }
}

TEST(ForgedBits, ManyAtOnceAreNoticed) {
  std::mt19937_64 random(3);
  const Code code = code_of(coupon());
  for (int round = 0; round < 3000; ++round) {
    Code forged = code;
    const std::size_t flips = 1 + random() % 12;
    for (std::size_t flip = 0; flip < flips; ++flip) forged = flipped(forged, random() % 768);
    if (forged.body == code.body && forged.signature == code.signature) continue;
    ASSERT_NE(judged(forged.url()), "holds");
  }
}

TEST(ForgedText, EveryCharacterCounts) {
  const std::string code = bare(), alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (std::size_t at = 0; at < code.size(); ++at) {
    std::string other = code;
    other[at] = alphabet[(alphabet.find(code[at]) + 4) % 32];  // 4: leaves the padding bits of the last one clear
    EXPECT_NE(judged(other), "holds") << at;
    EXPECT_EQ(judged(code.substr(0, at) + code.substr(at + 1)), "not_a_code") << "lost " << at;
    EXPECT_EQ(judged(code.substr(0, at) + code[at] + code.substr(at)), "not_a_code") << "twice " << at;
    other = code;
    if (at > 0 && code[at] != code[at - 1]) {
      std::swap(other[at - 1], other[at]);
      EXPECT_NE(judged(other), "holds") << "swapped " << at;
    }
  }
}

TEST(ForgedText, AForeignKeyboardNeverMakesAnotherCouponHold) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 200; ++round) {
    CouponBody body = coupon();
    body.serial = static_cast<std::uint32_t>(random());
    const Code code = code_of(body);
    for (const samples::Layout& layout : {samples::kAzerty, samples::kQwertz, samples::kDvorak}) {
      for (const std::string& text : {code.url(), code.bare(), all_lower(code.url()), caps_lock(code.bare())}) {
        const auto read = read_coupon_text(typed_through(layout, text));
        if (!read) continue;
        EXPECT_FALSE(verify_coupon(read->body, read->signature, samples::kChain, key_pair(1).verifying) &&
                     read->body != code.body);
      }
    }
  }
}

// --- The typed form ---

// The till of the samples with a thousand coupons of its two live key generations.
class TypedForgery : public ::testing::Test {
 protected:
  TypedForgery() {
    for (std::uint32_t serial = 1; serial <= 1000; ++serial) {
      CouponBody body = coupon();
      body.serial = serial;
      body.key.generation = serial % 2 == 0 ? 2 : 3;
      known.push_back(body);
    }
  }
  static TypedKey typed_key(std::uint8_t generation) {
    return samples::counting_from<TypedKey>(generation == 2 ? 0x40 : 0x60);
  }
  static std::string typed(const CouponBody& body) {
    return format_typed(typed_code(body, typed_key(body.key.generation)));
  }
  static std::string digits(const CouponBody& body) {
    return format_typed_digits(typed_code(body, typed_key(body.key.generation)));
  }
  std::string said(std::string_view text) const {
    const auto code = read_typed(text);
    if (!code) return code.error().code == ErrorCode::bad_format ? "not_a_code" : "?";
    const bool holds = std::any_of(known.begin(), known.end(), [&](const CouponBody& body) {
      return body.key.till == code->till && (body.serial & 0xFFFFFF) == code->serial_low &&
             typed_matches(*code, body, typed_key(body.key.generation));
    });
    return holds ? "holds" : "forged";
  }
  std::vector<CouponBody> known;
};

TEST_F(TypedForgery, WhatScannersAndPeopleMakeOfIt) {
  const CouponBody& body = known[450];
  const std::string letters = typed(body), number = digits(body);
  const struct {
    const char* name;
    std::string text, said;
  } cases[] = {
      {"as printed", letters, "holds"},
      {"digits", number, "holds"},
      {"lower case", all_lower(letters), "holds"},
      {"no hyphens", without(letters, "-"), "holds"},
      {"spaces", replaced(letters, '-', ' '), "holds"},
      {"digits in fours", apart(number, 4, " "), "holds"},
      {"enter behind", number + "\r\n", "holds"},
      {"O for 0", replaced(letters, '0', 'O'), "holds"},
      {"l for 1", replaced(letters, '1', 'l'), "holds"},
      {"O for 0 in the digits", replaced(number, '0', 'o'), "holds"},
      {"full width", all_wide(letters), "holds"},
      {"full width digits", all_wide(number), "holds"},
      {"German keyboard, digits", typed_through(samples::kQwertz, number), "holds"},
      {"Dvorak keyboard, digits", typed_through(samples::kDvorak, number), "holds"},
      {"French keyboard, digits", typed_through(samples::kAzerty, number), "not_a_code"},
      {"truncated", letters.substr(0, 18), "not_a_code"},
      {"padded", letters + "0", "not_a_code"},
      {"digits truncated", number.substr(1), "not_a_code"},
      {"digits padded", "0" + number, "not_a_code"},
      {"a letter in the digits", std::string(number).replace(5, 1, "A"), "not_a_code"},
      {"letter U", std::string(letters).replace(0, 1, "U"), "not_a_code"},
      {"beyond 79 bits", "604462909807314587353088", "not_a_code"},
      {"typed twice", number + number, "not_a_code"},
      {"empty", "", "not_a_code"},
      {"other generation's key", format_typed(typed_code(body, typed_key(2))), "forged"},
      {"no key", format_typed(typed_code(body, TypedKey{})), "forged"},
      {"of another coupon", format_typed({17, 450, typed_code(body, typed_key(3)).mac}), "forged"},
      {"of another till", format_typed({18, 451, typed_code(body, typed_key(3)).mac}), "forged"},
  };
  ASSERT_EQ(body.serial, 451u);
  for (const auto& one : cases) EXPECT_EQ(said(one.text), one.said) << one.name << ": " << one.text;
}

TEST_F(TypedForgery, EveryBitAndEveryDigitCounts) {
  const CouponBody& body = known[450];
  const TypedCode code = typed_code(body, typed_key(3));
  for (int bit = 0; bit < 79; ++bit) {
    TypedCode forged = code;
    if (bit < 20) forged.till ^= 1u << bit;
    if (bit >= 20 && bit < 44) forged.serial_low ^= 1u << (bit - 20);
    if (bit >= 44) forged.mac ^= 1ull << (bit - 44);
    EXPECT_EQ(said(format_typed(forged)), "forged") << bit;
    EXPECT_EQ(said(format_typed_digits(forged)), "forged") << bit;
  }
  const std::string number = digits(body);
  for (std::size_t at = 0; at < number.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == number[at]) continue;
      EXPECT_NE(said(std::string(number).replace(at, 1, 1, digit)), "holds");
    }
  }
}

// A guess holds with a chance of 2^-35, so that of 10,000 one does is 3 in ten million; the seed is fixed and none
// does.
TEST_F(TypedForgery, TenThousandGuessesFail) {
  std::mt19937_64 random(35);
  int accepted = 0, unreadable = 0;
  for (int guess = 0; guess < 10000; ++guess) {
    const TypedCode code{17, 1 + static_cast<std::uint32_t>(random() % 1000), random() & ((1ull << 35) - 1)};
    const std::string verdict = said(guess % 2 == 0 ? format_typed(code) : format_typed_digits(code));
    accepted += verdict == "holds" ? 1 : 0;
    unreadable += verdict == "not_a_code" ? 1 : 0;
  }
  std::printf("typed form: %d of 10000 guesses accepted, chance of each 2^-35\n", accepted);
  EXPECT_EQ(accepted, 0);
  EXPECT_EQ(unreadable, 0);
}

}  // namespace
}  // namespace tillside
