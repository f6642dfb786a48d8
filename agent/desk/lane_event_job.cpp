#include "agent/desk/answers.h"
#include "agent/desk/jobs.h"

namespace tillside {
namespace {

class LaneEventJob final : public FilingJob {
 public:
  using FilingJob::FilingJob;

 protected:
  EventKind kind() const override { return EventKind::lane; }

  void decide(store::Session& session, const Filing& filing, store::FiledCheckout& file) override {
    static_cast<void>(file);
    const Checkout& checkout = filed_.checkout;
    if (checkout.state == CheckoutState::day_close) {
      const std::string lane_day = lane_day_of(checkout);
      session.checkouts().put_lane_day(lane_day, {session.checkouts().lane_day(lane_day).series, true});
    }
    append_event(session, kind(), facts(filing));
    std::string& out = filed_.reply.body;
    out += '{';
    append_text_or_null(out, "identity", filed_.reply.identity);
    out += ",\"recorded\":true,\"flags\":";
    append_flags(out, filed_.reply.flags);
    out += '}';

    filed_.happening_type = "lane";
    filed_.happening += ',';
    append_text_or_null(filed_.happening, "lane", checkout.lane_id);
    filed_.happening += std::string(",\"state\":\"") + name_of(checkout.state) + '"';
  }
};

class EventJob final : public store::Job {
 public:
  EventJob(std::string event, Instant at, std::string answer, ReplyTo reply)
      : event_(std::move(event)), at_(at), answer_(std::move(answer)), reply_(std::move(reply)) {}

  void apply(store::Session& session) override { session.events().append(event_, at_); }
  void finished(const std::optional<Error>& error) override {
    Reply reply;
    reply.error = error;
    if (!error) reply.body = answer_;
    reply_(std::move(reply));
  }

 private:
  const std::string event_;
  const Instant at_;
  const std::string answer_;
  const ReplyTo reply_;
};

}  // namespace

std::unique_ptr<store::Job> lane_event_job(Filed filed, Happenings& happenings, ReplyTo reply) {
  return std::make_unique<LaneEventJob>(std::move(filed), happenings, std::move(reply));
}

std::unique_ptr<store::Job> event_job(std::string event, Instant at, std::string answer, ReplyTo reply) {
  return std::make_unique<EventJob>(std::move(event), at, std::move(answer), std::move(reply));
}

}  // namespace tillside
