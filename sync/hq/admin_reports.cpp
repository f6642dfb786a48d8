#include "sync/hq/admin_api.h"
#include "sync/hq/double_report.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {
namespace {

Result<std::optional<LocalDate>> date_in(const http::Request& request, const char* name) {
  const auto text = request.query_value_or(name, "");
  if (text.empty()) return std::optional<LocalDate>();
  auto date = parse_date(text);
  if (!date) return Error{ErrorCode::bad_time, name, "a date like 2026-11-22 is wanted"};
  return std::optional<LocalDate>(*date);
}

Result<bool> wants_csv(const http::Request& request) {
  const auto format = request.query_value_or("format", "json");
  if (format == "csv") return true;
  if (format == "json") return false;
  return Error{ErrorCode::unknown_value, "format", "json or csv"};
}

http::Response csv_answer(std::string csv) {
  http::Response response;
  response.content_type = "text/csv; charset=utf-8";
  response.body = std::move(csv);
  return response;
}

}  // namespace

AdminApi::Answer AdminApi::report(const http::Request& request) {
  ReportQuery query;
  auto from = date_in(request, "from"), to = date_in(request, "to");
  if (!from) return from.error();
  if (!to) return to.error();
  query.from = *from;
  query.to = *to;
  const auto by = report_by_of(request.query_value_or("by", "store"));
  if (!by) return Error{ErrorCode::unknown_value, "by", "store, guide, day or operator"};
  query.by = *by;
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  auto rows = parts_.ledger.report(query);
  if (!rows) return rows.error();
  if (!*csv) return answer(report_json(query, *rows));
  return csv_answer(report_csv(query, *rows, request.query_value_or("bom", "") == "1"));
}

AdminApi::Answer AdminApi::double_redemptions(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  const auto found = parts_.ledger.double_redemptions();
  if (!found) return found.error();
  if (!*csv) return answer(double_report_json(*found));
  return csv_answer(double_report_csv(*found, request.query_value_or("bom", "") == "1"));
}

}  // namespace tillside::hq
