#include "agent/web/web.h"

#include <algorithm>
#include <vector>

namespace tillside::embedded {
std::string_view page_home();
std::string_view page_closed();
std::string_view page_cashier();
std::string_view style_base();
std::string_view style_cashier();
std::string_view script_cashier();
std::string_view script_events();
std::string_view script_scan_view();
std::string_view script_scanner();
std::string_view script_view();
std::string_view script_words();
}  // namespace tillside::embedded

namespace tillside::web {
namespace {

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kCss = "text/css; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";

File file(std::string_view path, std::string_view type, std::string_view content) {
  return {path, type, std::make_shared<const std::string>(content)};
}

const std::vector<File>& files() {
  static const std::vector<File> all = {
      file("/", kHtml, embedded::page_home()),
      file("/closed", kHtml, embedded::page_closed()),
      file("/cashier", kHtml, embedded::page_cashier()),
      file("/web/base.css", kCss, embedded::style_base()),
      file("/web/cashier.css", kCss, embedded::style_cashier()),
      file("/web/cashier.js", kScript, embedded::script_cashier()),
      file("/web/events.js", kScript, embedded::script_events()),
      file("/web/scan_view.js", kScript, embedded::script_scan_view()),
      file("/web/scanner.js", kScript, embedded::script_scanner()),
      file("/web/view.js", kScript, embedded::script_view()),
      file("/web/words.js", kScript, embedded::script_words()),
  };
  return all;
}

}  // namespace

const File* find(std::string_view path) {
  const auto& all = files();
  const auto found = std::find_if(all.begin(), all.end(), [path](const File& one) { return one.path == path; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace tillside::web
