#include "pos_adapter/plugin/calls.h"

#include "pos_adapter/plugin/json_text.h"

namespace tillside::pos {
namespace {

std::int32_t say(tillside_pos_answer& answer, std::int32_t outcome, std::int32_t why) {
  answer.why = why;
  return answer.outcome = outcome;
}

void hand_over(const HttpAnswer& from, tillside_pos_answer& to) {
  const Text body = from.body();
  to.http_status = from.status();
  to.duplicate = from.is_duplicate() ? 1 : 0;
  to.json_size = body.size;
  if (body.empty()) return;
  to.too_small = to.json == nullptr || body.size >= to.capacity ? 1 : 0;
  if (to.too_small != 0) return;
  std::memcpy(to.json, body.data, body.size);
  to.json[body.size] = '\0';
}

// A document that the agent does not have: it waits for it, if there is room.
std::int32_t queue(Line& line, Verb verb, Text document, std::int32_t why, tillside_pos_answer& answer) {
  switch (line.queue.add(verb, document)) {
    case Queue::Added::yes:
      return say(answer, TILLSIDE_POS_QUEUED, why);
    case Queue::Added::full:
      line.not_kept.fetch_add(1, std::memory_order_relaxed);
      return say(answer, TILLSIDE_POS_NOT_KEPT, TILLSIDE_POS_WHY_QUEUE_FULL);
    case Queue::Added::no_memory:
      break;
  }
  line.not_kept.fetch_add(1, std::memory_order_relaxed);
  return say(answer, TILLSIDE_POS_NOT_KEPT, TILLSIDE_POS_WHY_NO_MEMORY);
}

std::int32_t go_without(Line& line, Verb verb, Text document, std::int32_t why, tillside_pos_answer& answer) {
  if (facts_of(verb).durable) return queue(line, verb, document, why, answer);
  return say(answer, TILLSIDE_POS_CARRY_ON, why);
}

// What is kept of a call's time for waking up late on a busy machine.
std::int64_t way_back(std::int64_t deadline_ns) {
  const std::int64_t part = deadline_ns / 20, most = 10 * kMillisecond;
  return part < most ? part : most;
}

// Whether nothing waits that must go first; waits for that a while, unless it is hopeless.
bool is_its_turn(Line& line, const Deadline& deadline) {
  if (line.queue.waiting() == 0) return true;
  if (line.breaker.is_open() || line.queue.is_hopeless()) return false;
  return line.queue.wait_until_empty(now_ns() + deadline.left() / 2);
}

}  // namespace

std::int32_t look_at(Text document) {
  if (document.size > TILLSIDE_POS_DOCUMENT_MOST) return TILLSIDE_POS_WHY_TOO_LARGE;
  while (!document.empty() && is_blank(document[document.size - 1])) --document.size;
  if (document.first(3) == "\xEF\xBB\xBF") document = document.from(3);
  while (!document.empty() && is_blank(document[0])) document = document.from(1);
  const bool object = document.size >= 2 && document[0] == '{' && document[document.size - 1] == '}';
  return object ? TILLSIDE_POS_WHY_NOTHING : TILLSIDE_POS_WHY_NO_OBJECT;
}

std::int32_t call(Line& line, Verb verb, Text document, std::int64_t deadline_ns, tillside_pos_answer& answer) {
  const Deadline deadline = Deadline::after(deadline_ns - way_back(deadline_ns));
  if (facts_of(verb).durable && !is_its_turn(line, deadline))
    return queue(line, verb, document, TILLSIDE_POS_WHY_BEHIND, answer);
  if (line.breaker.is_open()) return go_without(line, verb, document, TILLSIDE_POS_WHY_RESTING, answer);
  const Taken connection(line.connections);
  if (connection.get() == nullptr) return go_without(line, verb, document, TILLSIDE_POS_WHY_BUSY, answer);
  const Verdict verdict = line.ask(*connection.get(), verb, document, deadline);
  if (!is_out_of_reach(verdict)) hand_over(connection->answer(), answer);
  if (verdict == Verdict::good)
    return say(answer, facts_of(verb).durable ? TILLSIDE_POS_TAKEN : TILLSIDE_POS_ANSWERED, TILLSIDE_POS_WHY_NOTHING);
  if (verdict == Verdict::refused) return say(answer, TILLSIDE_POS_REFUSED, TILLSIDE_POS_WHY_NOTHING);
  return go_without(line, verb, document, static_cast<std::int32_t>(verdict), answer);
}

}  // namespace tillside::pos
