// Every coupon here is signed, laid out by the receipt, sent as ESC/POS to 58 mm paper, worn, photographed and scanned.
// A condition prints how many of its codes were read and fails below its bound.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "agent/api/receipt.h"
#include "qrcode/print_size.h"
#include "tests/agent/domain/coupon_samples.h"
#include "tests/fakes/paper.h"
#include "tests/fakes/scanner.h"
#include "tests/fakes/worn_print.h"

namespace tillside {
namespace {

using fakes::Picture;
using fakes::Wear;

constexpr int kCoupons = 200;

struct Printed {
  std::string url, digits;
  Picture symbol, barcode;  // dots as they stand on the paper
};

CouponBody any_coupon(std::mt19937_64& random) {
  CouponBody body = samples::coupon();
  body.key = KeyId::from_packed(static_cast<std::uint32_t>(random() & 0xFFFFFF));
  body.serial = static_cast<std::uint32_t>(random());
  body.campaign = static_cast<std::uint32_t>(random() & 0xFFFFFF);
  body.issued_minute = static_cast<std::uint32_t>(random() & 0xFFFFFF);
  body.home_store = static_cast<StoreNumber>(random() & kMaxStoreNumber);
  body.staff = static_cast<StaffNumber>(random());
  body.person = static_cast<std::uint32_t>(random());
  return body;
}

Printed print_coupon(std::mt19937_64& random, const std::string& host) {
  const CouponBody body = any_coupon(random);
  const CouponBytes bytes = encode_coupon(body).value();
  const TypedCode typed = typed_code(body, samples::kTypedKey);
  api::ReceiptBlock block;
  block.coupon_id = coupon_id(body);
  block.above = {{"满100元减20元", true}};
  block.url = coupon_url(host, bytes, sign_coupon(bytes, samples::kChain, samples::key_pair(1).signing));
  block.below = {{format_typed(typed)}};
  block.digits = format_typed_digits(typed);
  const auto stream = api::receipt_escpos({block}, {.barcode = true}, qr::kPaper58Dots);
  const auto pictures = fakes::print_on_paper(stream.value(), qr::kPaper58Dots).pictures();
  return {block.url, block.digits, pictures.at(0), pictures.at(1)};
}

// Half of them with the longest host of version 7, half of version 8.
const std::vector<Printed>& coupons() {
  static const std::vector<Printed> all = [] {
    std::mt19937_64 random(20261122);
    std::vector<Printed> printed;
    for (int made = 0; made < kCoupons; ++made)
      printed.push_back(print_coupon(random, made % 2 == 0 ? "go.example.cn" : "coupons.example.com"));
    return printed;
  }();
  return all;
}

struct Condition {
  const char* name;
  Wear wear;
  bool patient;     // may look again, as a scanner does in its next frames
  double at_least;  // share of the codes
};

// Ink spread evenly over a dot and its neighbours, one dot to every side.
constexpr double kOneDot = 0.82;

const Condition kConditions[] = {
    {"clean", {}, false, 0.95},
    {"blurred by one dot", {.blur_dots = kOneDot}, false, 0.95},
    {"blurred beyond one dot", {.blur_dots = 1}, true, 0.90},
    {"noise", {.blur_dots = 0.4, .noise = 24}, true, 0.90},
    {"faded", {.blur_dots = 0.4, .fading = 0.75, .noise = 6}, true, 0.90},
    {"faded, uneven light", {.blur_dots = 0.4, .fading = 0.7, .noise = 6, .uneven_light = true}, true, 0.90},
    {"four dead dots", {.blur_dots = 0.4, .dead_dots = 4}, true, 0.90},
    {"faded, blurred, noise", {.blur_dots = kOneDot, .fading = 0.6, .noise = 8}, true, 0.90},
    {"all of it",
     {.blur_dots = 0.6, .fading = 0.5, .noise = 8, .missing = 0.02, .dead_dots = 4, .uneven_light = true},
     true,
     0.90},
};

struct Tally {
  int read = 0, at_once = 0, wrong = 0;
  void count(const fakes::PatientScan& scan, const std::string& truth) {
    if (!scan.text) return;
    if (*scan.text != truth) {
      ++wrong;
      return;
    }
    ++read;
    if (scan.looks == 1) ++at_once;
  }
};

class PrintedCodes : public ::testing::TestWithParam<Condition> {
 protected:
  static void expect(const char* what, const Tally& tally) {
    const Condition& condition = GetParam();
    const int counted = condition.patient ? tally.read : tally.at_once;
    std::printf("%s, %s: %d of %d read (%d at the first look), bound %.0f %% %s\n", what, condition.name, counted,
                kCoupons, tally.at_once, condition.at_least * 100, condition.patient ? "with retries" : "at once");
    EXPECT_GE(counted, condition.at_least * kCoupons);
    EXPECT_EQ(tally.wrong, 0) << "read, but as something else";
  }
  static fakes::PatientScan look(const Picture& print, bool qr, std::uint64_t seed) {
    const Picture photo = fakes::photograph(print, GetParam().wear, seed);
    if (GetParam().patient) return qr ? fakes::scan_qr_patiently(photo) : fakes::scan_code128_patiently(photo);
    return {qr ? fakes::scan_qr(photo) : fakes::scan_code128(photo), 1};
  }
};

TEST_P(PrintedCodes, TheSymbolIsReadBack) {
  Tally tally;
  std::uint64_t seed = 1;
  for (const Printed& coupon : coupons()) tally.count(look(coupon.symbol, true, seed++), coupon.url);
  expect("QR", tally);
}

TEST_P(PrintedCodes, TheBarcodeIsReadBack) {
  Tally tally;
  std::uint64_t seed = 1001;
  for (const Printed& coupon : coupons()) tally.count(look(coupon.barcode, false, seed++), coupon.digits);
  expect("Code 128", tally);
}

INSTANTIATE_TEST_SUITE_P(Worn, PrintedCodes, ::testing::ValuesIn(kConditions), [](const auto& test) {
  std::string name;
  for (const char* c = test.param.name; *c != 0; ++c) {
    if (*c != ',') name += *c == ' ' ? '_' : *c;
  }
  return name;
});

}  // namespace
}  // namespace tillside
