#include <iconv.h>

#include "agent/api/gb18030.h"

namespace tillside::api {
namespace {

class Converter {
 public:
  Converter() : handle_(::iconv_open("GB18030", "UTF-8")) {}
  ~Converter() {
    if (works()) ::iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool works() const {
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): as POSIX says failure
  }

  // Begins anew, whatever the text before ended with.
  bool convert(std::string& in, std::string& out) {
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    char* from = in.data();
    char* to = out.data();
    std::size_t from_left = in.size(), to_left = out.size();
    if (::iconv(handle_, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1)) return false;
    out.resize(out.size() - to_left);
    return true;
  }

 private:
  iconv_t handle_;
};

}  // namespace

Result<std::string> to_gb18030(std::string_view text) {
  static thread_local Converter converter;  // opening one costs more than a receipt's lines
  if (!converter.works()) return Error{ErrorCode::internal, {}, "no converter to GB18030"};
  std::string in(text), out(text.size() * 4, '\0');
  if (!converter.convert(in, out)) return Error{ErrorCode::invalid_utf8, {}, "no UTF-8"};
  return out;
}

}  // namespace tillside::api
