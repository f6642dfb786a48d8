#include "sync/client/tls_time.h"

#include <ctime>

#ifndef _WIN32
#include <dlfcn.h>
#endif

namespace tillside::sync {
namespace {

constexpr int kVerifyPeer = 1;   // SSL_VERIFY_PEER
constexpr int kOk = 0;           // X509_V_OK
constexpr int kNotYetValid = 9;  // X509_V_ERR_CERT_NOT_YET_VALID

using Verdict = int (*)(int good, void* certificates);

// The few calls of OpenSSL that are used, with its own names and shapes. It is loaded with libcurl and looked up there,
// so that we neither link it nor need its headers.
struct OpenSsl {
  void* (*SSL_CTX_get0_param)(void* context) = nullptr;
  void (*SSL_CTX_set_verify)(void* context, int mode, Verdict verdict) = nullptr;
  void (*X509_VERIFY_PARAM_set_time)(void* parameters, std::time_t at) = nullptr;
  int (*X509_STORE_CTX_get_error)(void* certificates) = nullptr;
  void (*X509_STORE_CTX_set_error)(void* certificates, int error) = nullptr;
};

#ifndef _WIN32
void* loaded_openssl() {
  for (const char* name : {"libssl.so.3", "libssl.so.1.1", "libssl.3.dylib", "libssl.1.1.dylib"})
    if (void* handle = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NOLOAD)) return handle;
  return nullptr;
}

template <class Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  return function != nullptr;
}

bool load(OpenSsl& library) {
  void* handle = loaded_openssl();
  return handle != nullptr && find(handle, "SSL_CTX_get0_param", library.SSL_CTX_get0_param) &&
         find(handle, "SSL_CTX_set_verify", library.SSL_CTX_set_verify) &&
         find(handle, "X509_VERIFY_PARAM_set_time", library.X509_VERIFY_PARAM_set_time) &&
         find(handle, "X509_STORE_CTX_get_error", library.X509_STORE_CTX_get_error) &&
         find(handle, "X509_STORE_CTX_set_error", library.X509_STORE_CTX_set_error);
}
#else
bool load(OpenSsl&) { return false; }
#endif

const OpenSsl* openssl() {
  static const OpenSsl* const ready = []() -> const OpenSsl* {
    static OpenSsl library;
    return load(library) ? &library : nullptr;
  }();
  return ready;
}

int forgive_the_young(int good, void* certificates) {
  if (good == 1 || openssl()->X509_STORE_CTX_get_error(certificates) != kNotYetValid) return good;
  openssl()->X509_STORE_CTX_set_error(certificates, kOk);
  return 1;
}

}  // namespace

bool judge_certificates_at(void* tls_context, Instant at) {
  const OpenSsl* library = openssl();
  if (library == nullptr) return false;
  library->X509_VERIFY_PARAM_set_time(library->SSL_CTX_get0_param(tls_context), static_cast<std::time_t>(at.ms / 1000));
  library->SSL_CTX_set_verify(tls_context, kVerifyPeer, forgive_the_young);
  return true;
}

}  // namespace tillside::sync
