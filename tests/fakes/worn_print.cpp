#include "tests/fakes/worn_print.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace tillside::fakes {
namespace {

constexpr float kPaper = 232, kInk = 28;  // luminances of fresh thermal paper
constexpr int kMarginDots = 16;           // of blank paper in the picture, all round

// The standard's distributions differ between libraries; the engine does not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double share() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double between(double low, double high) { return low + (high - low) * share(); }
  int below(int bound) { return std::min(bound - 1, static_cast<int>(share() * bound)); }
  double about_zero() {  // variance 1: four uniform numbers
    const std::uint64_t bits = engine_();
    double sum = 0;
    for (int part = 0; part < 4; ++part) sum += static_cast<double>(bits >> (16 * part) & 0xFFFF) / 65535.0 - 0.5;
    return sum * std::numbers::sqrt3;
  }

 private:
  std::mt19937_64 engine_;
};

class Plane {
 public:
  Plane(int wide, int high)
      : width(wide), height(high), values(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high)) {}
  float* row(int y) { return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width); }
  const float* row(int y) const {
    return values.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
  }
  float& at(int x, int y) { return row(y)[x]; }
  // At a place between dots; beyond the edges the edge goes on.
  float near(float x, float y) const {
    return row(std::clamp(static_cast<int>(y), 0, height - 1))[std::clamp(static_cast<int>(x), 0, width - 1)];
  }

  int width, height;
  std::vector<float> values;
};

void whiten_column(Picture& print, int x) {
  for (int y = 0; y < print.height; ++y) print.at(x, y) = 255;
}

bool has_ink(const Picture& print, int x) {
  for (int y = 0; y < print.height; ++y) {
    if (print.dark(x, y)) return true;
  }
  return false;
}

void kill_dots(Picture& print, int count, Dice& dice) {
  int first = 0, last = print.width - 1;
  while (first < last && !has_ink(print, first)) ++first;
  while (last > first && !has_ink(print, last)) --last;
  for (int dead = 0; dead < count; ++dead) whiten_column(print, first + dice.below(last - first + 1));
}

void lose_dots(Picture& print, double share, Dice& dice) {
  for (std::uint8_t& dot : print.luminance) {
    if (dot < 128 && dice.share() < share) dot = 255;
  }
}

// How dark each dot is on the paper: faded more towards one side, in a direction of its own.
Plane inked(const Picture& print, double fading, Dice& dice) {
  const double angle = dice.between(0, 2 * std::numbers::pi), dx = std::cos(angle), dy = std::sin(angle);
  const double reach = (std::abs(dx) * print.width + std::abs(dy) * print.height) / 2;
  Plane plane(print.width + 2 * kMarginDots, print.height + 2 * kMarginDots);
  std::fill(plane.values.begin(), plane.values.end(), kPaper);
  for (int y = 0; y < print.height; ++y) {
    for (int x = 0; x < print.width; ++x) {
      if (!print.dark(x, y)) continue;
      const double side = ((x - print.width / 2.0) * dx + (y - print.height / 2.0) * dy) / reach;  // -1 to 1
      const auto lost = static_cast<float>(fading * (0.75 + 0.25 * side));
      plane.at(x + kMarginDots, y + kMarginDots) = kInk + (kPaper - kInk) * lost;
    }
  }
  return plane;
}

// The mean of four looks inside a pixel, so that dots have edges and not steps. `side` is the pixel's, in dots.
float at_pixel(const Plane& paper, float x, float y, float side) {
  const float step = side / 4;
  return (paper.near(x - step, y - step) + paper.near(x + step, y - step) + paper.near(x - step, y + step) +
          paper.near(x + step, y + step)) /
         4;
}

