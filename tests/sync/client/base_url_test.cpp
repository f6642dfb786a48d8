#include <gtest/gtest.h>

#include "sync/client/transport.h"

namespace tillside::sync {
namespace {

TEST(BaseUrl, TakesHttpsAnywhereAndHttpOnThisMachine) {
  for (const char* good : {"https://hq.example.cn", "https://hq.example.cn:8443/", "HTTPS://10.0.0.5",
                           "http://127.0.0.1:8080", "http://127.9.9.9", "http://localhost:1", "http://[::1]:8080"})
    EXPECT_TRUE(check_base_url(good)) << good;
}

TEST(BaseUrl, RefusesPlainHttpElsewhereAndWhatOnlyLooksLocal) {
  for (const char* bad : {"http://hq.example.cn", "http://10.0.0.5", "http://127.0.0.1.example.cn", "http://127.1",
                          "http://127.0.0.1@example.cn", "http://localhost.example.cn", "http://example.cn#127.0.0.1",
                          "http://127..0.1", "http://[::2]", "http://127.0.0.1:80a", "ftp://127.0.0.1", "127.0.0.1",
                          "https://", "https://a/b", "https://a?b", "http://127.0.0.1\\@example.cn", ""})
    EXPECT_FALSE(check_base_url(bad)) << bad;
}

}  // namespace
}  // namespace tillside::sync
