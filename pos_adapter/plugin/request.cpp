#include "pos_adapter/plugin/request.h"

#include "pos_adapter/plugin/json_text.h"

namespace tillside::pos {
namespace {

constexpr VerbFacts kFacts[kVerbs] = {
    {"advise", "/v1/checkouts/advise", false},  {"complete", "/v1/checkouts/complete", true},
    {"reverse", "/v1/checkouts/reverse", true}, {"event", "/v1/checkouts/event", true},
    {"check", "/v1/coupons/check", false},      {"hold", "/v1/coupons/hold", false},
    {"release", "/v1/coupons/release", false},
};

bool is_good(Verb verb, const HttpAnswer& answer) {
  const Text body = answer.body();
  if (!answer.is_json() || body.size < 2 || body[0] != '{' || body[body.size - 1] != '}') return false;
  if (!facts_of(verb).durable) return true;
  if (!is_json_object(body)) return false;
  const Text identity = json_at(body, "identity");
  return identity.size > 2 && identity[0] == '"';
}

}  // namespace

const VerbFacts& facts_of(Verb verb) { return kFacts[static_cast<int>(verb)]; }

void RequestHead::put(Text text) {
  if (size_ + text.size > sizeof room_) return;
  std::memcpy(room_ + size_, text.data, text.size);
  size_ += text.size;
}

void RequestHead::post(Verb verb, std::size_t body_size, Text token, bool english) {
  size_ = 0;
  put("POST ");
  put(facts_of(verb).path);
  put(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept-Language: ");
  put(english ? "en" : "zh");
  if (!token.empty()) {
    put("\r\nAuthorization: Bearer ");
    put(token);
  }
  put("\r\nContent-Length: ");
  put(Decimal(body_size).text());
  put("\r\n\r\n");
}

void RequestHead::get(Text path) {
  size_ = 0;
  put("GET ");
  put(path);
  put(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

Verdict judge(Verb verb, const HttpAnswer& answer) {
  const int status = answer.status();
  if (status == 200) return is_good(verb, answer) ? Verdict::good : Verdict::garbled;
  if (status == 401) return Verdict::no_token;
  if (status == 408 || status == 429 || status / 100 == 5) return Verdict::not_ready;
  if (status / 100 != 4) return Verdict::garbled;
  const bool of_the_caller = status == 403 || status == 404 || status == 405 || status == 421 || status == 426;
  if (of_the_caller) return Verdict::refused_there;
  return answer.is_problem() ? Verdict::refused : Verdict::garbled;
}

Text token_in(Text file) {
  std::size_t end = 0;
  while (end < file.size && file[end] > ' ' && file[end] < 0x7F) ++end;
  const bool ended = end == file.size || file[end] == '\n' || file[end] == '\r';
  return ended && end <= kMostToken ? file.first(end) : Text();
}

}  // namespace tillside::pos
