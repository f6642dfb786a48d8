#include <algorithm>
#include <utility>

#include "pos_adapter/journal/csv_split.h"
#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/readers.h"
#include "pos_adapter/journal/ticket.h"

namespace tillside::journal {
namespace {

constexpr std::size_t kMostStrays = 100;  // unreadable rows held back for the ticket before them
constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

std::size_t index_of(const std::vector<std::string>& names, std::string_view name) {
  const auto found = name.empty() ? names.end() : std::find(names.begin(), names.end(), name);
  return found == names.end() ? kAbsent : static_cast<std::size_t>(found - names.begin());
}

bool all_blank(const std::vector<std::string>& fields) {
  return std::all_of(fields.begin(), fields.end(), [](const std::string& field) { return trimmed(field).empty(); });
}

// Where each field stands in this file.
struct Columns {
  std::size_t count = 0;
  std::array<std::size_t, kFields> at{};
  std::size_t cancel = kAbsent;
};

Columns columns_of(const std::vector<std::string>& names, const Mapping& mapping) {
  Columns columns;
  columns.count = names.size();
  for (std::size_t field = 0; field < kFields; ++field) columns.at[field] = index_of(names, mapping.columns[field]);
  columns.cancel = index_of(names, mapping.cancel_column);
  return columns;
}

class CsvReader : public Reader {
 public:
  CsvReader(const Mapping& mapping, const Defaults& defaults, const Start& start)
      : mapping_(mapping),
        defaults_(defaults),
        offset_(start.offset),
        line_(start.line),
        delimiter_(mapping.delimiter) {
    if (!mapping_.header.empty()) take_header(mapping_.header);
    if (offset_ > 0) read_head(start.head);
  }

  Parsed read(std::string_view bytes, Tail tail) override {
    Parsed parsed;
    out_ = &parsed;
    const bool closed = tail == Tail::closed;
    while (parsed.consumed < bytes.size() && take_record(bytes.substr(parsed.consumed), closed)) {
      parsed.consumed += record_.size;
      offset_ += record_.size;
      line_ += record_.lines;
    }
    if (tail != Tail::waits && (closed || mapping_.ticket_ends == TicketEnds::idle)) end_ticket();
    return parsed;
  }

  void set_now(Instant now) override { defaults_.now = now; }

 private:
  bool take_record(std::string_view bytes, bool closed) {
    if (offset_ == 0 && !skipped_mark_) return skip_mark(bytes, closed);
    if (skipping_) return skip_line(bytes);
    if (delimiter_ == 0 && !choose_delimiter(bytes, closed)) return false;
    const Split split = split_record(bytes, delimiter_, closed, record_);
    if (split == Split::torn) return false;
    if (split == Split::broken) {
      broken_line();
    } else if (!all_blank(record_.fields)) {
      take_fields();
    }
    return true;
  }

  bool skip_mark(std::string_view bytes, bool closed) {
    const auto mark = kByteOrderMark.substr(0, std::min(bytes.size(), kByteOrderMark.size()));
    const bool may_be = bytes.starts_with(mark);
    if (may_be && bytes.size() < kByteOrderMark.size() && !closed) return false;
    skipped_mark_ = true;
    record_.size = may_be ? mark.size() : 0;
    record_.lines = 0;
    return true;
  }

  // The rest of a line of which a first piece was refused for its length.
  bool skip_line(std::string_view bytes) {
    const auto end = bytes.find('\n');
    skipping_ = end == std::string_view::npos;
    record_.size = skipping_ ? bytes.size() : end + 1;
    record_.lines = skipping_ ? 0 : 1;
    return true;
  }

  bool choose_delimiter(std::string_view bytes, bool closed) {
    delimiter_ = find_delimiter(bytes, closed).value_or(0);
    return delimiter_ != 0;
  }

  // A header was read long before: find it again in the file's first bytes.
  void read_head(std::string_view head) {
    skipped_mark_ = true;
    if (head.starts_with(kByteOrderMark)) head.remove_prefix(kByteOrderMark.size());
    if (delimiter_ == 0) delimiter_ = find_delimiter(head, true).value_or(',');
    while (!columns_ && !head.empty()) {
      if (split_record(head, delimiter_, true, record_) == Split::record && !all_blank(record_.fields))
        take_header(decoded(record_.fields));
      head.remove_prefix(std::max<std::size_t>(record_.size, 1));
    }
  }

