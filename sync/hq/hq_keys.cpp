#include "sync/hq/hq_keys.h"

#include <sodium.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "sync/hq/private_file.h"

namespace tillside::hq {
namespace {

template <std::size_t N>
bool take(const nlohmann::json& json, const char* name, std::array<std::uint8_t, N>& out) {
  const auto at = json.find(name);
  return at != json.end() && at->is_string() && from_hex(at->get_ref<const std::string&>(), out);
}

constexpr const char* kLater = "later_signing_seeds";  // [{"generation","seed"}], rising

}  // namespace

// The first pair begins with generation 0.
struct HqKeys::Ring {
  struct Pair {
    std::uint8_t generation = 0;
    wire::KeyPair keys;
  };
  std::filesystem::path file;
  std::mutex mutex;
  std::vector<Pair> pairs;  // guarded by mutex; rising, never empty

  const Pair& of(std::uint8_t generation) const {
    auto at = pairs.size() - 1;
    while (at > 0 && pairs[at].generation > generation) --at;
    return pairs[at];
  }
  bool take(const nlohmann::json& json);
};

bool HqKeys::Ring::take(const nlohmann::json& json) {
  Bytes32 seed{};
  if (!tillside::hq::take(json, "signing_seed", seed)) return false;
  pairs.push_back({0, wire::key_pair_from_seed(seed)});
  for (const auto& later : json.value(kLater, nlohmann::json::array())) {
    const auto generation = later.is_object() ? later.value("generation", nlohmann::json()) : nlohmann::json();
    if (!generation.is_number_unsigned() || generation > 15u || generation <= pairs.back().generation ||
        !tillside::hq::take(later, "seed", seed))
      return false;
    pairs.push_back({generation.get<std::uint8_t>(), wire::key_pair_from_seed(seed)});
  }
  return true;
}

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
  keys.ring_ = std::make_shared<Ring>();
  keys.ring_->file = file;
  if (!json.is_object() || !take(json, "chain", keys.chain_) || !take(json, "master", keys.master_) ||
      !keys.ring_->take(json))
    return Error{ErrorCode::bad_format, "hq.key", file.string() + " is damaged"};
  return keys;
}

wire::KeyPair HqKeys::signing(std::uint8_t generation) const {
  const std::lock_guard lock(ring_->mutex);
  return ring_->of(generation).keys;
}

std::uint8_t HqKeys::newest() const {
  const std::lock_guard lock(ring_->mutex);
  return ring_->pairs.back().generation;
}

std::optional<std::uint8_t> HqKeys::begins(const VerifyingKey& key) const {
  const std::lock_guard lock(ring_->mutex);
  for (const auto& pair : ring_->pairs)
    if (pair.keys.public_key == key) return pair.generation;
  return std::nullopt;
}

std::uint8_t HqKeys::begins(std::uint8_t generation) const {
  const std::lock_guard lock(ring_->mutex);
  return ring_->of(generation).generation;
}

std::vector<wire::HqKeyLink> HqKeys::links(std::uint8_t from, std::uint8_t to) const {
  const std::lock_guard lock(ring_->mutex);
  std::vector<wire::HqKeyLink> links;
  const auto* before = &ring_->of(from);
  for (const auto& pair : ring_->pairs) {
    if (pair.generation <= before->generation || pair.generation > to) continue;
    auto& link = links.emplace_back();
    link.generation = pair.generation;
    link.key = pair.keys.public_key;
    wire::sign(link, chain_, before->keys.secret_key);
    before = &pair;
  }
  return links;
}

Status HqKeys::add(std::uint8_t generation) {
  const std::lock_guard lock(ring_->mutex);
  const auto newest = ring_->pairs.back().generation;
  if (newest == generation) return {};
  if (newest > generation || generation > 15)
    return Error{ErrorCode::out_of_range, "generation", "not above the newest"};
  const auto text = read_file(ring_->file);
  auto json = nlohmann::ordered_json::parse(text.value_or(""), nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::storage_failed, "hq.key", "cannot read " + ring_->file.string()};
  const auto seed = random_bytes<32>();
  json[kLater].push_back({{"generation", generation}, {"seed", to_hex(seed)}});
  if (auto status = write_private_file(ring_->file, json.dump(2) + "\n"); !status.ok()) return status;
  ring_->pairs.push_back({generation, wire::key_pair_from_seed(seed)});
  return {};
}

}  // namespace tillside::hq
