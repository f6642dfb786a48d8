#include "tests/sync/hq/hq_rig.h"

#include "agent/platform/log.h"
#include "sync/hq/hq_keys.h"

namespace tillside::test {

namespace fs = std::filesystem;

HqRig::HqRig() : data_(fs::temp_directory_path() / ("tillside-hq-" + to_hex(hq::random_bytes<8>()))) {
  backup_ = data_;
  backup_ += ".backup";
  log::set_level("error");
  start();
}

HqRig::~HqRig() {
  stop();
  fs::remove_all(data_);
  fs::remove(backup_);
}

void HqRig::start() {
  hq::HqOptions options;
  options.data = data_;
  options.clock = &clock;
  options.public_host = "T.EXAMPLE.CN";
  options.key_is_lost = key_is_lost;
  auto opened = hq::HqServer::open(options);
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  server_ = std::move(*opened);
  thread_ = std::thread([this] { server_->run(); });
}

void HqRig::stop() {
  if (!server_) return;
  server_->stop();
  thread_.join();
  server_.reset();
}

void HqRig::restart(const std::function<void()>& between) {
  stop();
  between();
  start();
}

void HqRig::keep_backup() { fs::copy_file(data_ / "hq.db", backup_, fs::copy_options::overwrite_existing); }

void HqRig::restore_backup() {
  for (const char* end : {"-wal", "-shm"}) fs::remove(data_ / (std::string("hq.db") + end));
  fs::copy_file(backup_, data_ / "hq.db", fs::copy_options::overwrite_existing);
}

std::unique_ptr<sync::CurlTransport> HqRig::transport() const {
  sync::CurlTransport::Options options;
  options.base_url = "http://127.0.0.1:" + std::to_string(server_->port());
  return std::make_unique<sync::CurlTransport>(options);
}

Answer HqRig::exchange(const std::string& method, const std::string& path, const std::string& body,
                       const std::string& bearer, const std::string& content_type,
                       const std::string& content_encoding) {
  sync::HqTransport::Request request;
  request.method = method;
  request.path = path;
  request.body = body;
  request.content_type = content_type;
  request.content_encoding = content_encoding;
  request.bearer = bearer;
  auto answer = transport()->exchange(request);
  EXPECT_TRUE(answer.ok()) << path;
  return answer.ok() ? *answer : Answer{};
}

Answer HqRig::admin_answer(const std::string& method, const std::string& path, const std::string& body,
                           const std::string& content_type) {
  return exchange(method, "/v1/admin/" + path, body, server_->owner_token(), content_type);
}

Json HqRig::admin(const std::string& method, const std::string& path, const std::string& body,
                  const std::string& content_type) {
  const auto answer = admin_answer(method, path, body, content_type);
  EXPECT_EQ(answer.status / 100, 2) << path << ": " << answer.body;
  return Json::parse(answer.body, nullptr, false);
}

void HqRig::add_store(const std::string& store_id) {
  admin("POST", "stores", Json{{"store_id", store_id}, {"name", "店 " + store_id}}.dump());
}

std::string HqRig::code(const std::string& store_id) {
  return admin("POST", "tills/codes", Json{{"store_id", store_id}}.dump())["code"];
}

void HqRig::settle_keys() {
  // A publication that was under way may have read the clock after it moved: then the next is due a while later still.
  for (int minutes = 0; minutes < 10 && ledger().keys_are_due(); ++minutes) {
    clock.advance(kMinute);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (ledger().keys_are_due() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  }
  EXPECT_FALSE(ledger().keys_are_due());
  (void)ledger().write_off_till(kMaxTillNumber);  // nobody: comes after the write that is under way
}

void HqRig::add_campaign(std::int64_t issue, std::int64_t quota) {
  admin("POST", "campaigns",
        Json{{"kind", "next_visit"},
             {"name", {{"zh", "满减"}, {"en", "off"}}},
             {"reward", {{"type", "amount_off"}, {"amount", 2000}, {"min_spend", 10000}}},
             {"valid_days", 7},
             {"budget", {{"issue", issue}, {"exposure", 0}}},
             {"quota_per_till", quota},
             {"active_from", "2020-01-01T00:00:00+08:00"},
             {"active_until", "2036-01-01T00:00:00+08:00"}}
            .dump());
}

void TillAt::enroll(const std::string& code) {
  const auto transport = rig_.transport();
  const auto enrolled = sync::enroll(code, "0.1.0", till, till, *transport, rig_.random);
  const auto* trouble = std::get_if<sync::Trouble>(&enrolled);
  ASSERT_EQ(trouble, nullptr) << trouble->status << " " << trouble->detail;
}

sync::Attempt<wire::ContactAnswer> TillAt::try_contact() {
  const auto transport = rig_.transport();
  auto answer = sync::Contact(till, till, till, rig_.random, "0.1.0").make(*transport);
  if (const auto* got = std::get_if<wire::ContactAnswer>(&answer)) token_ = got->token;
  return answer;
}

wire::ContactAnswer TillAt::contact() {
  auto answer = try_contact();
  if (const auto* trouble = std::get_if<sync::Trouble>(&answer)) {
    ADD_FAILURE() << "contact: " << trouble->status << " " << trouble->code << " " << trouble->detail;
    return {};
  }
  return std::get<wire::ContactAnswer>(answer);
}

sync::Attempt<sync::Uplink::Done> TillAt::try_send() {
  const auto transport = rig_.transport();
  return sync::Uplink(till, {}).send(*transport, token_);
}

sync::Uplink::Done TillAt::send() {
  auto done = try_send();
  if (const auto* trouble = std::get_if<sync::Trouble>(&done)) {
    ADD_FAILURE() << "uplink: " << trouble->status << " " << trouble->code << " " << trouble->detail;
    return {};
  }
  return std::get<sync::Uplink::Done>(done);
}

void TillAt::send_all() {
  for (int turn = 0; turn < 100; ++turn)
    if (send().step == sync::Uplink::Step::nothing) return;
  ADD_FAILURE() << "the outbox does not empty";
}

sync::Attempt<sync::Downlink::Poll> TillAt::poll(int wait_s) {
  const auto transport = rig_.transport();
  return sync::Downlink(till).poll(*transport, token_, wait_s);
}

sync::Downlink::Poll TillAt::drain() {
  sync::Downlink::Poll all;
  for (int turn = 0; turn < 100; ++turn) {
    auto one = poll();
    if (const auto* trouble = std::get_if<sync::Trouble>(&one)) {
      ADD_FAILURE() << "downlink: " << trouble->status << " " << trouble->code << " " << trouble->detail;
      return all;
    }
    const auto& got = std::get<sync::Downlink::Poll>(one);
    all.changes += got.changes;
    all.reset |= got.reset;
    if (!got.more) return all;
  }
  ADD_FAILURE() << "the downlink does not end";
  return all;
}

std::vector<wire::Change> TillAt::told(wire::ChangeKind kind) const {
  std::vector<wire::Change> out;
  for (const auto& change : till.disk.changes)
    if (change.kind == kind) out.push_back(change);
  return out;
}

}  // namespace tillside::test
