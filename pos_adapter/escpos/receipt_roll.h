// What has been printed since the last receipt ended, and whether that is anything. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/paper_desk.h"
#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

class ReceiptRoll {
 public:
  // What the walk told, each with the state of the printer before it.
  void text(std::string_view bytes, const PrinterState& before);
  void command(const Command& command, const PrinterState& before);
  void data(std::string_view bytes);

  bool has_content() const { return content_; }  // letters, a picture, a code
  bool too_long() const { return too_long_; }
  bool kicked() const { return kicked_; }               // the drawer was opened behind the content
  std::uint64_t contents() const { return contents_; }  // grows with each piece of content: tells whether more came
  std::size_t size() const { return bytes_.size(); }

  // The feeds behind the last content, as the POS sent them: what brings the end of a receipt to the cutter or the
  // tear bar. A block that goes in behind them needs them again.
  const std::string& feeds() const { return feeds_; }

  PaperReceipt receipt() const;  // without number and end
  void clear();
  void drop(std::size_t size);  // the first bytes were a receipt of their own

 private:
  void note_content(const PrinterState& before);
  void record(std::string_view bytes);
  void record_peripheral(std::string_view bytes);

  std::string bytes_, feeds_;
  PrinterState begin_;
  std::uint64_t contents_ = 0;
  std::size_t peripheral_at_ = std::string::npos;  // where the last thing recorded is an ESC =
  bool content_ = false, too_long_ = false, kicked_ = false, recording_data_ = false;
};

}  // namespace tillside::escpos
