#include "pos_adapter/plugin/http_answer.h"

#include <gtest/gtest.h>

#include <string>

namespace tillside::pos {
namespace {

// What is left of `text` when it comes in pieces of `step` bytes: outcome, status, body, and what was said about it.
std::string told(const std::string& text, std::size_t step) {
  HttpAnswer answer;
  answer.reset();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t room = 0;
    char* const into = answer.room(room);
    const std::size_t count = std::min({room, step, text.size() - at});
    std::copy_n(text.data() + at, count, into);
    at += count;
    const auto progress = answer.received(count);
    if (progress == HttpAnswer::Progress::garbled) return "garbled";
    if (progress == HttpAnswer::Progress::done) {
      const Text body = answer.body();
      return std::to_string(answer.status()) + " " + std::string(body.empty() ? "" : body.data, body.size) +
             (answer.is_json() ? " json" : "") + (answer.is_problem() ? " problem" : "") +
             (answer.is_duplicate() ? " duplicate" : "");
    }
  }
  return "more";
}

TEST(HttpAnswer, ReadsTheSameHoweverItIsCut) {
  const std::vector<std::pair<std::string, std::string>> samples = {
      {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", "200 {} json"},
      {"HTTP/1.1 200\r\ncontent-length:2\r\nTILLSIDE-duplicate: TRUE\r\n\r\n{}", "200 {} duplicate"},
      {"HTTP/1.1 422 No\r\nContent-Type:application/problem+json ; x=y\r\nContent-Length: 0\r\n\r\n", "422  problem"},
      {"HTTP/1.1 204 None\r\n\r\n", "204 "},
      {"HTTP/1.1 100 Go on\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3\r\nabc\r\nA;q=\"1\"\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
       "200 abc0123456789"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "garbled"},
      {"HTTP/1.1 101 Switching\r\n\r\n", "garbled"},
      {"HTTP/2 200 OK\r\n\r\n", "garbled"},
      {"HTTP/1.1 2x0 OK\r\n\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\n folded: x\r\n\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", "garbled"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "more"},
  };
  for (const auto& [text, expected] : samples)
    for (std::size_t step = 1; step <= text.size(); ++step)
      ASSERT_EQ(told(text, step), expected) << text << " by " << step;
}

TEST(HttpAnswer, HasBounds) {
  EXPECT_EQ(told("HTTP/1.1 200 OK\r\nX: " + std::string(HttpAnswer::kMostHead, 'y'), 4096), "garbled");
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (std::size_t i = 0; i <= HttpAnswer::kMostHeaders; ++i) many += "X: y\r\n";
  EXPECT_EQ(told(many, 100), "garbled");
  std::string large = "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + std::string(1048576, 'x');
  EXPECT_EQ(told(large, 5000).size(), 1048576U + 4);
  std::string trailers = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "T: xxxxxxxxxx\r\n";
  EXPECT_EQ(told(trailers, 100), "garbled");
}

TEST(HttpAnswer, IsReadyForTheNext) {
  HttpAnswer answer;
  for (int i = 0; i < 3; ++i) {
    answer.reset();
    EXPECT_FALSE(answer.begun());
    std::size_t room = 0;
    const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(i);
    std::copy_n(text.data(), text.size(), answer.room(room));
    ASSERT_EQ(answer.received(text.size()), HttpAnswer::Progress::done);
    EXPECT_EQ(answer.body()[0], static_cast<char>('0' + i));
    EXPECT_TRUE(answer.keeps_connection());
  }
}

}  // namespace
}  // namespace tillside::pos