Plane seen_from(const Plane& paper, float pixels_per_dot, float degrees) {
  const float angle = degrees * std::numbers::pi_v<float> / 180, cosine = std::cos(angle), sine = std::sin(angle);
  const float side = 1 / pixels_per_dot, middle_x = static_cast<float>(paper.width) / 2,
              middle_y = static_cast<float>(paper.height) / 2;
  Plane seen(static_cast<int>(2 * middle_x * pixels_per_dot), static_cast<int>(2 * middle_y * pixels_per_dot));
  for (int y = 0; y < seen.height; ++y) {
    const float down = (static_cast<float>(y) + 0.5F) * side - middle_y;
    for (int x = 0; x < seen.width; ++x) {
      const float right = (static_cast<float>(x) + 0.5F) * side - middle_x;
      seen.at(x, y) =
          at_pixel(paper, middle_x + cosine * right + sine * down, middle_y - sine * right + cosine * down, side);
    }
  }
  return seen;
}

std::vector<float> bell(float deviation) {
  const int reach = static_cast<int>(std::ceil(2.5F * deviation));
  std::vector<float> weights;
  float sum = 0;
  for (int at = -reach; at <= reach; ++at)
    sum += weights.emplace_back(std::exp(static_cast<float>(-at * at) / (2 * deviation * deviation)));
  for (float& weight : weights) weight /= sum;
  return weights;
}

// Rows as sums of their neighbours, whole rows at a time.
Plane smeared_down(const Plane& plane, const std::vector<float>& weights) {
  const int reach = static_cast<int>(weights.size()) / 2;
  Plane out(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    float* to = out.row(y);
    for (int at = -reach; at <= reach; ++at) {
      const float* from = plane.row(std::clamp(y + at, 0, plane.height - 1));
      const float weight = weights[static_cast<std::size_t>(at + reach)];
      for (int x = 0; x < plane.width; ++x) to[x] += weight * from[x];
    }
  }
  return out;
}

Plane smeared_right(const Plane& plane, const std::vector<float>& weights) {
  const int reach = static_cast<int>(weights.size()) / 2;
  Plane out(plane.width, plane.height);
  std::vector<float> wide(static_cast<std::size_t>(plane.width + 2 * reach));
  for (int y = 0; y < plane.height; ++y) {
    const float* from = plane.row(y);
    std::fill_n(wide.begin(), reach, from[0]);
    std::copy_n(from, plane.width, wide.begin() + reach);
    std::fill_n(wide.end() - reach, reach, from[plane.width - 1]);
    float* to = out.row(y);
    for (std::size_t at = 0; at < weights.size(); ++at) {
      for (int x = 0; x < plane.width; ++x) to[x] += weights[at] * wide[static_cast<std::size_t>(x) + at];
    }
  }
  return out;
}

Plane blurred(const Plane& plane, float deviation) {
  const std::vector<float> weights = bell(deviation);
  return smeared_down(smeared_right(plane, weights), weights);
}

Picture exposed(Plane& plane, const Wear& wear, Dice& dice) {
  const double right = dice.between(-0.2, 0.2), down = dice.between(-0.2, 0.2);
  Picture picture(plane.width, plane.height);
  for (int y = 0; y < plane.height; ++y) {
    for (int x = 0; x < plane.width; ++x) {
      double value = plane.at(x, y);
      if (wear.uneven_light) value *= 0.8 + right * x / plane.width + down * y / plane.height;
      if (wear.noise > 0) value += wear.noise * dice.about_zero();
      picture.at(x, y) = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
  }
  return picture;
}

}  // namespace

Picture photograph(const Picture& print, const Wear& wear, std::uint64_t seed) {
  Dice dice(seed);
  const auto pixels_per_dot = static_cast<float>(dice.between(1.5, 2.4));
  const auto degrees = static_cast<float>(dice.between(-3, 3));
  Picture worn = print;
  kill_dots(worn, wear.dead_dots, dice);
  if (wear.missing > 0) lose_dots(worn, wear.missing, dice);
  Plane seen = seen_from(inked(worn, wear.fading, dice), pixels_per_dot, degrees);
  if (wear.blur_dots > 0) seen = blurred(seen, static_cast<float>(wear.blur_dots) * pixels_per_dot);
  return exposed(seen, wear, dice);
}

}  // namespace tillside::fakes
