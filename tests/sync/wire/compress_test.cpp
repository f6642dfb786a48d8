#include "sync/wire/compress.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include <vector>

namespace tillside::wire {
namespace {

std::string sample() {
  std::string text;
  for (int i = 0; i < 500; ++i) text += R"({"k":"checkout","n":)" + std::to_string(i * 7919) + "}\n";
  return text;
}

std::string zstd_frame(const std::string& text, bool says_its_size = true) {
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, says_its_size ? 1 : 0);
  frame.resize(ZSTD_compress2(context, frame.data(), frame.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return frame;
}

ErrorCode code_of(const Result<std::string>& result) { return result ? ErrorCode::internal : result.error().code; }

TEST(Compress, ComesBackTheSameWithAndWithoutTheDictionary) {
  Decompressor reader;
  for (const bool with_dictionary : {true, false}) {
    Compressor writer(9, with_dictionary);
    for (const auto& text : {std::string(), std::string("x"), sample()}) {
      const auto frame = writer.compress(text);
      EXPECT_EQ(ZSTD_getDictID_fromFrame(frame.data(), frame.size()), with_dictionary ? shipped_dictionary_id() : 0);
      auto back = reader.decompress(frame, 1 << 20);
      ASSERT_TRUE(back) << back.error().detail;
      EXPECT_EQ(*back, text);
      EXPECT_GE(back->capacity(), back->size() + 64);
    }
  }
}

TEST(Compress, WithItsMemoryKeptEveryFrameIsTheSame) {
  for (const int level : {1, 9}) {
    Compressor keeping(level, true, Compressor::Memory::kept), fresh(level);
    for (const auto& text : {sample(), std::string("x"), std::string(), sample() + sample(), sample()})
      EXPECT_EQ(keeping.compress(text), fresh.compress(text));
  }
}

TEST(Compress, FramesThatDoNotSayTheirSizeAreRead) {
  const std::string text(300'000, 'y');
  auto back = Decompressor().decompress(zstd_frame(text, false), 300'000);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, text);
  EXPECT_GE(back->capacity(), back->size() + 64);
}

TEST(Compress, NeverMoreThanWasAllowed) {
  const std::string bomb(10'000'000, '\0');
  for (const bool says : {true, false}) {
    EXPECT_EQ(code_of(Decompressor().decompress(zstd_frame(bomb, says), 9'999'999)), ErrorCode::out_of_range);
    EXPECT_TRUE(Decompressor().decompress(zstd_frame(bomb, says), 10'000'000));
  }
  EXPECT_EQ(code_of(Decompressor().decompress(zstd_frame("x"), 0)), ErrorCode::out_of_range);
}

TEST(Compress, AFrameThatLiesAboutItsSizeIsRefused) {
  std::string frame = zstd_frame(std::string(200, 'a') + sample().substr(0, 40));  // one byte of size: 240
  ASSERT_EQ(ZSTD_getFrameContentSize(frame.data(), frame.size()), 240u);
  frame[5] = 100;
  EXPECT_FALSE(Decompressor().decompress(frame, 1 << 20));
  frame[5] = static_cast<char>(250);
  EXPECT_FALSE(Decompressor().decompress(frame, 1 << 20));
}

TEST(Compress, OneWholeFrameAndNothingElse) {
  const auto frame = zstd_frame(sample());
  Decompressor reader;
  EXPECT_EQ(code_of(reader.decompress("", 100)), ErrorCode::bad_format);
  EXPECT_EQ(code_of(reader.decompress("plain text", 100)), ErrorCode::bad_format);
  EXPECT_EQ(code_of(reader.decompress(frame + frame, 1 << 20)), ErrorCode::bad_format);
  EXPECT_EQ(code_of(reader.decompress(frame + "x", 1 << 20)), ErrorCode::bad_format);
  EXPECT_EQ(code_of(reader.decompress(std::string("\x50\x2a\x4d\x18\0\0\0\0", 8), 100)), ErrorCode::bad_format);
  for (std::size_t cut = 0; cut < frame.size(); cut += 7)
    EXPECT_FALSE(reader.decompress(std::string_view(frame).substr(0, cut), 1 << 20)) << cut;
  EXPECT_TRUE(reader.decompress(frame, 1 << 20));
}

TEST(Compress, AFlippedBitIsNoticed) {
  const auto frame = Compressor().compress(sample());
  Decompressor reader;
  for (std::size_t at = 4; at < frame.size(); at += 13) {
    std::string damaged = frame;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    auto back = reader.decompress(damaged, 1 << 20);
    if (!back) continue;
    EXPECT_EQ(*back, sample());  // a bit that means nothing
  }
}

TEST(Compress, AnUnknownDictionaryIsNamedAsSuch) {
  std::string frame("\x28\xb5\x2f\xfd\x23\x78\x56\x34\x12\x00\x01\x00\x00", 13);  // needs dictionary 0x12345678
  EXPECT_EQ(code_of(Decompressor().decompress(frame, 100)), ErrorCode::unknown_value);
}

TEST(Compress, TheShippedDictionaryIsTheOneTheWriterNames) {
  if (shipped_dictionary_id() == 0) GTEST_SKIP() << "no dictionary was trained yet";
  EXPECT_EQ(shipped_dictionary_id(), 1701u);
}

}  // namespace
}  // namespace tillside::wire
