// Preloaded into a program under test: its wall clock is off by $TILLSIDE_CLOCK_SHIFT_S seconds, as a machine's is
// whose battery died or whose date was set by hand. Its monotonic clock is left alone.
#include <dlfcn.h>
#include <time.h>

#include <cstdlib>

namespace {

using ClockGettime = int (*)(clockid_t, timespec*);

time_t shift() {
  static const time_t seconds = [] {
    const char* text = std::getenv("TILLSIDE_CLOCK_SHIFT_S");
    return text == nullptr ? time_t{0} : static_cast<time_t>(std::strtoll(text, nullptr, 10));
  }();
  return seconds;
}

}  // namespace

extern "C" int clock_gettime(clockid_t id, timespec* at) noexcept {
  static const auto real = reinterpret_cast<ClockGettime>(::dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(id, at);
  if (result == 0 && id == CLOCK_REALTIME) at->tv_sec += shift();
  return result;
}
