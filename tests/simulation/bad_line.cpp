#include "tests/simulation/bad_line.h"

#include "sync/wire/messages.h"

namespace tillside::simulation {
namespace {

Error no_answer() { return {ErrorCode::unavailable, {}, "the line is cut"}; }

}  // namespace

bool BadLine::happens(const char* what, std::uint64_t in_thousand) {
  if (perfect || !dice_.chance(in_thousand)) return false;
  tally_.count(what);
  return true;
}

Result<sync::HqTransport::Answer> BadLine::exchange(const Request& request) {
  if (cut) return no_answer();
  if (happens("request lost", faults_.request_lost)) return no_answer();
  const bool is_uplink = request.path == "/v1/uplink", is_reservation = request.path == "/v1/reservations";
  if ((is_uplink || is_reservation) && !late_ && happens("delivered late", faults_.delivered_late)) {
    late_ = request;
    return no_answer();
  }
  Answer answer = headquarters_.exchange(request);
  if ((is_uplink || is_reservation) && late_) {
    const Request late = *std::exchange(late_, std::nullopt);
    (void)headquarters_.exchange(late);
  }
  if (!request.on_piece && happens("delivered twice", faults_.delivered_twice))
    answer = headquarters_.exchange(request);
  if (happens("answer lost", faults_.answer_lost)) return no_answer();
  if (is_uplink && answer.status == 200 && defect_ == Defect::acknowledges_before_durable && dice_.chance(20)) {
    tally_.count("defect: forgot a batch");
    headquarters_.change(
        "DELETE FROM checkout WHERE identity IN (SELECT identity FROM checkout ORDER BY at_ms DESC LIMIT 3)");
  }
  return answer;
}

}  // namespace tillside::simulation
