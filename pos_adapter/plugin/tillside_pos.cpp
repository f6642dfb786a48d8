#include "pos_adapter/plugin/tillside_pos.h"

#include "pos_adapter/plugin/calls.h"
#include "pos_adapter/plugin/handles.h"
#include "pos_adapter/plugin/json_text.h"
#include "pos_adapter/plugin/structures.h"

namespace {

using namespace tillside::pos;

// As far as these reached in the first release; what was added since is optional.
constexpr std::size_t kOldestOptions = 2 * sizeof(std::uint32_t);
constexpr std::size_t kOldestAnswer = sizeof(tillside_pos_answer);
constexpr std::size_t kOldestState = sizeof(tillside_pos_state);

void clear(tillside_pos_answer& answer) {
  answer.json_size = 0;
  answer.outcome = TILLSIDE_POS_MISUSE;
  answer.http_status = answer.too_small = answer.duplicate = 0;
  answer.elapsed_us = 0;
  if (answer.json == nullptr) answer.capacity = 0;
  if (answer.capacity > 0) answer.json[0] = '\0';
}

std::int32_t why_not(tillside_pos_handle handle, Verb verb, const char* json, std::size_t size,
                     std::uint32_t deadline_ms, tillside_pos_answer& answer) {
  if (json == nullptr) return TILLSIDE_POS_WHY_NULL;
  const Text document(json, size);
  const Entered entered(handle);
  if (entered.why() != TILLSIDE_POS_WHY_NOTHING) return entered.why();
  const std::int32_t looks = look_at(document);
  if (looks != TILLSIDE_POS_WHY_NOTHING) return looks;
  Line& line = entered.line();
  call(line, verb, document, deadline_of(deadline_ms, line.settings.deadline_ns), answer);
  return TILLSIDE_POS_WHY_NOTHING;
}

std::int32_t visit(tillside_pos_handle handle, Verb verb, const char* json, std::size_t size, std::uint32_t deadline_ms,
                   tillside_pos_answer* answer) {
  const Visit visit;
  const std::int64_t began = now_ns();
  tillside_pos_answer none = {TILLSIDE_POS_ABI_VERSION, sizeof none, nullptr, 0, 0, 0, 0, 0, 0, 0, 0};
  Exchanged<tillside_pos_answer> exchanged(answer == nullptr ? &none : answer, kOldestAnswer);
  if (exchanged.why() != TILLSIDE_POS_WHY_NOTHING) return TILLSIDE_POS_MISUSE;
  tillside_pos_answer& ours = exchanged.ours();
  clear(ours);
  const std::int32_t why = why_not(handle, verb, json, size, deadline_ms, ours);
  if (why != TILLSIDE_POS_WHY_NOTHING) ours.why = why;
  ours.elapsed_us = static_cast<std::uint32_t>((now_ns() - began) / 1000);
  exchanged.write_back();
  return ours.outcome;
}

std::int32_t open_with(const tillside_pos_options* options, tillside_pos_handle& handle) {
  tillside_pos_options usual = {};
  usual.abi_version = TILLSIDE_POS_ABI_VERSION;
  usual.struct_size = sizeof usual;
  Exchanged<const tillside_pos_options> exchanged(options == nullptr ? &usual : options, kOldestOptions);
  if (exchanged.why() != TILLSIDE_POS_WHY_NOTHING) return exchanged.why();
  Settings settings;
  const std::int32_t why = settings.take(exchanged.ours());
  return why == TILLSIDE_POS_WHY_NOTHING ? open_line(settings, handle) : why;
}

// As tillside_pos_text() promises.
std::int64_t put(Text value, char* out, std::size_t capacity) {
  if (out == nullptr) capacity = 0;
  if (capacity > 0) out[0] = '\0';
  if (value == "null") return -1;
  const std::int64_t size = json_text(value, capacity > 0 ? out : nullptr, capacity > 0 ? capacity - 1 : 0);
  if (capacity > 0) out[size >= 0 && static_cast<std::size_t>(size) < capacity ? size : 0] = '\0';
  return size;
}

Text at(const char* json, std::size_t size, const char* path) {
  return json == nullptr || path == nullptr ? Text() : json_at(Text(json, size), path);
}

}  // namespace

