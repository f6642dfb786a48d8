#include "qrcode/png.h"

#include <zlib.h>

#include <cstdint>
#include <new>
#include <string_view>

namespace tillside::qr {
namespace {

constexpr std::string_view kSignature{"\x89PNG\r\n\x1a\n", 8};
constexpr int kSmallest = 9;  // zlib's compression level

void append_be32(std::string& out, std::uint32_t value) {
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(value >> shift & 0xFFU));
}

std::uint32_t crc_of(std::string_view bytes) {
  const auto* const data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(crc32(0, data, static_cast<uInt>(bytes.size())));
}

void append_chunk(std::string& out, std::string_view type, std::string_view data) {
  append_be32(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = out.size();
  out.append(type).append(data);
  append_be32(out, crc_of(std::string_view(out).substr(start)));
}

std::string header_of(const Bitmap& picture) {
  std::string header;
  append_be32(header, static_cast<std::uint32_t>(picture.width()));
  append_be32(header, static_cast<std::uint32_t>(picture.height()));
  header.append({'\1', '\0', '\0', '\0', '\0'});  // 1 bit, grayscale, deflate, adaptive filters, not interlaced
  return header;
}

// Each row after its filter byte 0 (none). In PNG's grayscale 1 is white, so the dots are inverted.
std::string scanlines(const Bitmap& picture) {
  std::string lines;
  lines.reserve((picture.row_bytes() + 1) * static_cast<std::size_t>(picture.height()));
  for (int y = 0; y < picture.height(); ++y) {
    lines.push_back('\0');
    for (const char byte : picture.row(y)) lines.push_back(static_cast<char>(~byte));
  }
  return lines;
}

std::string deflated(const std::string& bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string out(size, '\0');
  const int outcome =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                static_cast<uLong>(bytes.size()), kSmallest);
  if (outcome != Z_OK) throw std::bad_alloc();  // the buffer is large enough: memory is all that can be missing
  out.resize(size);
  return out;
}

}  // namespace

std::string png(const Bitmap& picture) {
  if (picture.width() == 0 || picture.height() == 0) return {};
  std::string file(kSignature);
  append_chunk(file, "IHDR", header_of(picture));
  append_chunk(file, "IDAT", deflated(scanlines(picture)));
  append_chunk(file, "IEND", {});
  return file;
}

}  // namespace tillside::qr
