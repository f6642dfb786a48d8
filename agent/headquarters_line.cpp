#include "agent/headquarters_line.h"

#include "agent/platform/files.h"
#include "sync/client/enroll.h"
#include "sync/client/system_random.h"
#include "sync/client/transport.h"

namespace tillside {
namespace {

constexpr const char* kUrlFile = "headquarters.url";

// nullopt: the machine's clock is as good, or nothing better is known.
std::optional<Instant> certificates_at(const store::Store& store) {
  const TrustedTime time = store.time().now();
  if (!time.known || time.state == ClockState::wall) return std::nullopt;
  return time.now;
}

sync::TransportOptions transport_options(const store::Store& store, const std::string& url,
                                         const std::string& ca_file) {
  sync::TransportOptions options;
  options.certificates_at = [&store] { return certificates_at(store); };
  options.base_url = url;
  options.ca_file = ca_file;
  options.user_agent = "tillside/" TILLSIDE_VERSION;
  return options;
}

Error of_trouble(const sync::Trouble& trouble) {
  const bool unreachable = trouble.kind == sync::TroubleKind::unreachable || trouble.kind == sync::TroubleKind::busy;
  const bool storage = trouble.kind == sync::TroubleKind::storage;
  const ErrorCode code = unreachable ? ErrorCode::unavailable
                         : storage   ? ErrorCode::storage_failed
                                     : ErrorCode::refused;
  return {code, {}, trouble.detail.empty() ? trouble.code : trouble.detail};
}

}  // namespace

struct HeadquartersLine::Loop {
  Loop(const Parts& parts, const std::string& url, const std::string& ca_file, const sync::SyncBoard::Tell& tell)
      : up(sync::make_transport(transport_options(*parts.store, url, ca_file))),
        down(sync::make_transport(transport_options(*parts.store, url, ca_file))),
        sync({*parts.contact, *parts.keys, *parts.outbox, *parts.downlink, *up, *down, *parts.clock, random}, options(),
             tell) {}

  static sync::SyncLoop::Options options() {
    sync::SyncLoop::Options options;
    options.up.version = TILLSIDE_VERSION;
    return options;
  }

  sync::SystemRandom random;
  std::unique_ptr<sync::HqTransport> up, down;
  sync::SyncLoop sync;
};

HeadquartersLine::HeadquartersLine(Parts parts, const Config& config, sync::SyncBoard::Tell tell)
    : parts_(parts),
      folder_(config.folder),
      configured_url_(config.hq_url),
      ca_file_(config.hq_ca_file),
      tell_(std::move(tell)) {}

HeadquartersLine::~HeadquartersLine() { stop(); }

std::string HeadquartersLine::known_url() {
  if (!configured_url_.empty()) return configured_url_;
  std::string url = read_file(folder_ / kUrlFile).value_or("");
  while (!url.empty() && (url.back() == '\n' || url.back() == ' ')) url.pop_back();
  return url;
}

void HeadquartersLine::start() {
  const std::string url = known_url();
  if (parts_.contact->identity() && !url.empty()) begin(url);
}

void HeadquartersLine::begin(const std::string& url) {
  const std::lock_guard lock(mutex_);
  if (loop_) return;
  loop_ = std::make_unique<Loop>(parts_, url, ca_file_, tell_);
  loop_->sync.start();
}

// Without the lock: the loop's threads ask for status() while they end.
void HeadquartersLine::stop() {
  Loop* loop = nullptr;
  {
    const std::lock_guard lock(mutex_);
    loop = loop_.get();
  }
  if (loop != nullptr) loop->sync.stop();
}

void HeadquartersLine::wake() {
  const std::lock_guard lock(mutex_);
  if (loop_) loop_->sync.wake();
}

sync::SyncStatus HeadquartersLine::status() const {
  const std::lock_guard lock(mutex_);
  return loop_ ? loop_->sync.status() : sync::SyncStatus{};
}

std::optional<std::string> HeadquartersLine::live_token() const {
  const std::lock_guard lock(mutex_);
  return loop_ ? loop_->sync.live_token() : std::nullopt;
}

std::unique_ptr<sync::HqTransport> HeadquartersLine::connect() {
  const std::string url = known_url();
  return url.empty() ? nullptr : sync::make_transport(transport_options(*parts_.store, url, ca_file_));
}

Result<wire::Identity> HeadquartersLine::enrol(const std::string& hq_url, const std::string& code) {
  const std::string url = hq_url.empty() ? known_url() : hq_url;
  if (url.empty()) return Error{ErrorCode::missing_field, "hq", "headquarters' address"};
  if (parts_.contact->identity()) return Error{ErrorCode::refused, {}, "this till is enrolled already"};
  if (Status usable = sync::check_base_url(url); !usable) return usable.error();
  const auto transport = sync::make_transport(transport_options(*parts_.store, url, ca_file_));
  // Before anything is asked: a till that is enrolled must never have forgotten where.
  if (Status kept = write_private_file(folder_ / kUrlFile, url + "\n"); !kept) return kept.error();
  sync::SystemRandom random;
  auto outcome = sync::enroll(code, TILLSIDE_VERSION, *parts_.contact, *parts_.keys, *transport, random);
  if (const auto* trouble = std::get_if<sync::Trouble>(&outcome)) return of_trouble(*trouble);
  begin(url);
  return std::get<wire::Identity>(std::move(outcome));
}

}  // namespace tillside
