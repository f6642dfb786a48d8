#include "sync/http/file_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sync/http/problem.h"

namespace tillside::http {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view strong(std::string_view etag) { return etag.starts_with("W/") ? etag.substr(2) : etag; }

bool names_etag(std::string_view list, std::string_view etag) {
  if (list == "*") return true;
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    auto entry = list.substr(0, end);
    while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
    while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
    if (strong(entry) == strong(etag)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

RangePlan suffix_range(std::uint64_t file_size, std::uint64_t last_bytes) {
  const auto length = std::min(file_size, last_bytes);
  if (length == 0) return {416, 0, 0};
  return {206, file_size - length, length};
}

// The plan for "first-last", "first-" or "-suffix"; nullopt when malformed.
std::optional<RangePlan> one_range(std::uint64_t file_size, std::string_view spec) {
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = parse_number(spec.substr(0, dash));
  const auto last = parse_number(spec.substr(dash + 1));
  if (dash == 0) return last ? std::optional(suffix_range(file_size, *last)) : std::nullopt;
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return std::nullopt;
  if (*first >= file_size) return RangePlan{416, 0, 0};
  const auto end = last && *last < file_size ? *last + 1 : file_size;
  return RangePlan{206, *first, end - *first};
}

void describe(Response& response, const FileBody& body, const RangePlan& plan, std::uint64_t file_size) {
  response.status = plan.status;
  response.with("Accept-Ranges", "bytes");
  if (!body.etag.empty()) response.with("ETag", body.etag);
  if (plan.status == 206) {
    response.with("Content-Range", fmt::format("bytes {}-{}/{}", plan.first, plan.first + plan.length - 1, file_size));
  }
  if (plan.status == 416) response.with("Content-Range", fmt::format("bytes */{}", file_size));
}

}  // namespace

RangePlan plan_range(std::uint64_t file_size, std::string_view etag, std::string_view range, std::string_view if_range,
                     std::string_view if_none_match) {
  static constexpr std::string_view kUnit = "bytes=";
  const RangePlan whole{200, 0, file_size};
  if (!etag.empty() && !if_none_match.empty() && names_etag(if_none_match, etag)) return {304, 0, 0};
  if (!range.starts_with(kUnit) || range.find(',') != std::string_view::npos) return whole;
  const bool weak = if_range.starts_with("W/") || etag.starts_with("W/");
  if (!if_range.empty() && (weak || if_range != etag)) return whole;
  return one_range(file_size, range.substr(kUnit.size())).value_or(whole);
}

FileSource::FileSource(std::ifstream file, const RangePlan& plan)
    : file_(std::move(file)), length_(plan.length), left_(plan.length) {
  file_.seekg(static_cast<std::streamoff>(plan.first));
}

std::unique_ptr<FileSource> FileSource::open(const Request& request, Response& response) {
  const auto body = *std::exchange(response.file, std::nullopt);
  std::error_code error;
  const bool regular = std::filesystem::is_regular_file(body.path, error);
  std::ifstream file;
  if (regular) file.open(body.path, std::ios::binary | std::ios::ate);
  const auto end = file.is_open() ? file.tellg() : std::ifstream::pos_type(-1);
  if (end < 0) {
    response = problem(
        {.status = 404, .code = "file-not-found", .title_zh = "文件不存在", .title_en = "The file is not there"},
        request);
    return nullptr;
  }
  const auto file_size = static_cast<std::uint64_t>(end);
  const auto plan = plan_range(file_size, body.etag, request.header("Range"), request.header("If-Range"),
                               request.header("If-None-Match"));
  describe(response, body, plan, file_size);
  return std::unique_ptr<FileSource>(new FileSource(std::move(file), plan));
}

std::size_t FileSource::read(std::span<char> room) {
  const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(room.size(), left_));
  file_.read(room.data(), wanted);
  const auto got = static_cast<std::size_t>(file_.gcount());
  left_ -= got;
  return got;
}

}  // namespace tillside::http
