// Headquarters came up with another signing key than its tills know, and every till that asked it was locked out: it
// does not come up with one that its ledger does not know, unless the owner says that there is no other.
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

TEST_F(AnotherHqKey, AHeadquartersWithAnotherKeyDoesNotStart) {
  rig_.stop();
  (void)put_another_seed(rig_);
  hq::HqOptions options;
  options.data = rig_.data();
  options.clock = &rig_.clock;
  const auto opened = hq::HqServer::open(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().field, "hq.key");
}

// The owner said that there is no other: TLS alone vouches for the new one then.
TEST_F(AnotherHqKey, OneWhoseKeyIsLostIsBelievedByTheReadmission) {
  const auto known = till_.till.identity()->hq_key;
  rig_.stop();
  (void)put_another_seed(rig_);
  rig_.key_is_lost = true;
  rig_.start();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
  EXPECT_NE(till_.till.identity()->hq_key, known);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
  till_.send_all();
  EXPECT_FALSE(rig_.ledger().still_recovering());
}

}  // namespace
}  // namespace tillside::test
