// A QR symbol (ISO/IEC 18004, model 2) as a square of dark and light modules, and how text becomes one.
//
// All symbols here have error correction level M (about 15 % of the codewords may be lost), never raised: the version,
// and with it the printed width, then depends on the text's length alone. See docs/qr.md for the sizes a till prints.
//
// Nothing here throws except std::bad_alloc. Everything is a value or a pure function: safe from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace tillside::qr {

// Lets the encoder try all eight masks and keep the one with the lowest penalty; seven to twelve times slower.
inline constexpr int kAutomaticMask = -1;
// The mask used unless another is asked for. Every reader undoes every mask; docs/qr.md says what the choice costs.
inline constexpr int kFixedMask = 3;

struct EncodeOptions {
  int min_version = 1;    // 1 to 40; the smallest version that holds the text, but not below this
  int max_version = 40;   // 1 to 40, not below min_version
  int mask = kFixedMask;  // 0 to 7, or kAutomaticMask
};

class Symbol {
 public:
  // Modules row by row, true is dark. `modules` holds (17 + 4 * version)^2 of them; version 1 to 40, mask 0 to 7.
  Symbol(int version, int mask, std::vector<bool> modules);

  int version() const { return version_; }        // 1 to 40
  int size() const { return 17 + 4 * version_; }  // modules a side: 21 to 177, always odd, without quiet zone
  int mask() const { return mask_; }              // 0 to 7, also when it was chosen automatically
  // x to the right, y downwards, from the top left corner. Outside the square everything is light.
  bool dark(int x, int y) const;

  bool operator==(const Symbol&) const = default;

 private:
  int version_;
  int mask_;
  std::vector<bool> modules_;
};

// True when every character is one of the 45 of QR's alphanumeric mode: 0-9 A-Z space $ % * + - . / :
bool is_alphanumeric(std::string_view text);

// One alphanumeric segment (5.5 bits a character). Nothing when the text is empty, holds a character outside the 45, is
// too long for max_version, or the options are out of range.
std::optional<Symbol> encode_alphanumeric(std::string_view text, const EncodeOptions& options = {});

// Any text, such as an address in lower case: one alphanumeric segment where the text allows, else one byte segment of
// its UTF-8 bytes (8 bits each). Nothing when the text is empty, too long for max_version, or the options are out of
// range.
std::optional<Symbol> encode_text(std::string_view text, const EncodeOptions& options = {});

}  // namespace tillside::qr
