// Result: a value, or an Error from a small closed vocabulary.
//
// Inside the house an Error is an enum, the name of the field it concerns and a technical detail in English.
// The words a person reads (what, why, mend; Chinese and English) are made in one place, error_words.h.
// Threads: plain values. Nothing here throws except std::bad_alloc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace tillside {

enum class ErrorCode : std::uint8_t {
  bad_json,           // not JSON, or not an object where one is wanted
  too_deep,           // nested deeper than 32 levels
  invalid_utf8,       // bytes that are not UTF-8
  missing_field,      // a required field is absent or null
  wrong_type,         // e.g. a string where a number is wanted
  unknown_value,      // a closed list does not hold this value
  out_of_range,       // negative where it may not be, too large, too long
  overflow,           // a sum leaves the range of amounts
  currency_mismatch,  // the document's currency is not the store's
  bad_time,           // not RFC 3339, or no such date
  bad_format,         // a code, an identifier or a file is malformed
  bad_signature,      // a signature or MAC does not hold
  not_found,
  conflict,        // same identity, other content
  not_ready,       // not enrolled, fenced or restored: no issuing until contact
  fenced,          // a copy of this till made contact first
  limit,           // a cap or quota is used up
  storage_full,    // disk full; the sale goes on
  storage_failed,  // any other failure of the database
  too_new,         // written by a newer version
  unavailable,     // the other side cannot be reached, or is busy
  refused,         // the other side understood and said no
  internal,
};

// The stable name used in problem documents, logs and events, e.g. "unknown_value".
const char* name_of(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string field;   // path of the field, e.g. "lines[2].quantity"; empty when none
  std::string detail;  // technical, English, never an identifier of a person
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only when ok().
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }

  // Only when !ok().
  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value: done, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace tillside
