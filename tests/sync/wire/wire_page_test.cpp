// The examples of docs/wire.md are read, written again, and must be the same documents.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sync/wire/messages.h"
#include "sync/wire/reservation.h"

namespace tillside::wire {
namespace {

using Json = nlohmann::ordered_json;

struct Example {
  std::string kind, text;
};

std::vector<Example> examples() {
  std::ifstream file(TILLSIDE_SOURCE_DIR "/docs/wire.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  std::vector<Example> found;
  const std::string open = "<!-- ", middle = " -->\n```json\n", close = "\n```";
  for (auto at = text.find(open); at != text.npos; at = text.find(open, at + 1)) {
    const auto kind_end = text.find(middle, at);
    const auto end = text.find(close, kind_end + middle.size());
    found.push_back({text.substr(at + open.size(), kind_end - at - open.size()),
                     text.substr(kind_end + middle.size(), end - kind_end - middle.size())});
  }
  return found;
}

using Rewrite = std::function<std::string(const std::string&)>;

template <class Read>
Rewrite rewriting(Read read) {
  return [read](const std::string& text) {
    auto value = read(text);
    return value ? write(*value) : std::string(name_of(value.error().code)) + " " + value.error().field;
  };
}

const std::map<std::string, Rewrite>& rewriters() {
  static const std::map<std::string, Rewrite> all{
      {"EnrollRequest", rewriting(read_enroll_request)},
      {"EnrollAnswer", rewriting(read_enroll_answer)},
      {"NonceAnswer", rewriting(read_nonce_answer)},
      {"ContactRequest", rewriting(read_contact_request)},
      {"ContactAnswer", rewriting(read_contact_answer)},
      {"UplinkAnswer", rewriting(read_uplink_answer)},
      {"DownlinkAnswer", rewriting(read_downlink_answer)},
      {"Identity", rewriting(read_identity)},
      {"ReservationRequest", rewriting(read_reservation_request)},
      {"ReservationAnswer", rewriting(read_reservation_answer)},
      {"Settings", rewriting(read_settings)},
      {"Change", rewriting(read_change)},
  };
  return all;
}

TEST(WirePage, ShowsEveryDocument) {
  std::map<std::string, int> seen;
  for (const auto& example : examples()) ++seen[example.kind];
  for (const auto& [kind, rewrite] : rewriters()) EXPECT_GE(seen[kind], 1) << kind;
}

TEST(WirePage, ItsExamplesAreReadAndWrittenTheSame) {
  for (const auto& example : examples()) {
    SCOPED_TRACE(example.kind);
    ASSERT_TRUE(rewriters().contains(example.kind));
    EXPECT_EQ(rewriters().at(example.kind)(example.text), Json::parse(example.text).dump());
  }
}

// Every object of every example says something this version does not know.
void add_unknown(Json& json) {
  for (auto& child : json)
    if (child.is_structured()) add_unknown(child);
  if (json.is_object()) json["from_the_future"] = Json{{"a", Json::array({1, "b", nullptr})}};
}

TEST(WirePage, UnknownFieldsAnywhereAreIgnored) {
  for (const auto& example : examples()) {
    SCOPED_TRACE(example.kind);
    auto future = Json::parse(example.text);
    add_unknown(future);
    const auto back = Json::parse(rewriters().at(example.kind)(future.dump()), nullptr, false);
    ASSERT_FALSE(back.is_discarded());
    if (example.text.find("\"terms\"") == std::string::npos) {  // terms are carried whole
      EXPECT_EQ(back, Json::parse(example.text));
    }
  }
}

// Each field in turn is taken away, and each is made something else: never a crash, and an error names a field.
void spoil(const Json& whole, const nlohmann::ordered_json::json_pointer& place, const Rewrite& rewrite) {
  const Json& here = whole.at(place);
  if (!here.is_structured()) return;
  for (const auto& [key, value] : here.items()) {
    for (const Json& other :
         {Json(), Json(-1), Json(1.5), Json("x"), Json("\xff"), Json::array({1}), Json::object(), Json(true)}) {
      Json spoiled = whole;
      spoiled.at(place / (here.is_array() ? std::to_string(std::stoul(key)) : key)) = other;
      const auto text = rewrite(spoiled.dump(-1, ' ', false, Json::error_handler_t::ignore));
      EXPECT_FALSE(text.empty());
      EXPECT_TRUE(text[0] == '{' || text.back() != ' ') << text << " at " << place << "/" << key;
    }
    spoil(whole, here.is_array() ? place / std::stoul(key) : place / key, rewrite);
  }
}

TEST(WirePage, SpoiledExamplesAreRefusedByTheNameOfAField) {
  for (const auto& example : examples()) {
    SCOPED_TRACE(example.kind);
    spoil(Json::parse(example.text), Json::json_pointer(), rewriters().at(example.kind));
  }
}

}  // namespace
}  // namespace tillside::wire
