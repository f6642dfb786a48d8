#include "sync/hq/hq_key_choice.h"

#include <algorithm>

namespace tillside::hq {
namespace {

// The generations that a pair begins with, newest first.
std::vector<std::uint8_t> pairs_of(const HqKeys& keys, const HqState& hq) {
  std::vector<std::uint8_t> pairs{keys.begins(hq.key_generation)};
  while (pairs.back() > 0) pairs.push_back(keys.begins(static_cast<std::uint8_t>(pairs.back() - 1)));
  return pairs;
}

bool is_revoked(std::uint8_t pair, const HqKeys& keys, const HqState& hq) {
  for (std::uint8_t generation = pair; generation <= hq.key_generation && keys.begins(generation) == pair; ++generation)
    if (((hq.revoked_generations >> generation) & 1u) != 0) return true;
  return false;
}

}  // namespace

std::uint8_t key_known_to(const wire::ContactRequest& request, const HqKeys& keys, const HqState& hq) {
  if (const auto said = keys.begins(request.hq_key); said && *said <= hq.key_generation) return *said;
  if (request.hq_key != VerifyingKey{}) return hq.key_generation;
  const auto pairs = pairs_of(keys, hq);
  const auto signed_by = std::find_if(pairs.begin(), pairs.end(), [&](std::uint8_t pair) {
    return read_certificate(request.certificate, keys.signing(pair).public_key).ok();
  });
  return signed_by == pairs.end() ? hq.key_generation : *signed_by;
}

Result<Certificate> vouched_for(std::string_view certificate, const HqKeys& keys, const HqState& hq) {
  for (const auto pair : pairs_of(keys, hq)) {
    if (is_revoked(pair, keys, hq)) continue;
    auto read = read_certificate(certificate, keys.signing(pair).public_key);
    if (read || read.error().code != ErrorCode::bad_signature) return read;
  }
  return Error{ErrorCode::bad_signature, "certificate", "not signed by this headquarters"};
}

}  // namespace tillside::hq
