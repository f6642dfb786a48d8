#pragma once
// Lets a test call a handler without any server and look at its answer.

#include <memory>
#include <optional>
#include <utility>

#include "sync/http/server.h"

namespace tillside::fakes {

class CapturedResponse final : public http::detail::Exchange {
 public:
  static std::shared_ptr<CapturedResponse> make() { return std::make_shared<CapturedResponse>(); }

  void answer(http::Response&& response) override { response_ = std::move(response); }
  void upgrade(std::shared_ptr<http::WsListener> listener, const http::WsOptions&) override {
    listener_ = std::move(listener);
  }
  void abandon() noexcept override { abandoned_ = true; }
  void watch(std::function<void()> on_close) override { on_close_ = std::move(on_close); }
  void expect_soon() override {}
  bool alive() const noexcept override { return true; }

  bool abandoned() const { return abandoned_; }
  const std::optional<http::Response>& response() const { return response_; }
  const std::shared_ptr<http::WsListener>& listener() const { return listener_; }

 private:
  std::optional<http::Response> response_;
  std::shared_ptr<http::WsListener> listener_;
  std::function<void()> on_close_;
  bool abandoned_ = false;
};

}  // namespace tillside::fakes
