// Headquarters came up with another signing key than its tills know. The answers it gave meanwhile were kept, and were
// repeated under the old key when that was back: each till that had asked was locked out for good.
#include <fstream>
#include <iterator>

#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class AnotherHqKey : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    till_.enroll(rig_.code());
    till_.contact();
  }
  HqRig rig_;
  TillAt till_{rig_, 1};
};

// Another signing seed in hq.key, the way nobody should change it; returns what stood in the file.
std::string put_another_seed(const HqRig& rig) {
  const auto path = rig.data() / "hq.key";
  std::ifstream in(path);
  const std::string before((std::istreambuf_iterator<char>(in)), {});
  auto json = Json::parse(before);
  json["signing_seed"] = std::string(64, '7');
  std::ofstream(path, std::ios::trunc) << json.dump();
  return before;
}

TEST_F(AnotherHqKey, AHeadquartersWithAnotherKeyIsNotBelievedUntilTheKeyIsBack) {
  till_.till.sell(sale_event({.sequence = 1}));
  const auto known = till_.till.identity()->hq_key;
  std::string before;
  rig_.restart([&] { before = put_another_seed(rig_); });
  for (int i = 0; i < 2; ++i) {
    const auto answer = till_.try_contact();
    const auto* trouble = std::get_if<sync::Trouble>(&answer);
    ASSERT_NE(trouble, nullptr);
    EXPECT_EQ(till_.till.identity()->hq_key, known);
  }
  rig_.restart([&] { std::ofstream(rig_.data() / "hq.key", std::ios::trunc) << before; });
  till_.contact();
  till_.send_all();
  EXPECT_EQ(rig_.admin("GET", "tills")["tills"][0]["events"], 1);
}

TEST_F(AnotherHqKey, ARestoredHeadquartersWithAnotherKeyIsBelievedByTheReadmission) {
  rig_.restart([this] { rig_.keep_backup(); });
  till_.contact();
  const auto known = till_.till.identity()->hq_key;
  rig_.restart([this] {
    rig_.restore_backup();
    (void)put_another_seed(rig_);
  });
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
  EXPECT_NE(till_.till.identity()->hq_key, known);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

}  // namespace
}  // namespace tillside::test
