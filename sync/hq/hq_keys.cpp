#include "sync/hq/hq_keys.h"

#include <sodium.h>

#include <nlohmann/json.hpp>

#include "sync/hq/private_file.h"

namespace tillside::hq {
namespace {

template <std::size_t N>
bool take(const nlohmann::json& json, const char* name, std::array<std::uint8_t, N>& out) {
  const auto at = json.find(name);
  return at != json.end() && at->is_string() && from_hex(at->get_ref<const std::string&>(), out);
}

}  // namespace

void fill_random(std::uint8_t* out, std::size_t count) { randombytes_buf(out, count); }

Bytes32 keyed_hash(const Bytes32& key, std::string_view text) {
  Bytes32 out{};
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     key.data(), key.size());
  return out;
}

Result<HqKeys> HqKeys::open(const std::filesystem::path& file) {
  if (sodium_init() < 0) return Error{ErrorCode::internal, "", "libsodium cannot start"};
  if (!std::filesystem::exists(file)) {
    const nlohmann::ordered_json fresh{{"version", 1},
                                       {"chain", to_hex(random_bytes<16>())},
                                       {"signing_seed", to_hex(random_bytes<32>())},
                                       {"master", to_hex(random_bytes<32>())}};
    if (auto status = write_private_file(file, fresh.dump(2) + "\n"); !status.ok()) return status.error();
  }
  const auto text = read_file(file);
  if (!text) return Error{ErrorCode::storage_failed, "hq.key", "cannot read " + file.string()};
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  HqKeys keys;
  Bytes32 seed{};
  if (!json.is_object() || !take(json, "chain", keys.chain_) || !take(json, "signing_seed", seed) ||
      !take(json, "master", keys.master_))
    return Error{ErrorCode::bad_format, "hq.key", file.string() + " is damaged"};
  keys.signing_ = wire::key_pair_from_seed(seed);
  return keys;
}

}  // namespace tillside::hq