extern "C" {

uint32_t tillside_pos_abi_version(void) noexcept { return TILLSIDE_POS_ABI_VERSION; }

int32_t tillside_pos_open(const tillside_pos_options* options, tillside_pos_handle* handle, int32_t* why) noexcept {
  const Visit visit;
  std::int32_t reason = TILLSIDE_POS_WHY_NULL;
  if (handle != nullptr) {
    *handle = 0;
    reason = open_with(options, *handle);
  }
  if (why != nullptr) *why = reason;
  if (reason == TILLSIDE_POS_WHY_NOTHING) return TILLSIDE_POS_ANSWERED;
  return reason == TILLSIDE_POS_WHY_NO_MEMORY ? TILLSIDE_POS_CARRY_ON : TILLSIDE_POS_MISUSE;
}

int32_t tillside_pos_advise(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                            tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::advise, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_complete(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                              tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::complete, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_reverse(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                             tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::reverse, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_event(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                           tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::event, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_check(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                           tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::check, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_hold(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                          tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::hold, json, json_size, deadline_ms, answer);
}
int32_t tillside_pos_release(tillside_pos_handle handle, const char* json, size_t json_size, uint32_t deadline_ms,
                             tillside_pos_answer* answer) noexcept {
  return visit(handle, Verb::release, json, json_size, deadline_ms, answer);
}

int32_t tillside_pos_get_state(tillside_pos_handle handle, tillside_pos_state* state) noexcept {
  const Visit visit;
  Exchanged<tillside_pos_state> exchanged(state, kOldestState);
  const Entered entered(handle);
  if (exchanged.why() != TILLSIDE_POS_WHY_NOTHING || entered.why() != TILLSIDE_POS_WHY_NOTHING)
    return TILLSIDE_POS_MISUSE;
  const Line& line = entered.line();
  tillside_pos_state& ours = exchanged.ours();
  ours.reachable = line.breaker.is_open() ? 0 : 1;
  ours.queued = line.queue.waiting();
  ours.unspooled = line.queue.unspooled();
  ours.spool_failing = line.spool_is_failing ? 1 : 0;
  ours.delivered = line.delivered;
  ours.set_aside = line.set_aside;
  ours.not_kept = line.not_kept;
  exchanged.write_back();
  return TILLSIDE_POS_ANSWERED;
}

int32_t tillside_pos_close(tillside_pos_handle handle, uint32_t deadline_ms) noexcept {
  const Visit visit;
  std::int32_t outcome = TILLSIDE_POS_MISUSE;
  close_line(handle, deadline_of(deadline_ms, TILLSIDE_POS_DEADLINE_MS * kMillisecond), outcome);
  return outcome;
}

int32_t tillside_pos_verdict(const char* json, size_t json_size) noexcept {
  static constexpr Text kNames[] = {"\"member\"", "\"not_member\"", "\"unknown\"", "\"unidentified\""};
  const Text status = at(json, json_size, "verdict.status");
  for (std::int32_t i = 0; i < 4; ++i)
    if (status == kNames[i]) return i + 1;
  return TILLSIDE_POS_VERDICT_NONE;
}

int64_t tillside_pos_text(const char* json, size_t json_size, const char* path, char* out, size_t capacity) noexcept {
  return put(at(json, json_size, path), out, capacity);
}

int64_t tillside_pos_integer(const char* json, size_t json_size, const char* path, int64_t otherwise) noexcept {
  std::int64_t value = 0;
  return json_integer(at(json, json_size, path), value) ? value : otherwise;
}

size_t tillside_pos_count(const char* json, size_t json_size, const char* path) noexcept {
  return json_count(at(json, json_size, path));
}

int64_t tillside_pos_showing_id(const char* json, size_t json_size, char* out, size_t capacity) noexcept {
  return put(at(json, json_size, "showing_id"), out, capacity);
}

int64_t tillside_pos_prompt(const char* json, size_t json_size, size_t index, uint32_t language, char* out,
                            size_t capacity) noexcept {
  char path[40] = "prompts[";
  const Decimal number(index);
  std::size_t length = 8;
  for (const Text part : {number.text(), Text(language == 1 ? "].en" : "].zh")}) {
    std::memcpy(path + length, part.data, part.size);
    length += part.size;
  }
  return put(json == nullptr ? Text() : json_at(Text(json, json_size), Text(path, length)), out, capacity);
}

const char* tillside_pos_why_text(int32_t why) noexcept {
  switch (why) {
    case TILLSIDE_POS_WHY_NOTHING:
      return "nothing to say";
    case TILLSIDE_POS_WHY_ABSENT:
      return "nobody listens at the agent's addresses";
    case TILLSIDE_POS_WHY_SLOW:
      return "the deadline passed";
    case TILLSIDE_POS_WHY_BROKEN_OFF:
      return "the agent closed the connection in the middle";
    case TILLSIDE_POS_WHY_GARBLED:
      return "what came back is no answer of an agent";
    case TILLSIDE_POS_WHY_RESTING:
      return "the agent failed twice and is asked in the background until it answers";
    case TILLSIDE_POS_WHY_NO_TOKEN:
      return "the agent does not trust this user, or the token file is missing or old";
    case TILLSIDE_POS_WHY_NOT_READY:
      return "the agent cannot now";
    case TILLSIDE_POS_WHY_BEHIND:
      return "queued behind documents that must be delivered first";
    case TILLSIDE_POS_WHY_BUSY:
      return "more than 64 calls at once";
    case TILLSIDE_POS_WHY_QUEUE_FULL:
      return "too much waits already";
    case TILLSIDE_POS_WHY_NO_MEMORY:
      return "no memory, or no thread";
    case TILLSIDE_POS_WHY_REFUSED_THERE:
      return "the agent refuses this address or caller";
    case TILLSIDE_POS_WHY_NULL:
      return "a pointer that is needed is null";
    case TILLSIDE_POS_WHY_VERSION:
      return "abi_version is 0 or newer than this library";
    case TILLSIDE_POS_WHY_SIZE:
      return "struct_size is too small";
    case TILLSIDE_POS_WHY_HANDLE:
      return "this handle is not open";
    case TILLSIDE_POS_WHY_FORKED:
      return "this handle was opened by the parent process";
    case TILLSIDE_POS_WHY_NO_OBJECT:
      return "the document is empty or not a JSON object";
    case TILLSIDE_POS_WHY_TOO_LARGE:
      return "the document is larger than 1 MiB";
    case TILLSIDE_POS_WHY_OPTION:
      return "an option is too long or out of range";
    case TILLSIDE_POS_WHY_TOO_MANY:
      return "more than 64 handles open";
    default:
      return "unknown to this library";
  }
}

}  // extern "C"
