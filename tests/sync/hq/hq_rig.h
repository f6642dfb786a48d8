// A headquarters in this process on a free port, with a clock tests move, and the till side's own client to talk to it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "sync/client/contact.h"
#include "sync/client/curl_transport.h"
#include "sync/client/downlink.h"
#include "sync/client/enroll.h"
#include "sync/client/uplink.h"
#include "sync/hq/hq_server.h"
#include "sync/hq/ledger.h"
#include "tests/fakes/fake_till.h"
#include "tests/fakes/seeded_random.h"
#include "tests/fakes/virtual_clock.h"

namespace tillside::test {

using Json = nlohmann::ordered_json;
using Answer = sync::HqTransport::Answer;

class HqRig {
 public:
  HqRig();
  ~HqRig();

  void start();
  void stop();
  // Runs `between` while headquarters is down.
  void restart(const std::function<void()>& between = [] {});
  hq::Ledger& ledger() { return server_->ledger(); }
  const std::filesystem::path& data() const { return data_; }
  void keep_backup();  // of the ledger's file; headquarters must be down
  void restore_backup();

  std::unique_ptr<sync::CurlTransport> transport() const;
  Answer exchange(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& bearer, const std::string& content_type = "application/json",
                  const std::string& content_encoding = "");
  // With the owner's token; the answer must be of the 2xx kind.
  Json admin(const std::string& method, const std::string& path, const std::string& body = "",
             const std::string& content_type = "application/json");
  Answer admin_answer(const std::string& method, const std::string& path, const std::string& body = "",
                      const std::string& content_type = "application/json");

  void add_store(const std::string& store_id = "0123");
  std::string code(const std::string& store_id = "0123");
  // Lets time pass until the key directory has been published as it is now.
  void settle_keys();
  void add_campaign(std::int64_t issue = 100, std::int64_t quota = 10);

  bool key_is_lost = false;  // of HqOptions, at the next start
  fakes::VirtualClock clock;
  fakes::SeededRandom random;

 private:
  std::filesystem::path data_, backup_;
  std::unique_ptr<hq::HqServer> server_;
  std::thread thread_;
};

// A till over the rig: FakeTill's disk, the real client's steps.
class TillAt {
 public:
  TillAt(HqRig& rig, std::uint32_t seed) : rig_(rig), till(seed) {}
  TillAt(HqRig& rig, const fakes::FakeTill::Disk& disk) : rig_(rig) { till.disk = disk; }

  void enroll(const std::string& code);
  sync::Attempt<wire::ContactAnswer> try_contact();
  wire::ContactAnswer contact();  // must succeed
  std::string token() const { return token_; }
  sync::Attempt<sync::Uplink::Done> try_send();
  sync::Uplink::Done send();  // must succeed
  void send_all();
  sync::Attempt<sync::Downlink::Poll> poll(int wait_s = 0);
  sync::Downlink::Poll drain();  // polls until there is no more
  // What the downlink has told of this kind, in order.
  std::vector<wire::Change> told(wire::ChangeKind kind) const;
  TillNumber number() { return till.identity()->till; }

 private:
  HqRig& rig_;
  std::string token_;

 public:
  fakes::FakeTill till;
};

// A store with a campaign, and a till of it that has made contact.
class HqWithTill : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    rig_.add_campaign();
    till_.enroll(rig_.code());
    till_.contact();
  }
  HqRig rig_;
  TillAt till_{rig_, 1};
};

}  // namespace tillside::test
