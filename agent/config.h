// The agent's settings: /etc/tillside/agent.toml and what the command line says over it. docs/configuration.md lists
// all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/domain/result.h"
#include "pos_adapter/journal/database/setup.h"

namespace tillside {

// [printer]: of `tillside printer`, which reads the same file. Docs: docs/print-door.md.
struct PrinterSettings {
  std::string listen, printer;      // places, as pos_adapter/escpos/line/endpoint.h has them
  std::string lane;                 // of receipts that name none
  std::filesystem::path templates;  // a folder of receipt templates beside ours
  std::string receipt_template;     // template: the one to use; empty: the one that recognises the receipt
  int paper = 80;                   // mm: 58 or 80
  std::uint16_t cut_wait_ms = 150;  // the most a cut waits
  std::uint16_t idle_ms = 2000;     // silence that ends a receipt of a POS that does not cut
  bool drawer_ends = false;         // the drawer ends a receipt, too
  bool kanji = true;                // the printer stands in Kanji mode after ESC @
  bool join_when_unsure = true;     // print the join code below what could not be read for sure
};

// [scanner]: of `tillside scanner`, which reads the same file. Docs: docs/scanners.md.
struct ScannerSettings {
  std::string device;  // a serial line: /dev/ttyACM0,9600,8n1
  std::string lane;    // whose screens show the scan; empty: all
};

struct Config {
  std::filesystem::path folder;  // [till] folder: private, holds the databases, keys and tokens
  std::string hq_url;            // [headquarters] url; empty: what enrolment said
  std::string hq_ca_file;        // [headquarters] ca_file: PEM, empty for the system's

  std::uint16_t port = 7979;                 // [api] port, 0 takes a free one
  std::filesystem::path port_file;           // [api] port_file: where the port taken is written; empty: nowhere
  std::filesystem::path socket;              // [api] socket; default <folder>/agent.sock
  std::vector<std::string> hosts, origins;   // [api]
  std::vector<std::uint32_t> trusted_users;  // [api]

  std::vector<std::string> restarting_lanes;  // [lanes] counter_restarts = ["L3"] or ["*"]

  std::filesystem::path drop_folder;                  // [journal] drop
  std::vector<std::filesystem::path> appended_files;  // [journal] follow
  std::filesystem::path mapping;                      // [journal] mapping
  std::string journal_lane;                           // [journal] lane, for documents that name none
  bool journal_as_live = false;                       // [journal] as_live

  journal::DatabaseSettings database;  // [database]

  std::string receipt_shop;      // [receipt] shop: the line at the head of a printed block; empty: the store's name
  bool receipt_barcode = false;  // [receipt] barcode: the typed code also as Code 128
  std::string receipt_letters;   // [receipt] letters = "chinese" or "western"
  std::string receipt_qr;        // [receipt] qr = "raster" or "native"

  std::map<std::string, std::string, std::less<>> manual_keys;  // [manual_keys] B7 = "F6": by discount code

  PrinterSettings printer;
  ScannerSettings scanner;
  std::vector<std::filesystem::path> spools;  // [library] spools: of POSes with libtillside_pos, for the doctor to see

  std::string log_level = "info";
};

std::filesystem::path default_folder();  // /var/lib/tillside for root, else under the user's state folder

// not_found, bad_format (with line), unknown_value for a key nobody reads: a misspelt setting is said, not ignored.
Result<Config> load_config(const std::filesystem::path& file);

}  // namespace tillside
