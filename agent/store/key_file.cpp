#include "agent/store/key_file.h"

#include <nlohmann/json.hpp>

#include "agent/platform/files.h"
#include "agent/platform/random.h"

namespace tillside::store {

KeyFile::KeyFile(const std::filesystem::path& folder) : file_(folder / "till.key") {}

Result<wire::KeyPair> KeyFile::current() {
  const std::lock_guard lock(mutex_);
  auto keys = this->keys();
  if (!keys) return keys.error();
  return pair_of(keys->seed, current_);
}

Result<wire::KeyPair> KeyFile::next() {
  const std::lock_guard lock(mutex_);
  auto keys = this->keys();
  if (!keys) return keys.error();
  return pair_of(keys->next, next_);
}

const wire::KeyPair& KeyFile::pair_of(const Bytes32& seed, Made& made) {
  if (!made.pair || made.seed != seed) made = {seed, wire::key_pair_from_seed(seed)};
  return *made.pair;
}

Status KeyFile::switch_to_next() {
  const std::lock_guard lock(mutex_);
  auto keys = this->keys();
  if (!keys) return keys.error();
  return write({keys->switched + 1, keys->next, random_bytes<Bytes32>()});
}

Result<std::uint32_t> KeyFile::switched() {
  const std::lock_guard lock(mutex_);
  auto keys = this->keys();
  if (!keys) return keys.error();
  return keys->switched;
}

Result<KeyFile::Keys> KeyFile::keys() {
  if (keys_) return *keys_;
  std::error_code error;
  if (!std::filesystem::exists(file_, error)) {
    if (error) return Error{ErrorCode::storage_failed, {}, "cannot look at " + file_.string()};
    const Keys fresh{0, random_bytes<Bytes32>(), random_bytes<Bytes32>()};
    if (Status written = write(fresh); !written) return written.error();
    return fresh;
  }
  const auto text = read_file(file_);
  if (!text) return Error{ErrorCode::storage_failed, {}, "cannot read " + file_.string()};
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const Error unreadable{ErrorCode::bad_format, {}, file_.string() + " is no key file"};
  if (!json.is_object()) return unreadable;
  if (json.value("version", nlohmann::json()) != 1) return Error{ErrorCode::too_new, {}, file_.string()};
  const auto seed = json.find("seed"), next = json.find("next"), switched = json.find("switched");
  if (seed == json.end() || next == json.end() || switched == json.end()) return unreadable;
  if (!seed->is_string() || !next->is_string() || !switched->is_number_unsigned()) return unreadable;
  Keys keys;
  keys.switched = switched->get<std::uint32_t>();
  if (!from_hex(seed->get_ref<const std::string&>(), keys.seed)) return unreadable;
  if (!from_hex(next->get_ref<const std::string&>(), keys.next)) return unreadable;
  keys_ = keys;
  return keys;
}

Status KeyFile::write(const Keys& keys) {
  const nlohmann::ordered_json json{
      {"version", 1}, {"switched", keys.switched}, {"seed", to_hex(keys.seed)}, {"next", to_hex(keys.next)}};
  if (Status written = write_private_file(file_, json.dump() + "\n"); !written) {
    keys_.reset();
    return written;
  }
  keys_ = keys;
  return {};
}

}  // namespace tillside::store
