#include "sync/wire/compress.h"

#include <zstd.h>

#include <algorithm>
#include <map>

#include "sync/wire/dictionaries.h"

namespace tillside::wire {
namespace {

constexpr std::size_t kPadding = 64;          // readable bytes behind a text, for simdjson
constexpr std::size_t kFirstRoom = 64 << 10;  // when a frame does not say how large it is
constexpr int kMaxWindowLog = 23;             // 8 MiB, the largest batch

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
struct FreeDictionary {
  void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};
using ReadyDictionary = std::unique_ptr<ZSTD_DDict, FreeDictionary>;

// Digested once for all threads; they are never written again.
const std::map<std::uint32_t, ReadyDictionary>& ready_dictionaries() {
  static const auto ready = [] {
    std::map<std::uint32_t, ReadyDictionary> made;
    for (const auto& dictionary : shipped_dictionaries())
      made.emplace(dictionary.id, ReadyDictionary(ZSTD_createDDict(dictionary.bytes.data(), dictionary.bytes.size())));
    return made;
  }();
  return ready;
}

Error bad_frame(std::string detail) { return Error{ErrorCode::bad_format, "", std::move(detail)}; }

Error too_large(std::size_t max_bytes) {
  return Error{ErrorCode::out_of_range, "", "more than " + std::to_string(max_bytes) + " bytes"};
}

bool is_frame(std::string_view frame) {
  return frame.size() >= 4 && static_cast<unsigned char>(frame[0]) == 0x28 &&
         static_cast<unsigned char>(frame[1]) == 0xb5 && static_cast<unsigned char>(frame[2]) == 0x2f &&
         static_cast<unsigned char>(frame[3]) == 0xfd;
}

// How much room to begin with; nullopt when the frame itself says it is beyond max_bytes.
std::optional<std::size_t> first_room(std::string_view frame, std::size_t max_bytes) {
  const auto said = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (said == ZSTD_CONTENTSIZE_UNKNOWN || said == ZSTD_CONTENTSIZE_ERROR) return std::min(kFirstRoom, max_bytes);
  if (said > max_bytes) return std::nullopt;
  return static_cast<std::size_t>(said);
}

void make_room(std::string& text, std::size_t room) {
  text.reserve(room + kPadding);
  text.resize(room);
}

}  // namespace

struct Compressor::Impl {
  int level;
  const Dictionary* dictionary;
  Memory memory;
  std::unique_ptr<ZSTD_CCtx, FreeCompressor> context = nullptr;

  void begin() {
    if (context) return;
    context.reset(ZSTD_createCCtx());
    if (!context) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    if (dictionary != nullptr)
      ZSTD_CCtx_loadDictionary(context.get(), dictionary->bytes.data(), dictionary->bytes.size());
  }
};

Compressor::Compressor(int level, bool with_dictionary, Memory memory)
    : impl_(std::make_unique<Impl>(Impl{level, with_dictionary ? newest_dictionary() : nullptr, memory})) {}
Compressor::~Compressor() = default;

std::string Compressor::compress(std::string_view text) {
  impl_->begin();
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(impl_->context.get(), frame.data(), frame.size(), text.data(), text.size());
  if (impl_->memory == Memory::given_back || ZSTD_isError(size)) impl_->context.reset();
  if (ZSTD_isError(size)) throw std::bad_alloc();  // with room enough, only memory can fail
  frame.resize(size);
  frame.shrink_to_fit();
  return frame;
}

struct Decompressor::Impl {
  std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};

  // False when the frame needs a dictionary that was never shipped.
  bool begin(std::string_view frame) {
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
    const auto id = ZSTD_getDictID_fromFrame(frame.data(), frame.size());
    if (id == 0) return true;
    const auto found = ready_dictionaries().find(id);
    return found != ready_dictionaries().end() && !ZSTD_isError(ZSTD_DCtx_refDDict(context.get(), found->second.get()));
  }
};

Decompressor::Decompressor() : impl_(std::make_unique<Impl>()) {
  if (!impl_->context) throw std::bad_alloc();
}
Decompressor::~Decompressor() = default;

Result<std::string> Decompressor::decompress(std::string_view frame, std::size_t max_bytes) {
  if (!is_frame(frame)) return bad_frame("not a zstd frame");
  if (!impl_->begin(frame)) return Error{ErrorCode::unknown_value, "", "unknown dictionary"};
  const auto room = first_room(frame, max_bytes);
  if (!room) return too_large(max_bytes);

  std::string text;
  make_room(text, *room);
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  std::size_t done = 0;
  while (true) {
    ZSTD_outBuffer out{text.data(), text.size(), done};
    const std::size_t before_in = in.pos;
    const std::size_t left = ZSTD_decompressStream(impl_->context.get(), &out, &in);
    if (ZSTD_isError(left)) return bad_frame(ZSTD_getErrorName(left));
    const bool moved = out.pos != done || in.pos != before_in;
    done = out.pos;
    if (left == 0) break;
    if (done == text.size()) {
      if (done >= max_bytes && !moved) return too_large(max_bytes);
      if (done < max_bytes) make_room(text, std::min(max_bytes, std::max(2 * done, kFirstRoom)));
    } else if (!moved || in.pos == in.size) {
      return bad_frame("cut off");
    }
  }
  if (in.pos != in.size) return bad_frame("something follows the frame");
  text.resize(done);
  return text;
}

std::uint32_t shipped_dictionary_id() { return newest_dictionary() == nullptr ? 0 : newest_dictionary()->id; }

}  // namespace tillside::wire
