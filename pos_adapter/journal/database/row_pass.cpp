#include "pos_adapter/journal/database/row_pass.h"

#include <utility>

namespace tillside::journal {
namespace {

constexpr std::size_t kMostChunks = 32;  // read at once, where many rows have one mark

}  // namespace

Result<std::vector<RowAt>> RowPass::rows_of(const Rows& part, Mark after) {
  std::vector<RowAt> rows;
  rows.reserve(part.rows.size());
  for (const Cells& cells : part.rows) {
    if (cells.size() != part.columns.size()) return Error{ErrorCode::bad_format, {}, "a row with missing cells"};
    auto row = shape_->row(cells, *config_.defaults.zone);
    if (!row.ok()) return row.error();
    if (row->mark <= after) {
      // A time may be finer than its milliseconds: these have been taken.
      if (config_.kind == MarkKind::time) continue;
      return Error{ErrorCode::bad_format, config_.high_water, "rows not above the mark: is it WHERE ... > ?"};
    }
    if (!rows.empty() && row->mark < rows.back().mark)
      return Error{ErrorCode::bad_format, config_.high_water, "rows are not in its order: ORDER BY is missing"};
    rows.push_back(std::move(*row));
  }
  return rows;
}

// Of a full chunk the rows of its last mark are left for the next: more of them may stand behind the limit.
Result<RowPass::Taken> RowPass::take(const Rows& part, Mark after, std::size_t limit, const OnRow& on_row) {
  auto rows = rows_of(part, after);
  if (!rows.ok()) return rows.error();
  std::size_t count = rows->size();
  if (count == 0) return Taken{after, false};
  if (part.rows.size() >= limit) {
    if (rows->front().mark == rows->back().mark) return Taken{after, true};
    while ((*rows)[count - 1].mark == rows->back().mark) --count;
  }
  const Mark reached = (*rows)[count - 1].mark;
  rows_ += count;
  for (std::size_t i = 0; i < count; ++i) on_row(std::move((*rows)[i]));
  return Taken{reached, false};
}

Status RowPass::read(Mark after, const OnRow& on_row, const OnChunk& on_chunk) {
  std::size_t limit = config_.chunk;
  while (true) {
    auto part = source_.fetch({format_mark(after, config_.kind), config_.kind, limit});
    if (!part.ok()) return part.error();
    if (!shape_ || !shape_->fits(part->columns)) {
      auto shape = RowShape::of(part->columns, config_.mapping, config_.high_water, config_.kind);
      if (!shape.ok()) return shape.error();
      shape_ = std::move(*shape);
    }
    auto taken = take(*part, after, limit, on_row);
    if (!taken.ok()) return taken.error();
    if (taken->too_many_alike) {
      if (limit >= config_.chunk * kMostChunks)
        return Error{ErrorCode::bad_format, config_.high_water,
                     "too many rows have one value: a finer column is wanted"};
      limit *= 2;
      continue;
    }
    if (taken->reached == after) return {};
    after = taken->reached;
    limit = config_.chunk;
    if (!on_chunk()) return {};
  }
}

}  // namespace tillside::journal
