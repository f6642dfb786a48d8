// One pass over the table: chunk after chunk, none of them split between rows of one mark.
#pragma once

#include <functional>
#include <optional>

#include "pos_adapter/journal/database/database_door.h"
#include "pos_adapter/journal/database/row_shape.h"

namespace tillside::journal {

class RowPass {
 public:
  RowPass(RowSource& source, const DatabaseDoorConfig& config) : source_(source), config_(config) {}

  using OnRow = std::function<void(RowAt)>;
  using OnChunk = std::function<bool()>;  // false: enough
  // Every row above `after`, in order. bad_format when the query does not order its rows by the mark, or when more
  // rows have one mark than can be read at once.
  Status read(Mark after, const OnRow& on_row, const OnChunk& on_chunk);

  const RowShape& shape() const { return *shape_; }  // only after a row
  std::uint64_t rows() const { return rows_; }

 private:
  struct Taken {
    Mark reached = 0;
    bool too_many_alike = false;  // the chunk is full of one mark: no row was taken
  };
  Result<Taken> take(const Rows& part, Mark after, std::size_t limit, const OnRow& on_row);
  Result<std::vector<RowAt>> rows_of(const Rows& part, Mark after);

  RowSource& source_;
  const DatabaseDoorConfig& config_;
  std::optional<RowShape> shape_;
  std::uint64_t rows_ = 0;
};

}  // namespace tillside::journal
