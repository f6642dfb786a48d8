#include <iconv.h>

#include <algorithm>

#include "pos_adapter/escpos/code_pages.h"

namespace tillside::escpos {
namespace {

const char* system_name(Charset charset) {
  if (charset == Charset::big5) return "CP950";
  return charset == Charset::shift_jis ? "CP932" : "GB18030";
}

class Converter {
 public:
  explicit Converter(Charset charset) : handle_(::iconv_open("UTF-8", system_name(charset))) {}
  ~Converter() {
    if (works()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool works() const {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): as POSIX says failure
  }

  // Takes what is good from `from`, moving it on, and writes what it says to `to`.
  void take(char*& from, std::size_t& from_left, char*& to, std::size_t& to_left) {
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    ::iconv(handle_, &from, &from_left, &to, &to_left);
  }

 private:
  iconv_t handle_;
};

Converter& converter_of(Charset charset) {
  thread_local Converter gb18030(Charset::gb18030), big5(Charset::big5), shift_jis(Charset::shift_jis);
  if (charset == Charset::big5) return big5;
  return charset == Charset::shift_jis ? shift_jis : gb18030;
}

}  // namespace

std::string wide_to_utf8(std::string_view bytes, Charset charset) {
  Converter& converter = converter_of(charset);
  std::string in(bytes), out(bytes.size() * 3 + 16, '\0');  // a bad byte makes three, two good ones three at most
  char* from = in.data();
  char* to = out.data();
  std::size_t from_left = in.size(), to_left = out.size();
  while (from_left > 0) {
    if (converter.works()) converter.take(from, from_left, to, to_left);
    if (from_left == 0) break;
    const std::string_view said = static_cast<unsigned char>(*from) < 0x80 ? std::string_view(from, 1) : kReplacement;
    to = std::copy(said.begin(), said.end(), to);
    to_left -= said.size();
    ++from;
    --from_left;
  }
  out.resize(out.size() - to_left);
  return out;
}

}  // namespace tillside::escpos
