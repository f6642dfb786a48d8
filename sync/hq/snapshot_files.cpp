#include "sync/hq/snapshot_files.h"

#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "sync/wire/snapshot.h"

namespace tillside::hq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 20, kKept = 2;

class Sink {
 public:
  explicit Sink(const fs::path& file) : out_(file, std::ios::binary | std::ios::trunc) {
    crypto_generichash_init(&state_, nullptr, 0, 32);
  }
  void add(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    bytes_ += bytes.size();
  }
  Bytes32 finish() {
    Bytes32 digest{};
    crypto_generichash_final(&state_, digest.data(), digest.size());
    out_.close();
    return digest;
  }
  bool ok() const { return !out_.fail(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::ofstream out_;
  crypto_generichash_state state_;
  std::uint64_t bytes_ = 0;
};

void drop_old(const fs::path& folder) {
  std::vector<fs::directory_entry> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".snap") files.push_back(entry);
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.last_write_time() > b.last_write_time(); });
  std::error_code ignored;
  for (std::size_t i = kKept; i < files.size(); ++i) fs::remove(files[i].path(), ignored);
}

Error cannot_write(const fs::path& folder) {
  return {ErrorCode::storage_failed, "snapshot", "cannot write into " + folder.string()};
}

}  // namespace

Result<wire::MembersCheckpoint> write_snapshot(Ledger& ledger, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  std::uint64_t rows = 0;
  if (auto status = ledger.each_member_id([&](const IdHash&, std::string_view) { ++rows; }); !status.ok())
    return status.error();
  const auto part = folder / "members.part";
  Sink sink(part);
  std::string piece;
  wire::append_snapshot_head(piece, rows);
  std::uint64_t written = 0;
  const auto status = ledger.each_member_id([&](const IdHash& hash, std::string_view record) {
    wire::append_snapshot_row(piece, hash, record);
    ++written;
    if (piece.size() < kBlock) return;
    sink.add(piece);
    piece.clear();
  });
  sink.add(piece);
  wire::MembersCheckpoint checkpoint;
  checkpoint.digest = sink.finish();
  if (!status.ok()) return status.error();
  if (!sink.ok()) return cannot_write(folder);
  if (written != rows) return Error{ErrorCode::unavailable, "snapshot", "members changed meanwhile"};
  checkpoint.rows = rows;
  checkpoint.bytes = sink.bytes();
  checkpoint.snapshot = "members-" + to_hex(checkpoint.digest.data(), 12) + ".snap";
  fs::rename(part, folder / checkpoint.snapshot, error);
  if (error) return cannot_write(folder);
  drop_old(folder);
  return checkpoint;
}

}  // namespace tillside::hq
