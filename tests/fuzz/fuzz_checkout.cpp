// The checkout's JSON: whatever comes in, nothing crashes; what is taken is JSON to a second parser as well, and
// survives being written and read again with the same content and the same identity.
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "agent/domain/checkout_json.h"

namespace {

using namespace tillside;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

// True also for numbers too large for a double, which are JSON all the same.
bool is_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  try {
    [[maybe_unused]] const auto parsed = nlohmann::json::parse(text);
    return true;
  } catch (const nlohmann::json::out_of_range&) {
    return true;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

void survives(CheckoutReader& reader, const Checkout& checkout, const CheckoutReader::Defaults& defaults) {
  const auto again = reader.read(write_checkout(checkout, *defaults.zone), defaults);
  expect(again.ok(), "what was written cannot be read");
  const Bytes32 key{};
  expect(content_digest(*again, key) == content_digest(checkout, key), "another content after write and read");
  expect(identity_of(*again) == identity_of(checkout), "another identity after write and read");
  const auto first = validate(checkout, checkout.currency), second = validate(*again, checkout.currency);
  expect(first.ok() == second.ok(), "another judgement after write and read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static CheckoutReader reader;
  static const StoreZone zone;
  CheckoutReader::Defaults defaults;
  defaults.store_id = "0123";
  defaults.zone = &zone;
  defaults.now = Instant{1'795'310'000'000};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checkout = reader.read(text, defaults);
  if (!checkout) return 0;
  expect(is_json(text), "taken, but not JSON");
  survives(reader, *checkout, defaults);
  return 0;
}
