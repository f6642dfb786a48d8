// What the calls of a POS do, behind the C functions.
#pragma once

#include "pos_adapter/plugin/line.h"
#include "pos_adapter/plugin/tillside_pos.h"

namespace tillside::pos {

// `answer`: in today's form; its out fields are set, but for elapsed_us. Returns its outcome.
std::int32_t call(Line& line, Verb verb, Text document, std::int64_t deadline_ns, tillside_pos_answer& answer);

// Whether it can be a document at all, and is small enough: TILLSIDE_POS_WHY_NOTHING, NO_OBJECT or TOO_LARGE.
std::int32_t look_at(Text document);

}  // namespace tillside::pos
