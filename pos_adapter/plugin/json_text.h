// A JSON document looked into where it lies: no tree, no allocation, no recursion deeper than kMostDepth.
#pragma once

#include <cstdint>

#include "pos_adapter/plugin/text.h"

namespace tillside::pos {

inline constexpr int kMostDepth = 64;

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Whether the whole text is one well-formed JSON object (RFC 8259), of at most kMostDepth levels.
bool is_json_object(Text json);

// The value at a path such as "prompts[0].zh", as it is written: a string with its quotes, an object with its braces.
// Empty: nothing there. What was passed over on the way is well-formed; the rest of the text was not looked at.
// A name that occurs twice counts as its last. Names are compared after resolving escapes.
Text json_at(Text json, Text path);

// How many elements the array has, written as `value`; 0 for anything else.
std::size_t json_count(Text value);

// A value as text: a string without quotes and with its escapes resolved, anything else as it is written. Returns the
// bytes it takes; writes them, without a closing zero, when `out` is not null and they are at most `room`. -1: not a
// value, or an escape that names no character.
std::int64_t json_text(Text value, char* out, std::size_t room);

// The integer written as `value`. False: no integer, or beyond 64 bits.
bool json_integer(Text value, std::int64_t& out);

}  // namespace tillside::pos
