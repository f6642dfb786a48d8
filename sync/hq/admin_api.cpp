#include "sync/hq/admin_api.h"

#include "agent/platform/log.h"
#include "sync/hq/store_token.h"
#include "sync/http/guard.h"

namespace tillside::hq {
namespace {

using http::Method;

constexpr std::string_view kRoot = "/v1/admin/";

Result<std::vector<std::string>> segments(std::string_view path) {
  std::vector<std::string> out;
  path.remove_prefix(kRoot.size());
  while (true) {
    const auto end = path.find('/');
    auto decoded = http::percent_decode(path.substr(0, end));
    if (!decoded) return Error{ErrorCode::bad_format, "path", "badly encoded"};
    out.push_back(std::move(*decoded));
    if (end == std::string_view::npos) return out;
    path.remove_prefix(end + 1);
  }
}

Error no_such_call() { return {ErrorCode::not_found, "path", "no such call"}; }

}  // namespace

AdminApi::AdminApi(Parts parts) : parts_(std::move(parts)) {}
AdminApi::~AdminApi() = default;

bool AdminApi::handle(const CallPtr& call) {
  if (!call->request.path.starts_with(kRoot)) return false;
  const auto token = std::string(http::bearer_token(call->request.header("Authorization")));
  const bool owner = http::same_secret(token, parts_.owner_token);
  const bool managers = token.starts_with(kStoreTokenPrefix);
  if (!owner && !managers) {
    call->refuse({ErrorCode::bad_signature, "Authorization", "the owner's token is wanted"}, 401, "unauthorised");
    return true;
  }
  const bool taken = parts_.workers.post([this, call, owner, token] {
    try {
      const auto store =
          owner ? std::string() : parts_.ledger.store_with_token(token_hash(parts_.keys, token)).value_or("");
      if (!owner && store.empty())
        return call->refuse({ErrorCode::bad_signature, "Authorization", "not a live token"}, 401, "unauthorised");
      auto path = segments(call->request.path);
      auto answer = !path   ? Answer(path.error())
                    : owner ? route(call->request, *path)
                            : store_route(call->request, *path, store);
      if (answer)
        call->send(std::move(*answer));
      else
        call->refuse(answer.error());
    } catch (const std::exception& failure) {
      log::error("admin", "a call failed", {{"what", failure.what()}});
      call->send(busy(call->request, "the ledger is busy"));
    }
  });
  if (!taken) call->send(busy(call->request, "too many calls wait"));
  return true;
}

AdminApi::Answer AdminApi::store_route(const http::Request& request, const Path& path, const std::string& store_id) {
  const bool get = request.method == Method::kGet, post = request.method == Method::kPost;
  if (post && path == Path{"coupons"}) return make_coupons(request, store_id);
  if (get && path == Path{"coupons"}) return list_made(request, store_id);
  if (get && path == Path{"reports", "handed-over"}) return handed_over(request, store_id);
  return Error{ErrorCode::refused, "path", "a store's token makes vouchers for its store, no more"};
}

AdminApi::Answer AdminApi::route(const http::Request& request, const Path& path) {
  const bool get = request.method == Method::kGet, post = request.method == Method::kPost;
  const auto is = [&](std::initializer_list<std::string_view> wanted) {
    return std::equal(path.begin(), path.end(), wanted.begin(), wanted.end());
  };
  if (post && is({"stores"})) return add_store(request);
  if (get && is({"stores"})) return list_stores();
  if (post && is({"tills", "codes"})) return add_code(request);
  if (get && is({"tills"})) return list_tills();
  if (post && path.size() == 3 && path[0] == "tills" && (path[2] == "recall" || path[2] == "lend"))
    return move_quota(request, path);
  if (path.size() == 3 && path[0] == "tills") return till_call(request, path);
  if (post && is({"staff", "import"})) return import_staff(request);
  if (get && is({"staff"})) return list_staff(request);
  if (get && is({"key"})) return show_key();
  if (post && is({"key", "rotate"})) return rotate_own_key();
  if (get && is({"keys"})) return list_keys();
  if (post && path.size() == 4 && path[0] == "keys" && path[3] == "revoke") return revoke_key(request, path);
  if (post && is({"settings"})) return put_settings(request, "");
  if (post && is({"campaigns"})) return add_campaigns(request);
  if (get && is({"campaigns"})) return list_campaigns();
  if (post && path.size() == 3 && path[0] == "campaigns" && path[2] == "stop") return stop_campaign(path[1]);
  if (post && path.size() == 3 && path[0] == "campaigns" && (path[2] == "recall" || path[2] == "lend"))
    return move_quota(request, path);
  if (get && is({"reports", "stops"})) return awaited_stops(request);
  if (post && is({"members", "import"})) return import_members(request);
  if (get && is({"members"})) return members_status();
  if (get && is({"report"})) return report(request);
  if (get && is({"reports", "double-redemptions"})) return double_redemptions(request);
  if (get && is({"reports", "coupons"})) return coupon_report(request);
  if (get && is({"reports", "settlement"})) return settlement(request);
  if (get && is({"reports", "tenders"})) return tenders(request);
  if (get && is({"reports", "oddities"})) return oddities(request);
  if (post && is({"coupons"})) return make_coupons(request, "");
  if (get && is({"coupons"})) return list_made(request, "");
  if (post && path.size() == 3 && path[0] == "coupons" && path[2] == "revoke") return revoke_coupon(path[1]);
  if (post && is({"joined"})) return take_joined(request);
  if (get && is({"reports", "handed-over"})) return handed_over(request, "");
  if (get && is({"settings"})) return show_settings("");
  const bool of_store = path.size() == 3 && path[0] == "stores";
  if (get && of_store && path[2] == "settings") return show_settings(path[1]);
  if (post && of_store && path[2] == "settings") return put_settings(request, path[1]);
  if (post && of_store && path[2] == "token") return store_token(path[1]);
  return no_such_call();
}

Result<Json> body_object(const http::Request& request) {
  auto json = Json::parse(request.body, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::bad_json, "", "an object is wanted"};
  return json;
}

Result<std::string> text_field(const Json& json, const char* name, const std::string& fallback, std::size_t longest) {
  const auto at = json.find(name);
  if (at == json.end() || at->is_null()) return fallback;
  if (!at->is_string()) return Error{ErrorCode::wrong_type, name, "a string is wanted"};
  auto text = at->get<std::string>();
  if (text.size() > longest) return Error{ErrorCode::out_of_range, name, "too long"};
  return text;
}

}  // namespace tillside::hq
