// What a till's paper looks like to a camera: dead dots of the print head, missing dots, fading, blur, noise.
//
// Deterministic: the same picture, wear and seed give the same dots on every machine. Pure functions; any thread.
#pragma once

#include <cstdint>

#include "tests/fakes/picture.h"

namespace tillside::fakes {

struct Wear {
  double blur_dots = 0;       // standard deviation of the blur, in printed dots
  double fading = 0;          // 0 to 1: how much of the ink's contrast is gone on the side that is most faded
  double noise = 0;           // standard deviation of each pixel's luminance, of 255
  double missing = 0;         // share of dark dots that were not burnt
  int dead_dots = 0;          // columns of the print head, within the picture's ink, that never burn
  bool uneven_light = false;  // the light falls off across the picture
};

// A picture whose dots are the printer's, as a camera held over the paper sees it: worn, lying on blank paper, at 1.5
// to 2.4 pixels a dot and turned by up to 3 degrees, both by the seed.
Picture photograph(const Picture& print, const Wear& wear, std::uint64_t seed);

}  // namespace tillside::fakes
