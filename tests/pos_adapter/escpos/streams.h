// Print streams to try things on: our own, and those of the folder that is not part of the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace tillside::escpos {

inline std::string hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size();) {
    if (digits[i] == ' ') {
      ++i;
      continue;
    }
    out.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    i += 2;
  }
  return out;
}

inline std::string read_whole(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Streams real programs sent; empty where the folder is not.
inline std::vector<std::filesystem::path> shared_streams() {
  const char* named = std::getenv("TILLSIDE_SHARED_DATA");
  const std::filesystem::path folder =
      (named ? std::filesystem::path(named) : std::filesystem::path(TILLSIDE_SOURCE_DIR) / ".." / "shared" / "data") /
      "escpos";
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::is_directory(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".bin") found.push_back(entry.path());
  }
  return found;
}

// A receipt of a shop in China, as its POS prints it: logo, GB18030 words, double height total, a QR code, cut, drawer.
inline std::string chinese_receipt() {
  std::string logo = hex("1d 76 30 00 08 00 10 00");
  for (int row = 0; row < 16; ++row) logo += hex("ff 10 04 01 1b 69 1d 56");  // a query and cuts that are pixels
  return hex("1b 40 1b 61 01") + logo + "\n" + hex("1d 21 11") + "\xcb\xae\xb9\xfb\xb5\xea" +
         hex("1d 21 00 0a 1b 61 00") + "\xb5\xa5\xba\xc5:0123\n" + "--------------------------------\n" +
         "\xc1\xf1\xc1\xab 1.235kg x 19.90    24.58\n" + hex("1b 45 01") + "\xba\xcf\xbc\xc6:  24.58" +
         hex("1b 45 00 0a") + "\xca\xb5\xca\xd5:  24.58\n" + hex("1d 28 6b 03 00 31 43 06 1d 28 6b 0b 00 31 50 30") +
         "INVOICE1" + hex("1d 28 6b 03 00 31 51 30") + "\n" + hex("1b 64 03 1d 56 42 00 1b 70 00 19 fa");
}

// Bytes that look like ESC/POS more often than chance would have it.
inline std::string likely_bytes(std::mt19937& random, std::size_t size) {
  static constexpr unsigned char kIntroducers[] = {0x1B, 0x1C, 0x1D, 0x10, 0x1F};
  static constexpr unsigned char kLetters[] = "@=!aEGMV{-LStRDd*ipmJ3(8Lk&qgcvQCPWIra$";
  std::string out;
  while (out.size() < size) {
    switch (random() % 6) {
      case 0:
        out.push_back(static_cast<char>(kIntroducers[random() % sizeof(kIntroducers)]));
        out.push_back(static_cast<char>(kLetters[random() % (sizeof(kLetters) - 1)]));
        break;
      case 1:
        out.push_back(static_cast<char>(random() % 4));
        break;
      case 2:
        out.push_back(static_cast<char>(random() % 256));
        break;
      case 3:
        out += "text\n";
        break;
      case 4:
        out += "\xba\xcf\xbc\xc6";
        break;
      default:
        out.push_back('\x0a');
        break;
    }
  }
  out.resize(size);
  return out;
}

}  // namespace tillside::escpos
