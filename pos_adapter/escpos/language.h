// Which printer language a job speaks, told by its first bytes. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace tillside::escpos {

enum class Language : std::uint8_t {
  undecided,  // more bytes are needed
  escpos,     // or plain text, which ESC/POS is too
  star,       // Star line mode, StarPRNT, Star raster
  zpl,        // Zebra
  epl,        // Eltron
  cpcl,       // Zebra mobile
  tspl,       // TSC
  dpl,        // Datamax
  sbpl,       // SATO
  pcl,        // HP PCL and PJL
  escp,       // ESC/P2 and ESC/P-R of ink-jet and needle printers
  postscript,
  pdf,
  picture,  // PWG or URF raster, PNG, JPEG
};

inline constexpr std::size_t kOpeningBytes = 24;  // by then it is decided

Language language_of(std::string_view opening);

const char* name_of(Language language);  // "escpos", "zpl" …

}  // namespace tillside::escpos
