#include "sync/client/curl_library.h"

#ifndef _WIN32
#include <dlfcn.h>

#include <initializer_list>
#endif

namespace tillside::sync {
namespace {

#ifdef _WIN32
#define TILLSIDE_FIND(name) (library.name = &::curl_##name) != nullptr
#else
template <class Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  return function != nullptr;
}
#define TILLSIDE_FIND(name) find(handle, "curl_" #name, library.name)
#endif

bool load(CurlLibrary& library) {
#ifndef _WIN32
  void* handle = nullptr;
  for (const char* name : {"libcurl.so.4", "libcurl.4.dylib", "libcurl-gnutls.so.4"})
    if (handle == nullptr) handle = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) return false;
#endif
  return TILLSIDE_FIND(global_init) && TILLSIDE_FIND(slist_append) && TILLSIDE_FIND(slist_free_all) &&
         TILLSIDE_FIND(easy_init) && TILLSIDE_FIND(easy_cleanup) && TILLSIDE_FIND(easy_reset) &&
         TILLSIDE_FIND(easy_setopt) && TILLSIDE_FIND(easy_getinfo) && TILLSIDE_FIND(easy_perform) &&
         TILLSIDE_FIND(easy_strerror) && TILLSIDE_FIND(multi_init) && TILLSIDE_FIND(multi_cleanup) &&
         TILLSIDE_FIND(multi_add_handle) && TILLSIDE_FIND(multi_remove_handle) && TILLSIDE_FIND(multi_perform) &&
         TILLSIDE_FIND(multi_info_read) && TILLSIDE_FIND(multi_poll) && TILLSIDE_FIND(multi_wakeup);
}

}  // namespace

const CurlLibrary* curl_library() {
  static const CurlLibrary* const ready = []() -> const CurlLibrary* {
    static CurlLibrary library;
    if (!load(library)) return nullptr;
    return library.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? &library : nullptr;
  }();
  return ready;
}

}  // namespace tillside::sync
