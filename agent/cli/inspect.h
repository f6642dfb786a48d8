// `tillside coupon inspect`: what a code is, what stands in it, whether it holds and why not.
#pragma once

#include <string>

#include "agent/cli/local_client.h"

namespace tillside::cli {

// `what` is a code, a file (text, PNG or JPEG) or "-" for standard input. Keys and terms are the running agent's;
// without one the code is decoded all the same and said to be unchecked. Exit codes: 0 every code is ours, and none
// that was checked is false; 3 that goes for some; 1 for none.
int inspect(LocalClient& agent, const std::string& what, bool json);

}  // namespace tillside::cli
