// What an agent, or anybody in its place, may answer: however its bytes are cut, the same is understood, within bounds,
// and a stranger's answer is never an agent's word.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pos_adapter/plugin/json_text.h"
#include "pos_adapter/plugin/request.h"

namespace {

using namespace tillside::pos;

void judge_all(const HttpAnswer& answer, std::string& log) {
  for (int verb = 0; verb < kVerbs; ++verb) {
    const Verdict verdict = judge(static_cast<Verb>(verb), answer);
    log += "," + std::to_string(static_cast<int>(verdict));
    const bool durable = facts_of(static_cast<Verb>(verb)).durable;
    if (verdict == Verdict::good && durable &&
        (answer.status() != 200 || !is_json_object(answer.body()) || json_at(answer.body(), "identity").empty()))
      std::abort();
    if (verdict == Verdict::refused && !answer.is_problem()) std::abort();
  }
}

std::string understood(std::string_view input, std::size_t step) {
  HttpAnswer answer;
  answer.reset();
  while (!input.empty()) {
    std::size_t room = 0;
    char* const into = answer.room(room);
    if (into == nullptr || room == 0) std::abort();
    const std::size_t count = std::min({room, step, input.size()});
    std::copy_n(input.data(), count, into);
    input.remove_prefix(count);
    const auto progress = answer.received(count);
    if (progress == HttpAnswer::Progress::garbled) return "garbled";
    if (progress == HttpAnswer::Progress::need_more) continue;
    const Text body = answer.body();
    if (body.size > HttpAnswer::kMostBody) std::abort();
    std::string log = std::to_string(answer.status()) + "|" + std::string(body.empty() ? "" : body.data, body.size);
    judge_all(answer, log);
    return log;
  }
  return "more";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string whole = understood(input, input.size() + 1);
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{1} + data[0] % 64})
    if (understood(input, step) != whole) std::abort();
  return 0;
}
