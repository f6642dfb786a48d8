#include "tests/fakes/fake_line.h"

#include <algorithm>

namespace tillside::fakes {
namespace {

std::string bare(const std::string& path) { return path.substr(0, path.find('?')); }

int wait_of(const std::string& path) {
  const auto at = path.find("wait=");
  return at == path.npos ? 0 : std::stoi(path.substr(at + 5));
}

std::string since_of(const std::string& path) {
  const auto at = path.find("since=");
  return at == path.npos ? std::string() : path.substr(at + 6, path.find('&', at) - at - 6);
}

Error broken(const char* detail) { return Error{ErrorCode::unavailable, "", detail}; }

}  // namespace

Result<sync::HqTransport::Answer> FakeLine::exchange(const Request& request) {
  if (cancelled_) return broken("cancelled");
  ++exchanges;
  ++calls[bare(request.path)];
  last_call[bare(request.path)] = request;
  switch (fault ? fault(request, exchanges) : Fault::none) {
    case Fault::none:
      return reach(request);
    case Fault::request_lost:
      return broken("request lost");
    case Fault::answer_lost:
      (void)reach(request);
      return broken("answer lost");
    case Fault::garbled:
      return Answer{200, "<html>Welcome to this hotel's network</html>", {}};
    case Fault::busy:
      return Answer{503, R"({"code":"busy"})", retry_after_s};
    case Fault::forbidden:
      return Answer{403, R"({"code":"revoked"})", {}};
    case Fault::too_old:
      return Answer{426, R"({"code":"too_old"})", {}};
  }
  return broken("");
}

Result<sync::HqTransport::Answer> FakeLine::reach(const Request& request) {
  const std::string path = bare(request.path);
  constexpr std::string_view kSnapshots = "/v1/snapshots/";
  if (path.starts_with(kSnapshots)) return snapshot(request, path.substr(kSnapshots.size()));
  if (path == "/v1/downlink" && hold && wait_of(request.path) > 0 && !hq_.has_changes_after(since_of(request.path)))
    hold(wait_of(request.path));
  if (cancelled_) return broken("cancelled");
  return hq_.handle(request);
}

Result<sync::HqTransport::Answer> FakeLine::snapshot(const Request& request, const std::string& name) {
  std::string body = hq_.snapshot_body(name);
  if (body.empty()) return Answer{404, R"({"code":"not_found"})", {}};
  if (corrupts_snapshot) body[body.size() / 2] = static_cast<char>(body[body.size() / 2] ^ 1);
  const std::size_t from = static_cast<std::size_t>(request.range_from.value_or(0));
  if (from >= body.size()) return Answer{416, R"({"code":"range"})", {}};
  std::string_view rest = std::string_view(body).substr(from);
  const auto limit = std::exchange(cut_snapshot_after, std::nullopt);
  const bool is_cut = limit && *limit < rest.size();
  if (is_cut) rest = rest.substr(0, *limit);
  while (!rest.empty()) {
    const auto piece = rest.substr(0, piece_bytes);
    rest.remove_prefix(piece.size());
    if (auto status = request.on_piece(piece); !status) return status.error();
  }
  if (is_cut) return broken("cut off");
  return Answer{from > 0 ? 206 : 200, "", {}};
}

}  // namespace tillside::fakes
