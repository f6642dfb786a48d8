#include <fmt/format.h>

#include "agent/desk/answers.h"
#include "agent/desk/jobs.h"
#include "agent/desk/originals.h"
#include "agent/desk/taking_back.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

class ReverseJob final : public FilingJob {
 public:
  using FilingJob::FilingJob;

 protected:
  EventKind kind() const override { return EventKind::reversal; }

  void decide(store::Session& session, const Filing& filing, store::FiledCheckout& file) override {
    const TakingBackParts parts{&filed_.checkout, filed_.shop.get(),
                                why_not_issue(filed_.late, filed_.time, filed_.now)};
    TakenBack taken = decide_taking_back(session, parts);
    if (taken.unknown) filed_.reply.flags.push_back(Flag::unknown_original);
    if (taken.over) filed_.reply.flags.push_back(Flag::over_return);
    const auto restored = carry_out(session, parts, taken, file.id, filed_.now);
    remember(file, taken, restored);
    tell(session, filing, taken, restored);
    write_answer(taken, restored);
  }

 private:
  void remember(store::FiledCheckout& file, const TakenBack& taken, std::span<const Restored> restored) {
    file.kept = pack(taken.kept);
    file.coupons = filed_.reply.coupons = static_cast<std::uint32_t>(restored.size());
    if (restored.empty()) return;
    file.generation = restored.front().coupon.body.key.generation;
    file.first_serial = restored.front().coupon.body.serial;
  }

  void tell(store::Session& session, const Filing& filing, const TakenBack& taken, std::span<const Restored> restored) {
    CheckoutFacts told = facts(filing);
    std::vector<ReplacementFact> replacements;
    const std::string original = taken.sales.empty() ? identity_named(filed_.checkout) : taken.original();
    told.original_identity = original;
    tell_taken_back(told, taken, restored, replacements);
    append_event(session, kind(), told);
  }

  void write_answer(const TakenBack& taken, std::span<const Restored> restored) {
    std::string shared = ",";
    append_taken_back(shared, taken, restored, *filed_.shop);

    std::string& out = filed_.reply.body;
    out += '{';
    append_text_or_null(out, "identity", filed_.reply.identity);
    out += shared;
    out += ",\"flags\":";
    append_flags(out, filed_.reply.flags);
    out += '}';

    std::string& told = filed_.happening;
    told += ',';
    append_text_or_null(told, "lane", filed_.checkout.lane_id);
    told += ',';
    append_text_or_null(told, "identity", filed_.reply.identity);
    told += fmt::format(",\"net\":{}", filed_.checkout.totals.net);
    told += shared;
    filed_.happening_type = "reversed";
  }
};

}  // namespace

std::unique_ptr<store::Job> reverse_job(Filed filed, Happenings& happenings, ReplyTo reply) {
  return std::make_unique<ReverseJob>(std::move(filed), happenings, std::move(reply));
}

}  // namespace tillside
