#include "pos_adapter/plugin/spool_file.h"

namespace tillside::pos {
namespace {

constexpr Text kMark = "tillside-pos-spool 1 ";
constexpr std::size_t kDigits = 16;

struct Hex {
  explicit Hex(std::uint32_t value) {
    for (int i = 8; i-- > 0; value >>= 4) room[i] = "0123456789abcdef"[value & 15];
  }
  Text text() const { return {room, sizeof room}; }
  char room[8];
};

// Takes the front of `line` up to a blank, and the blank.
Text word_of(Text& line) {
  std::size_t end = 0;
  while (end < line.size && line[end] != ' ') ++end;
  const Text word = line.first(end);
  line = line.from(end + 1);
  return word;
}

bool verb_named(Text name, Verb& verb) {
  for (int i = 0; i < kVerbs; ++i) {
    verb = static_cast<Verb>(i);
    if (facts_of(verb).durable && facts_of(verb).name == name) return true;
  }
  return false;
}

}  // namespace

std::uint32_t crc32(Text text) {
  static constexpr std::uint32_t kNibbles[16] = {0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4,
                                                 0x4DB26158, 0x5005713C, 0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C,
                                                 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  std::uint32_t sum = 0xFFFFFFFFU;
  for (std::size_t i = 0; i < text.size; ++i) {
    sum ^= static_cast<unsigned char>(text[i]);
    sum = sum >> 4 ^ kNibbles[sum & 15];
    sum = sum >> 4 ^ kNibbles[sum & 15];
  }
  return ~sum;
}

void SpoolLine::put(Text text) {
  std::memcpy(room_ + size_, text.data, text.size);
  size_ += text.size;
}

SpoolLine::SpoolLine(Verb verb, Text document) {
  put(kMark);
  put(facts_of(verb).name);
  put(" ");
  put(Decimal(document.size).text());
  put(" ");
  put(Hex(crc32(document)).text());
  put("\n");
}

bool read_spool_file(Text file, Verb& verb, Text& document) {
  const void* end = file.empty() ? nullptr : std::memchr(file.data, '\n', file.size < 96 ? file.size : 96);
  if (end == nullptr) return false;
  Text line = file.first(static_cast<std::size_t>(static_cast<const char*>(end) - file.data));
  document = file.from(line.size + 1);
  if (!(line.first(kMark.size) == kMark)) return false;
  line = line.from(kMark.size);
  if (!verb_named(word_of(line), verb)) return false;
  return word_of(line) == Decimal(document.size).text() && line == Hex(crc32(document)).text();
}

void spool_name(std::uint64_t number, char (&name)[kSpoolName]) {
  for (std::size_t i = kDigits; i-- > 0; number /= 10) name[i] = static_cast<char>('0' + number % 10);
  std::memcpy(name + kDigits, ".doc", 5);
}

bool number_of(const char* name, std::uint64_t& number) {
  const Text text(name);
  if (text.size != kSpoolName - 1 || !(text.from(kDigits) == ".doc")) return false;
  number = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    if (!is_digit(text[i])) return false;
    number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
  }
  return true;
}

}  // namespace tillside::pos
