// One request under way: what was asked, by whom, and the duty to answer it in the caller's language.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/api/access.h"
#include "agent/api/problems.h"
#include "agent/desk/desk.h"
#include "agent/domain/error_words.h"
#include "sync/http/server.h"

namespace tillside::api {

// Movable. The request may be read until an answer is sent; answering is allowed from any thread.
class Call {
 public:
  // `allowed_origin`: the browser POS this answer is for, "" for anybody else's.
  Call(const http::Request& request, http::Responder responder, std::string_view allowed_origin)
      : request_(&request), responder_(std::move(responder)), allowed_origin_(allowed_origin) {}

  const http::Request& request() const { return *request_; }
  Language language() const { return language_of(request_->header("Accept-Language")); }
  const std::string& part() const { return part_; }  // the path's variable part, decoded
  void set_part(std::string part) { part_ = std::move(part); }

  void send(http::Response response);
  void fail(const Error& error) { send(problem_of(error, language())); }
  void refuse(Refusal what) { send(refusal(what, language())); }
  // A desk's reply: its document as it stands, with the mark of a repeated answer, or its error.
  void send_reply(Reply reply);
  // The answer waits for the disk only: see http::Responder::expect_soon().
  void expect_soon() { responder_.expect_soon(); }
  http::Responder take_responder() { return std::move(responder_); }

 private:
  const http::Request* request_;
  http::Responder responder_;
  std::string allowed_origin_;
  std::string part_;
};

// Answers with the desk's reply when it comes.
ReplyTo reply_later(Call call);

}  // namespace tillside::api
