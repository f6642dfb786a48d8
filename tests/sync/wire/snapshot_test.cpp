#include "sync/wire/snapshot.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <vector>

namespace tillside::wire {
namespace {

struct Sample {
  std::string file;
  Bytes32 digest{};
  std::uint64_t rows = 0;

  explicit Sample(std::uint64_t count) : rows(count) {
    append_snapshot_head(file, count);
    for (std::uint64_t i = 0; i < count; ++i)
      append_snapshot_row(file, IdHash{static_cast<std::uint8_t>(i + 1)},
                          std::string(static_cast<std::size_t>(i * 20), 'r'));
    seal();
  }
  void seal() {
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(file.data()), file.size(),
                       nullptr, 0);
  }
};

struct Read {
  std::vector<std::size_t> lengths;
  Status status;
};

Read read(const Sample& sample, std::size_t piece) {
  Read result;
  SnapshotReader reader([&](const IdHash&, std::string_view record) {
    result.lengths.push_back(record.size());
    return Status{};
  });
  std::string_view rest = sample.file;
  while (!rest.empty() && result.status) {
    result.status = reader.feed(rest.substr(0, piece));
    rest.remove_prefix(std::min(piece, rest.size()));
  }
  if (result.status) result.status = reader.finish(sample.rows, sample.digest);
  return result;
}

TEST(Snapshot, IsReadInPiecesOfAnySize) {
  const Sample sample(12);
  for (const std::size_t piece : {1u, 2u, 7u, 16u, 17u, 100u, 100'000u}) {
    const auto result = read(sample, piece);
    EXPECT_TRUE(result.status) << piece;
    ASSERT_EQ(result.lengths.size(), 12u);
    EXPECT_EQ(result.lengths[11], 220u);
  }
  EXPECT_TRUE(read(Sample(0), 3).status);
}

TEST(Snapshot, RefusesWhatIsDamaged) {
  for (const std::size_t piece : {1u, 1000u}) {
    const Sample good(5);
    const auto is_bad = [piece](Sample sample, bool sealed) {
      if (sealed) sample.seal();
      const auto result = read(sample, piece);
      return !result.status && result.status.error().code == ErrorCode::bad_format;
    };
    for (std::size_t at = 0; at < good.file.size(); ++at) {
      auto flipped = good;
      flipped.file[at] = static_cast<char>(flipped.file[at] ^ 1);
      EXPECT_TRUE(is_bad(flipped, false)) << at;
    }
    for (std::size_t cut = 0; cut < good.file.size(); ++cut) {
      auto shorter = good;
      shorter.file.resize(cut);
      EXPECT_TRUE(is_bad(shorter, true)) << cut;
    }
    auto longer = good, twice = good, fewer = good;
    longer.file += "x";
    append_snapshot_row(twice.file, IdHash{5}, "");
    twice.file[15] = 6;
    twice.rows = 6;
    fewer.rows = 4;
    EXPECT_TRUE(is_bad(longer, true));
    EXPECT_TRUE(is_bad(twice, true));
    EXPECT_TRUE(is_bad(fewer, true));
  }
}

TEST(Snapshot, ARowThatCannotBeKeptEndsIt) {
  const Sample sample(3);
  int rows = 0;
  SnapshotReader reader([&](const IdHash&, std::string_view) -> Status {
    if (++rows == 2) return Error{ErrorCode::storage_full, "", ""};
    return {};
  });
  EXPECT_EQ(reader.feed(sample.file).error().code, ErrorCode::storage_full);
  EXPECT_EQ(rows, 2);
  EXPECT_FALSE(reader.feed("more"));
  EXPECT_FALSE(reader.finish(3, sample.digest));
}

}  // namespace
}  // namespace tillside::wire
