// Whatever bytes go to a printer: nothing crashes, pieces change nothing, memory is bounded, and what is read with
// certainty is a checkout that keeps the rules of the document and is worth what its lines say.
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "agent/domain/checkout_json.h"
#include "pos_adapter/escpos/learn.h"

namespace {

using namespace tillside;
using namespace tillside::escpos;

void expect(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "broken: " << what << '\n';
  std::abort();
}

const TemplateBook& book() {
  static const TemplateBook templates;
  return templates;
}

const StoreZone& zone() {
  static const StoreZone shanghai;
  return shanghai;
}

Paper paper_of(std::string_view bytes, std::size_t cut) {
  PaperText text;
  Walker walker;
  walker.feed(bytes.substr(0, cut), text);
  walker.feed(bytes.substr(cut), text);
  walker.finish(text);
  return text.take();
}

std::string text_of(const Paper& paper) {
  std::string all;
  for (const PaperLine& line : paper.lines) all += std::to_string(static_cast<int>(line.kind)) + line.text + "\n";
  return all;
}

Minor lines_of(const Checkout& checkout) {
  Minor sum = 0;
  for (const Line& line : checkout.lines)
    if (line.kind != LineKind::discount) sum += line.amount;
  return sum;
}

void check(const Reading& reading, const Paper& paper) {
  expect(reading.uses.size() == paper.lines.size() || reading.uses.empty(), "a use for each line");
  if (reading.checkout) expect(!write_checkout(*reading.checkout, zone()).empty(), "cannot be written");
  if (reading.certainty != Certainty::sure) return;
  expect(reading.checkout.has_value() && reading.doubts.empty(), "sure of nothing");
  const Checkout& checkout = *reading.checkout;
  expect(validate(checkout, checkout.currency).ok(), "sure of what breaks a rule");
  expect(lines_of(checkout) == checkout.totals.gross, "sure of lines that do not add up");
  expect(checkout.source.confidence == Confidence::parsed, "paper is never exact");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t cut = bytes.size() * data[0] / 255;
  const Paper paper = paper_of(bytes, cut);
  expect(text_of(paper) == text_of(paper_of(bytes, 0)), "pieces change the paper");
  expect(to_utf8(text_of(paper), Charset::utf8) == text_of(paper), "lines that are no UTF-8");
  ReadingDefaults defaults;
  defaults.store_id = "S1";
  defaults.lane_id = "L1";
  defaults.zone = &zone();
  defaults.now = Instant{1'760'000'000'000};
  const ReceiptTemplate& by = book().all()[data[0] % book().all().size()];
  check(read_receipt(paper, by, defaults), paper);
  const auto samples = read_samples("input", bytes, book(), defaults);
  for (const Sample& sample : samples) check(sample.reading, sample.paper);
  const Draft draft = propose(samples, "draft");
  if (data[0] != 255) return 0;  // compiling every expression anew is slow
  TemplateBook taught = book();
  expect(taught.add(draft.toml(), "draft").ok(), "a draft that is no template");
  return 0;
}
