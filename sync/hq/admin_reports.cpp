#include <charconv>

#include "sync/hq/admin_api.h"
#include "sync/hq/coupon_report.h"
#include "sync/hq/double_report.h"
#include "sync/hq/oddities_report.h"
#include "sync/hq/report_text.h"
#include "sync/hq/settlement_report.h"
#include "sync/hq/tender_report.h"
#include "sync/hq/voucher_report.h"

namespace tillside::hq {
namespace {

Result<std::optional<LocalDate>> date_in(const http::Request& request, const char* name) {
  const auto text = request.query_value_or(name, "");
  if (text.empty()) return std::optional<LocalDate>();
  auto date = parse_date(text);
  if (!date) return Error{ErrorCode::bad_time, name, "a date like 2026-11-22 is wanted"};
  return std::optional<LocalDate>(*date);
}

Result<DateRange> range_in(const http::Request& request) {
  auto from = date_in(request, "from"), to = date_in(request, "to");
  if (!from) return from.error();
  if (!to) return to.error();
  return DateRange{*from, *to};
}

bool wants_bom(const http::Request& request) { return request.query_value_or("bom", "") == "1"; }

Status take_threshold(const http::Request& request, const char* name, std::int64_t& threshold) {
  const auto text = request.query_value_or(name, "");
  if (text.empty()) return {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), threshold);
  if (error != std::errc() || end != text.data() + text.size() || threshold < 1 || threshold > 1'000'000'000)
    return Error{ErrorCode::out_of_range, name, "a number from 1 on is wanted"};
  return {};
}

Result<OddityThresholds> thresholds_in(const http::Request& request) {
  OddityThresholds out;
  const std::pair<const char*, std::int64_t*> named[] = {
      {"same_person", &out.same_person}, {"same_person_a_day", &out.same_person_a_day},
      {"voided_cash", &out.voided_cash}, {"overrides", &out.overrides},
      {"unapproved", &out.unapproved},   {"differing", &out.differing}};
  for (const auto& [name, threshold] : named)
    if (auto status = take_threshold(request, name, *threshold); !status.ok()) return status.error();
  return out;
}

}  // namespace

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

AdminApi::Answer AdminApi::coupon_report(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  const auto now = parts_.clock.now();
  const auto found = parts_.ledger.coupon_report(now);
  if (!found) return found.error();
  if (!*csv) return answer(coupon_report_json(*found, now));
  return csv_answer(coupon_report_csv(*found, wants_bom(request)));
}

AdminApi::Answer AdminApi::settlement(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  const auto range = range_in(request);
  if (!range) return range.error();
  const auto found = parts_.ledger.settlement(*range);
  if (!found) return found.error();
  if (!*csv) return answer(settlement_json(*range, *found));
  return csv_answer(settlement_csv(*found, wants_bom(request)));
}

AdminApi::Answer AdminApi::tenders(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  const auto range = range_in(request);
  if (!range) return range.error();
  const auto found = parts_.ledger.tenders(*range);
  if (!found) return found.error();
  if (!*csv) return answer(tender_report_json(*range, *found));
  return csv_answer(tender_report_csv(*found, wants_bom(request)));
}

AdminApi::Answer AdminApi::oddities(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  const auto range = range_in(request);
  if (!range) return range.error();
  const auto thresholds = thresholds_in(request);
  if (!thresholds) return thresholds.error();
  const auto found = parts_.ledger.oddities(*range, *thresholds);
  if (!found) return found.error();
  if (!*csv) return answer(oddities_json(*range, *thresholds, *found));
  return csv_answer(oddities_csv(*found, wants_bom(request)));
}

AdminApi::Answer AdminApi::handed_over(const http::Request& request, const std::string& only_store) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  auto rows = parts_.ledger.handed_over();
  if (!rows) return rows.error();
  if (!only_store.empty()) std::erase_if(*rows, [&](const HandedOver& row) { return row.store_id != only_store; });
  if (!*csv) return answer(voucher_report_json(*rows));
  return csv_answer(voucher_report_csv(*rows, wants_bom(request)));
}

}  // namespace tillside::hq
