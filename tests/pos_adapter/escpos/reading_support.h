// What the tests of receipts share: receipts written in UTF-8, as bytes a POS would send.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/receipt_template_book.h"

namespace tillside::escpos::testing {

// UTF-8 into the bytes of GB18030 ("GB18030"), "CP437" and whatever else iconv knows.
std::string encoded(std::string_view utf8, const char* charset = "GB18030");

// One paper as a Chinese POS sends it: reset, the lines in GB18030, fed and cut.
std::string printed(std::string_view utf8);

inline const StoreZone& shanghai() {
  static const StoreZone zone;
  return zone;
}

inline ReadingDefaults defaults() {
  ReadingDefaults out;
  out.store_id = "0123";
  out.lane_id = "L2";
  out.zone = &shanghai();
  out.now = *parse_time("2026-11-22T10:00:00+08:00", shanghai());
  return out;
}

inline const TemplateBook& book() {
  static const TemplateBook templates;
  return templates;
}

// The first paper of a stream, read by the templates we ship.
struct PaperReading {
  Paper paper;
  Reading reading;
};
PaperReading read_bytes(std::string_view stream, std::string_view by = {});
PaperReading read_text(std::string_view utf8, std::string_view by = {});

std::string doubts_of(const Reading& reading);  // "no_total no_number"

// Comparable text, a line each: kind, name, quantity, unit, price, amount, discount; and "wechat 4000".
std::vector<std::string> lines_of(const Checkout& checkout);
std::vector<std::string> tenders_of(const Checkout& checkout);

// Files that are not part of the project; empty where they are not.
inline std::filesystem::path shared_data() {
  const char* named = std::getenv("TILLSIDE_SHARED_DATA");
  const std::filesystem::path path =
      named ? std::filesystem::path(named) : std::filesystem::path(TILLSIDE_SOURCE_DIR) / ".." / "shared" / "data";
  return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}
std::string file_bytes(const std::filesystem::path& path);

}  // namespace tillside::escpos::testing
