// Texts like those a till prints.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace tillside::qr {

using Dice = std::mt19937;

inline constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
inline constexpr std::string_view kAlphanumericSet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
inline constexpr std::string_view kLongHost = "SHOP1.EXAMPLE";     // 13 characters, the longest for version 7
inline constexpr std::string_view kLongerHost = "SHOP12.EXAMPLE";  // 14

std::string random_text(Dice& dice, std::string_view alphabet, std::size_t length);
std::string coupon_text(Dice& dice, std::string_view host = kLongHost);    // 96 random bytes
std::string referral_text(Dice& dice, std::string_view host = kLongHost);  // 150 random bits
std::string typed_digits(Dice& dice);                                      // 24

}  // namespace tillside::qr
