// What proves a till to a headquarters restored from before its enrolment: facts headquarters signed and the till
// keeps.
//
// Text: hex( "TC1" || till 4 || generation 1 || epoch 8 || public key 32 || store number 4 || store id, name, zone,
// currency, calling code (each u16 length and bytes) || signature 64 ), big-endian; the signature is headquarters' over
// "tillside/till-certificate/v1\0" and everything before it.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/result.h"
#include "sync/hq/ledger_types.h"
#include "sync/wire/signing.h"

namespace tillside::hq {

struct Certificate {
  TillNumber till = 0;
  std::uint8_t generation = 0;
  wire::Epoch epoch{};
  VerifyingKey public_key{};
  Store store;
};

std::string write_certificate(const Certificate& certificate, const SigningKey& hq_key);
Result<Certificate> read_certificate(std::string_view text, const VerifyingKey& hq_key);  // bad_format, bad_signature

}  // namespace tillside::hq
