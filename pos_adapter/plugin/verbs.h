// The calls of the local API that this library makes.
#pragma once

#include "pos_adapter/plugin/text.h"

namespace tillside::pos {

enum class Verb : unsigned char { advise, complete, reverse, event, check, hold, release };
inline constexpr int kVerbs = 7;

struct VerbFacts {
  Text name;  // in the spool
  Text path;
  bool durable;  // its answer means that the agent has the document for good; it is queued when none comes
};

const VerbFacts& facts_of(Verb verb);

}  // namespace tillside::pos
