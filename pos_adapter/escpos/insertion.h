// Our block among the bytes of a POS: printed as if nothing had been before it, and leaving the printer as it found it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/printer_state.h"

namespace tillside::escpos {

inline constexpr std::size_t kBlockLimit = 256 * 1024;  // bytes

// Content that may stand in a block: letters, pictures, codes and how they look, in whole commands. Not what resets,
// cuts, asks, opens the drawer, chooses page mode or another device, or stores anything in the printer.
bool fits_a_block(std::string_view content);

// What to send where the printer stands `at`: a begun line ended, the looks made plain, the content, everything set
// back as it was, then `behind` (feeds of the POS made again, see ReceiptRoll). Empty where nothing may go in
// (PrinterState::takes_ours), where the content does not fit a block, or where it would overwrite a QR code the POS has
// stored and not printed yet.
std::optional<std::string> block_at(const PrinterState& at, std::string_view content, std::string_view behind = {});

}  // namespace tillside::escpos
