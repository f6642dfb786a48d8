#include <unistd.h>

#include <filesystem>

#include "agent/doctor/examine_scanner.h"
#include "pos_adapter/escpos/line/endpoint.h"

namespace tillside::doctor {

Findings examine_scanner(const ScannerSettings& scanner) {
  if (scanner.device.empty()) return {};
  const auto place = escpos::read_endpoint("serial:" + scanner.device, false);
  if (!place)
    return {broken(
        "scanner",
        {"[scanner] device 看不懂：" + scanner.device, "[scanner] device cannot be understood: " + scanner.device},
        {"写成 设备,9600,8n1", "write DEVICE,9600,8n1"})};
  std::error_code error;
  if (!std::filesystem::exists(place->path, error))
    return {broken("scanner", {"没有扫码枪 " + place->path, "no scanner at " + place->path},
                   {"插上，并设成串口（USB-COM）；名字看 /dev/serial/by-id/",
                    "plug it in, set to serial (USB-COM); /dev/serial/by-id/ has its name"})};
  if (::access(place->path.c_str(), R_OK | W_OK) != 0)
    return {broken("scanner", {"不能打开 " + place->path, place->path + " may not be opened"},
                   {"把运行 tillside scanner 的用户加进 dialout 组",
                    "put the user who runs tillside scanner into the group dialout"})};
  return {works("scanner", {"扫码枪在 " + place->path, "the scanner is at " + place->path})};
}

}  // namespace tillside::doctor
