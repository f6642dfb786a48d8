#include "tests/qrcode/samples.h"

namespace tillside::qr {

std::string random_text(Dice& dice, std::string_view alphabet, std::size_t length) {
  std::uniform_int_distribution<std::size_t> any(0, alphabet.size() - 1);
  std::string text;
  while (text.size() < length) text.push_back(alphabet[any(dice)]);
  return text;
}

std::string coupon_text(Dice& dice, std::string_view host) {
  return "HTTPS://" + std::string(host) + "/C/" + random_text(dice, kCrockford, 154);
}

std::string referral_text(Dice& dice, std::string_view host) {
  return "HTTPS://" + std::string(host) + "/R/" + random_text(dice, kCrockford, 30);
}

std::string typed_digits(Dice& dice) { return random_text(dice, "0123456789", 24); }

}  // namespace tillside::qr
