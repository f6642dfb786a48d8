// Any bytes as each document: refused by name, or read, written and read again to the same text.
#include <cstdlib>

#include "sync/wire/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size);

namespace {

template <class Read>
void check(std::string_view text, Read read) {
  const auto value = read(text);
  if (!value) return;
  const std::string written = tillside::wire::write(*value);
  const auto again = read(written);
  if (!again || tillside::wire::write(*again) != written) std::abort();
}

}  // namespace

int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace tillside::wire;
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(text, read_enroll_request);
  check(text, read_enroll_answer);
  check(text, read_nonce_answer);
  check(text, read_contact_request);
  check(text, read_contact_answer);
  check(text, read_uplink_answer);
  check(text, read_downlink_answer);
  check(text, read_identity);
  check(text, read_settings);
  check(text, read_change);
  (void)read_problem(409, text);
  return 0;
}
