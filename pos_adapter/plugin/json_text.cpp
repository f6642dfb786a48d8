#include "pos_adapter/plugin/json_text.h"

#include <climits>

namespace tillside::pos {
namespace {

int hex_of(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// Goes over a text from its front. Each step answers whether what it wants is there, and stands behind it then.
class Walk {
 public:
  explicit Walk(Text text) : text_(text) {}

  std::size_t at() const { return at_; }
  bool done() const { return at_ == text_.size; }
  char next() const { return done() ? '\0' : text_[at_]; }
  Text since(std::size_t begin) const { return {text_.data + begin, at_ - begin}; }

  void blanks() {
    while (!done() && is_blank(text_[at_])) ++at_;
  }
  bool sign(char c) {
    if (next() != c || done()) return false;
    ++at_;
    return true;
  }
  bool word(Text word) {
    if (!(text_.from(at_).first(word.size) == word)) return false;
    at_ += word.size;
    return true;
  }
  bool string() {
    if (!sign('"')) return false;
    while (!done()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }
  bool number() {
    sign('-');
    if (!sign('0') && !digits()) return false;
    if (sign('.') && !digits()) return false;
    if (sign('e') || sign('E')) {
      if (!sign('+')) sign('-');
      return digits();
    }
    return true;
  }
  bool scalar() {
    const char c = next();
    if (c == '"') return string();
    if (c == '-' || is_digit(c)) return number();
    return word("true") || word("false") || word("null");
  }
  bool value();

 private:
  bool digits() {
    const std::size_t begin = at_;
    while (is_digit(next())) ++at_;
    return at_ != begin;
  }
  bool escape() {
    if (done()) return false;
    const char c = text_[at_++];
    if (c != 'u') return std::memchr("\"\\/bfnrt", c, 8) != nullptr;
    for (int i = 0; i < 4; ++i)
      if (hex_of(next()) < 0 || done())
        return false;
      else
        ++at_;
    return true;
  }
  bool name() {
    blanks();
    if (!string()) return false;
    blanks();
    return sign(':');
  }

  const Text text_;
  std::size_t at_ = 0;
};

// One value of any depth up to the limit. `open` holds the closing sign of each level that is not closed yet.
bool Walk::value() {
  char open[kMostDepth];
  int depth = 0;
  for (;;) {
    blanks();
    if (next() == '{' || next() == '[') {
      if (depth == kMostDepth) return false;
      const char close = next() == '{' ? '}' : ']';
      ++at_;
      blanks();
      open[depth++] = close;
      if (next() != close) {
        if (close == '}' && !name()) return false;
        continue;
      }
    } else if (!scalar()) {
      return false;
    }
    for (;;) {  // behind a value, or before the end of an empty level
      if (depth == 0) return true;
      blanks();
      if (sign(open[depth - 1])) {
        --depth;
        continue;
      }
      if (!sign(',')) return false;
      if (open[depth - 1] == '}' && !name()) return false;
      break;
    }
  }
}

std::size_t put_utf8(unsigned code, char* out) {
  const auto byte = [](unsigned bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  if (code < 0x80) return out[0] = byte(code), 1;
  if (code < 0x800) return out[0] = byte(0xC0 | code >> 6), out[1] = byte(0x80 | (code & 0x3F)), 2;
  if (code < 0x10000)
    return out[0] = byte(0xE0 | code >> 12), out[1] = byte(0x80 | (code >> 6 & 0x3F)),
           out[2] = byte(0x80 | (code & 0x3F)), 3;
  out[0] = byte(0xF0 | code >> 18);
  out[1] = byte(0x80 | (code >> 12 & 0x3F));
  out[2] = byte(0x80 | (code >> 6 & 0x3F));
  out[3] = byte(0x80 | (code & 0x3F));
  return 4;
}

// The four digits behind "\u"; `inside` has them.
unsigned unit_at(Text inside, std::size_t at) {
  unsigned unit = 0;
  for (std::size_t i = 0; i < 4; ++i) unit = unit << 4 | static_cast<unsigned>(hex_of(inside[at + i]));
  return unit;
}

// Resolves the escape at `at` (on its backslash) into `out` (4 bytes) and moves behind it. 0: it names no character.
std::size_t resolve(Text inside, std::size_t& at, char* out) {
  const char kind = inside[at + 1];
  if (kind != 'u') {
    static constexpr char kNames[] = "\"\\/bfnrt", kMeant[] = "\"\\/\b\f\n\r\t";
    const auto* found = static_cast<const char*>(std::memchr(kNames, kind, sizeof kNames - 1));
    out[0] = kMeant[found - kNames];
    at += 2;
    return 1;
  }
  unsigned code = unit_at(inside, at + 2);
  at += 6;
  if (code >= 0xDC00 && code < 0xE000) return 0;
  if (code < 0xD800 || code >= 0xE000) return put_utf8(code, out);
  if (inside.size < at + 6 || inside[at] != '\\' || inside[at + 1] != 'u') return 0;
  const unsigned low = unit_at(inside, at + 2);
  if (low < 0xDC00 || low >= 0xE000) return 0;
  at += 6;
  code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  return put_utf8(code, out);
}

// A string's inside, well-formed, piece by piece: `take(bytes, count)` answers whether to go on.
template <typename Take>
bool unescaped(Text inside, Take take) {
  for (std::size_t at = 0; at < inside.size;) {
    if (inside[at] != '\\') {
      if (!take(inside.data + at, std::size_t{1})) return false;
      ++at;
      continue;
    }
    char resolved[4];
    const std::size_t count = resolve(inside, at, resolved);
    if (count == 0 || !take(resolved, count)) return false;
  }
  return true;
}

Text inside_of(Text string) { return {string.data + 1, string.size - 2}; }

bool is_name(Text string, Text name) {
  const bool same = unescaped(inside_of(string), [&](const char* bytes, std::size_t count) {
    if (!(name.first(count) == Text(bytes, count))) return false;
    name = name.from(count);
    return true;
  });
  return same && name.empty();
}

Text member_of(Text object, Text name) {
  Text found;
  Walk walk(object);
  walk.blanks();
  if (!walk.sign('{')) return {};
  do {
    walk.blanks();
    std::size_t begin = walk.at();
    if (!walk.string()) return {};
    const bool wanted = is_name(walk.since(begin), name);
    walk.blanks();
    if (!walk.sign(':')) return {};
    walk.blanks();
    begin = walk.at();
    if (!walk.value()) return {};
    if (wanted) found = walk.since(begin);
    walk.blanks();
  } while (walk.sign(','));
  return walk.sign('}') ? found : Text();
}

// Goes over an array; stops on element number `index`. `count` receives how many there were before that.
Text element_of(Text array, std::size_t index, std::size_t& count) {
  count = 0;
  Walk walk(array);
  walk.blanks();
  if (!walk.sign('[')) return {};
  walk.blanks();
  if (walk.sign(']')) return {};
  do {
    walk.blanks();
    const std::size_t begin = walk.at();
    if (!walk.value()) return {};
    if (count == index) return walk.since(begin);
    ++count;
    walk.blanks();
  } while (walk.sign(','));
  if (!walk.sign(']')) count = 0;
  return {};
}

// Takes "[12]" from the front of a path. False: not of that form.
bool take_index(Text& path, std::size_t& index) {
  std::size_t at = 1;
  index = 0;
  while (at < path.size && at < 8 && is_digit(path[at]))
    index = index * 10 + static_cast<std::size_t>(path[at++] - '0');
  if (at == 1 || at >= path.size || path[at] != ']') return false;
  path = path.from(at + 1);
  return true;
}

}  // namespace

bool is_json_object(Text json) {
  Walk walk(json);
  walk.blanks();
  if (walk.next() != '{' || !walk.value()) return false;
  walk.blanks();
  return walk.done();
}

Text json_at(Text json, Text path) {
  Text value = json;
  while (!path.empty() && !value.empty()) {
    if (path[0] == '[') {
      std::size_t index = 0, before = 0;
      if (!take_index(path, index)) return {};
      value = element_of(value, index, before);
    } else {
      std::size_t end = 0;
      while (end < path.size && path[end] != '.' && path[end] != '[') ++end;
      value = member_of(value, path.first(end));
      path = path.from(end);
    }
    if (!path.empty() && path[0] == '.') path = path.from(1);
  }
  return value;
}

std::size_t json_count(Text value) {
  std::size_t count = 0;
  element_of(value, SIZE_MAX, count);
  return count;
}

std::int64_t json_text(Text value, char* out, std::size_t room) {
  if (value.empty()) return -1;
  if (value[0] != '"') {
    if (out != nullptr && value.size <= room) std::memcpy(out, value.data, value.size);
    return static_cast<std::int64_t>(value.size);
  }
  std::size_t size = 0;
  if (!unescaped(inside_of(value), [&](const char*, std::size_t count) { return size += count, true; })) return -1;
  if (out != nullptr && size <= room)
    unescaped(inside_of(value), [&](const char* bytes, std::size_t count) {
      for (std::size_t i = 0; i < count; ++i) *out++ = bytes[i];
      return true;
    });
  return static_cast<std::int64_t>(size);
}

bool json_integer(Text value, std::int64_t& out) {
  const bool negative = !value.empty() && value[0] == '-';
  if (negative) value = value.from(1);
  if (value.empty()) return false;
  std::int64_t sum = 0;  // gathered below zero, where there is room for one more
  for (std::size_t i = 0; i < value.size; ++i) {
    if (!is_digit(value[i])) return false;
    const int digit = value[i] - '0';
    if (sum < (INT64_MIN + digit) / 10) return false;
    sum = sum * 10 - digit;
  }
  if (!negative && sum == INT64_MIN) return false;
  out = negative ? sum : -sum;
  return true;
}

}  // namespace tillside::pos
