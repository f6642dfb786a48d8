// The pages beside the till, embedded in the program: plain HTML, CSS and JavaScript modules.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace tillside::web {

struct File {
  std::string_view path;          // "/cashier", "/web/cashier.css"
  std::string_view content_type;  // with its charset
  std::shared_ptr<const std::string> content;
};

// nullptr when there is none. "/closed" is what a person sees who came without a one-time link. Any thread; the file
// lives as long as the program.
const File* find(std::string_view path);

}  // namespace tillside::web
