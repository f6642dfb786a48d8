// A bar code scanner: zxing-cpp looking at a picture.
#pragma once

#include <optional>
#include <string>

#include "tests/fakes/picture.h"

namespace tillside::fakes {

// The text of the QR symbol (or the Code 128) that the picture shows; nothing when none can be read.
std::optional<std::string> scan_qr(const Picture& picture);
std::optional<std::string> scan_code128(const Picture& picture);

// As a scanner that goes on trying: the same picture softened, halved, stretched, under other thresholds and inverted,
// one after the other until one can be read.
inline constexpr int kPatientLooks = 12;
struct PatientScan {
  std::optional<std::string> text;
  int looks = 0;  // 1 to kPatientLooks
};
PatientScan scan_qr_patiently(const Picture& picture);
PatientScan scan_code128_patiently(const Picture& picture);

}  // namespace tillside::fakes