  std::vector<std::string> decoded(const std::vector<std::string>& fields) const {
    std::vector<std::string> names;
    for (const std::string& field : fields) {
      auto text = to_utf8(field, mapping_.encoding);
      names.emplace_back(text.ok() ? trimmed(*text) : std::string_view());
    }
    return names;
  }

  void take_header(const std::vector<std::string>& names) { columns_ = columns_of(names, mapping_); }

  void take_fields() {
    if (columns_) return take_row();
    take_header(decoded(record_.fields));
    if (columns_->at[0] == kAbsent)
      emit_error({ErrorCode::missing_field, "ticket", "the header has no column for it: is this the right mapping?"});
  }

  void take_row() {
    if (columns_->at[0] == kAbsent) return;
    Row row;
    if (auto error = make_row(row)) return stray(*error);
    const auto ticket = row.cell(Field::ticket);
    if (!open_ || ticket != builder_.ticket()) {
      end_ticket();
      open_ = true;
      ticket_begin_ = offset_;
      ticket_line_ = line_;
      builder_.begin(row);
    } else if (stray_) {
      spoil_with_stray();
    }
    const bool was_spoiled = builder_.spoiled();
    builder_.add(row);
    if (!was_spoiled && builder_.spoiled()) ticket_line_ = line_;
    ticket_end_ = offset_ + record_.size;
    ticket_next_line_ = line_ + record_.lines;
  }

  // Leaves the cells pointing into record_.
  std::optional<Error> make_row(Row& row) {
    std::vector<std::string>& fields = record_.fields;
    while (fields.size() > columns_->count && trimmed(fields.back()).empty()) fields.pop_back();
    if (fields.size() != columns_->count)
      return Error{ErrorCode::bad_format, "",
                   std::to_string(fields.size()) + " cells, the header has " + std::to_string(columns_->count)};
    for (std::string& field : fields) {
      auto text = to_utf8(field, mapping_.encoding);
      if (!text.ok()) return text.error();
      field = trimmed(*text);
    }
    for (std::size_t field = 0; field < kFields; ++field)
      if (columns_->at[field] != kAbsent) row.cells[field] = fields[columns_->at[field]];
    if (columns_->cancel != kAbsent) row.cancel_mark = fields[columns_->cancel];
    if (row.cell(Field::ticket).empty()) return Error{ErrorCode::missing_field, "ticket", "the row names no ticket"};
    return {};
  }

  void broken_line() {
    skipping_ = record_.lines == 0;
    stray({ErrorCode::bad_format, "", record_.size > kMaxDocument ? "over 1 MiB" : "a quote is never closed"});
  }

  // A row of no ticket. Between two rows of one ticket it may have been a third: then the ticket is not whole.
  void stray(const Error& error) {
    if (!open_) return emit_error(error);
    if (stray_) strays_.push_back(place_of(error));
    if (strays_.size() >= kMostStrays) return end_ticket();
    if (!stray_) stray_ = place_of(error);
  }

  void spoil_with_stray() {
    if (!builder_.spoiled()) ticket_line_ = stray_->line;
    builder_.spoil(stray_->checkout.error());
    stray_.reset();
    strays_.clear();
  }

  void end_ticket() {
    if (!open_) return;
    open_ = false;
    out_->documents.push_back({ticket_begin_, ticket_end_, ticket_line_, ticket_next_line_, builder_.finish()});
    if (stray_) out_->documents.push_back(std::move(*stray_));
    for (Document& document : strays_) out_->documents.push_back(std::move(document));
    stray_.reset();
    strays_.clear();
  }

  Document place_of(const Error& error) const {
    return {offset_, offset_ + record_.size, line_, line_ + record_.lines, error};
  }

  void emit_error(const Error& error) { out_->documents.push_back(place_of(error)); }

  const Mapping mapping_;
  Defaults defaults_;
  std::uint64_t offset_, line_;  // of the next record
  char delimiter_;
  bool skipped_mark_ = false;
  std::optional<Columns> columns_;
  Record record_;
  TicketBuilder builder_{mapping_, defaults_};
  bool skipping_ = false;
  bool open_ = false;  // a ticket is being read
  std::uint64_t ticket_begin_ = 0, ticket_end_ = 0, ticket_line_ = 0, ticket_next_line_ = 0;
  std::optional<Document> stray_;
  std::vector<Document> strays_;  // those behind stray_
  Parsed* out_ = nullptr;         // during read()
};

}  // namespace

std::unique_ptr<Reader> make_csv_reader(const Mapping& mapping, const Defaults& defaults, const Start& start) {
  return std::make_unique<CsvReader>(mapping, defaults, start);
}

}  // namespace tillside::journal
