#include "sync/wire/snapshot.h"

#include <sodium.h>

#include <algorithm>
#include <optional>

#include "sync/wire/big_endian.h"

namespace tillside::wire {
namespace {

constexpr std::size_t kHeadBytes = kSnapshotMagic.size() + 8;
constexpr std::size_t kRowHead = std::tuple_size_v<IdHash> + 1;

Error bad(std::string detail) { return Error{ErrorCode::bad_format, "snapshot", std::move(detail)}; }

}  // namespace

void append_snapshot_head(std::string& out, std::uint64_t rows) {
  out += kSnapshotMagic;
  append_big_endian(out, rows);
}

void append_snapshot_row(std::string& out, const IdHash& hash, std::string_view record) {
  record = record.substr(0, 255);
  append_bytes(out, hash);
  append_big_endian(out, static_cast<std::uint8_t>(record.size()));
  out += record;
}

struct SnapshotReader::Impl {
  explicit Impl(Row row_in) : row(std::move(row_in)) {
    crypto_generichash_init(&digest, nullptr, 0, std::tuple_size_v<Bytes32>);
  }

  Row row;
  crypto_generichash_state digest;
  std::string rest;                   // bytes of an unfinished head or row
  std::optional<std::uint64_t> rows;  // as the head says
  std::uint64_t seen = 0;
  std::optional<IdHash> last;
  std::optional<Error> trouble;

  // How many bytes of `bytes` made a whole head or row; 0 when more are needed.
  Result<std::size_t> take(std::string_view bytes) { return rows ? take_row(bytes) : take_head(bytes); }

  Result<std::size_t> take_head(std::string_view bytes) {
    const auto known = std::min(bytes.size(), kSnapshotMagic.size());
    if (bytes.substr(0, known) != kSnapshotMagic.substr(0, known)) return bad("not a members snapshot");
    if (bytes.size() < kHeadBytes) return std::size_t{0};
    rows = read_big_endian<std::uint64_t>(bytes.data() + kSnapshotMagic.size());
    return kHeadBytes;
  }

  Result<std::size_t> take_row(std::string_view bytes) {
    if (bytes.empty()) return std::size_t{0};
    if (seen == *rows) return bad("more rows than its head says");
    if (bytes.size() < kRowHead) return std::size_t{0};
    const std::size_t size = kRowHead + static_cast<unsigned char>(bytes[kRowHead - 1]);
    if (bytes.size() < size) return std::size_t{0};
    IdHash hash{};
    std::copy_n(bytes_of(bytes), hash.size(), hash.begin());
    if (last && hash <= *last) return bad("rows are not in rising order");
    last = hash;
    ++seen;
    if (auto status = row(hash, bytes.substr(kRowHead, size - kRowHead)); !status) return status.error();
    return size;
  }

  // Takes as many whole pieces off `bytes` as there are.
  Status take_all(std::string_view& bytes) {
    while (true) {
      auto taken = take(bytes);
      if (!taken) return taken.error();
      if (*taken == 0) return {};
      bytes.remove_prefix(*taken);
    }
  }
};

SnapshotReader::SnapshotReader(Row row) : impl_(std::make_unique<Impl>(std::move(row))) {}
SnapshotReader::~SnapshotReader() = default;

Status SnapshotReader::feed(std::string_view bytes) {
  if (impl_->trouble) return *impl_->trouble;
  crypto_generichash_update(&impl_->digest, bytes_of(bytes), bytes.size());
  if (!impl_->rest.empty()) {
    impl_->rest += bytes;
    bytes = impl_->rest;
  }
  auto status = impl_->take_all(bytes);
  impl_->rest = std::string(bytes);
  if (!status) impl_->trouble = status.error();
  return status;
}

Status SnapshotReader::finish(std::uint64_t expected_rows, const Bytes32& expected_digest) {
  if (impl_->trouble) return *impl_->trouble;
  if (!impl_->rows || !impl_->rest.empty()) return bad("cut off");
  if (impl_->seen != *impl_->rows || impl_->seen != expected_rows) return bad("not as many rows as promised");
  Bytes32 digest{};
  crypto_generichash_final(&impl_->digest, digest.data(), digest.size());
  if (digest != expected_digest) return bad("its digest is another");
  return {};
}

}  // namespace tillside::wire
