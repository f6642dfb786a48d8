// Every command of the reference, one by one: what it is and where it ends.
#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/streams.h"
#include "tests/pos_adapter/escpos/told.h"

namespace tillside::escpos {
namespace {

struct Entry {
  const char* bytes;
  Kind kind;
};

std::string filled(const char* head, std::size_t data) { return hex(head) + std::string(data, '\x1b'); }

// The command must end exactly there: the LF behind it is a command of its own.
void expect_one(const std::string& bytes, Kind kind, bool to_display = false, const std::string& before = {}) {
  const auto told = walk(before + bytes + "\n");
  const std::size_t first = before.empty() ? 0 : 1;
  ASSERT_EQ(told.size(), first + 2) << testing::PrintToString(bytes.substr(0, 16));
  EXPECT_EQ(told[first].kind, kind) << testing::PrintToString(bytes.substr(0, 16));
  EXPECT_EQ(told[first].bytes, bytes);
  EXPECT_EQ(told[first].to_display, to_display);
  EXPECT_EQ(told[first + 1].bytes, "\n");
}

constexpr Entry kFixed[] = {
    {"0a", Kind::line_feed},
    {"0d", Kind::carriage_return},
    {"09", Kind::tab},
    {"0c", Kind::form_feed},
    {"18", Kind::cancel},
    {"00", Kind::filler},
    {"07", Kind::unknown},
    {"1b 0c", Kind::print_page},
    {"1b 20 0a", Kind::letter_space},
    {"1b 21 30", Kind::print_mode},
    {"1b 24 0a 00", Kind::position},
    {"1b 25 01", Kind::own_letters},
    {"1b 2d 02", Kind::underline},
    {"1b 32", Kind::default_spacing},
    {"1b 33 1b", Kind::line_spacing},
    {"1b 39 01", Kind::kanji_system},
    {"1b 3c", Kind::home},
    {"1b 3d 01", Kind::peripheral},
    {"1b 3f 41", Kind::forget_letter},
    {"1b 40", Kind::reset},
    {"1b 42 03 02", Kind::beep},
    {"1b 43 03", Kind::sheet},
    {"1b 45 01", Kind::emphasis},
    {"1b 46 01", Kind::sheet},
    {"1b 47 01", Kind::double_strike},
    {"1b 4a 20", Kind::feed_dots},
    {"1b 4b 20", Kind::feed_back},
    {"1b 4c", Kind::page_mode},
    {"1b 4d 01", Kind::font},
    {"1b 52 0f", Kind::national_set},
    {"1b 53", Kind::standard_mode},
    {"1b 54 01", Kind::page_direction},
    {"1b 55 01", Kind::direction},
    {"1b 56 01", Kind::turned},
    {"1b 57 00 00 1b 40 00 02 1d 56", Kind::page_area},
    {"1b 5c 1b 69", Kind::move},
    {"1b 61 01", Kind::align},
    {"1b 63 30 01", Kind::sheet},
    {"1b 63 31 01", Kind::sheet},
    {"1b 63 33 0a", Kind::sensor},
    {"1b 63 34 0a", Kind::sensor},
    {"1b 63 35 01", Kind::panel},
    {"1b 64 1b", Kind::feed_lines},
    {"1b 65 02", Kind::feed_back},
    {"1b 66 01 02", Kind::sheet},
    {"1b 69", Kind::cut},
    {"1b 6d", Kind::cut},
    {"1b 70 00 1b 69", Kind::pulse},
    {"1b 71", Kind::sheet},
    {"1b 72 01", Kind::colour},
    {"1b 74 13", Kind::code_page},
    {"1b 75 00", Kind::status},
    {"1b 76", Kind::status},
    {"1b 7b 01", Kind::upside_down},
    {"1c 21 0c", Kind::kanji_mode},
    {"1c 26", Kind::kanji_on},
    {"1c 2d 01", Kind::kanji_underline},
    {"1c 2e", Kind::kanji_off},
    {"1c 3f fe a1", Kind::forget_kanji},
    {"1c 43 01", Kind::kanji_system},
    {"1c 4c", Kind::page_mode},
    {"1c 53 00 1b", Kind::kanji_space},
    {"1c 57 01", Kind::kanji_quadruple},
    {"1c 61 30 01", Kind::sheet},
    {"1c 61 31", Kind::sheet},
    {"1c 61 32", Kind::sheet},
    {"1c 62", Kind::sheet},
    {"1c 63", Kind::sheet},
    {"1c 67 32 00 01 00 00 00 05 00", Kind::stored},
    {"1c 70 01 30", Kind::print_nv},
    {"1d 21 11", Kind::size},
    {"1d 24 0a 00", Kind::page_position},
    {"1d 2f 00", Kind::print_download},
    {"1d 3a", Kind::macro},
    {"1d 42 01", Kind::inverse},
    {"1d 43 30 05 01", Kind::counter},
    {"1d 43 31 01 00 ff 00 01 01", Kind::counter},
    {"1d 43 32 0a 00", Kind::counter},
    {"1d 43 3b 31 3b 39 3b 31 3b 31 3b 31 3b", Kind::counter},
    {"1d 45 01", Kind::machine},
    {"1d 48 02", Kind::barcode_setting},
    {"1d 49 43", Kind::about},
    {"1d 4c 0a 00", Kind::left_margin},
    {"1d 50 b4 b4", Kind::motion_units},
    {"1d 54 01", Kind::line_start},
    {"1d 56 00", Kind::cut},
    {"1d 56 01", Kind::cut},
    {"1d 56 30", Kind::cut},
    {"1d 56 31", Kind::cut},
    {"1d 56 41 1b", Kind::cut},
    {"1d 56 42 00", Kind::cut},
    {"1d 56 61 10", Kind::cut},
    {"1d 56 62 10", Kind::cut},
    {"1d 56 67 10", Kind::cut},
    {"1d 56 68 10", Kind::cut},
    {"1d 56 07", Kind::unknown},
    {"1d 57 80 01", Kind::area_width},
    {"1d 5c 0a 00", Kind::page_position},
    {"1d 5e 02 05 01", Kind::macro},
    {"1d 61 ff", Kind::automatic_status},
    {"1d 62 01", Kind::smoothing},
    {"1d 63", Kind::counter},
    {"1d 66 01", Kind::barcode_setting},
    {"1d 67 30 00 14 00", Kind::counter},
    {"1d 67 32 00 14 00", Kind::stored},
    {"1d 68 50", Kind::barcode_setting},
    {"1d 6a 01", Kind::automatic_status},
    {"1d 72 01", Kind::status},
    {"1d 77 03", Kind::barcode_setting},
    {"1d 7a 30 01 01", Kind::machine},
    {"10 04 01", Kind::ask_status},
    {"10 04 07 01", Kind::ask_status},
    {"10 04 08 03", Kind::ask_status},
    {"10 04 12 01", Kind::ask_status},
    {"10 05 01", Kind::recover},
    {"10 14 01 00 02", Kind::pulse_now},
    {"10 14 02 01 08", Kind::power_off_now},
    {"10 14 03 00 01 01 01 01", Kind::beep_now},
    {"10 14 07 01", Kind::ask_status_now},
    {"10 14 08 01 03 14 01 06 02 08", Kind::clear_now},
};

TEST(Reference, CommandsOfFixedLengthEndThere) {
  for (const Entry& one : kFixed) expect_one(hex(one.bytes), one.kind);
}

TEST(Reference, LengthsInTwoBytes) {
  expect_one(filled("1b 28 41 04 00", 4), Kind::beep);
  expect_one(filled("1b 28 59 02 00", 2), Kind::machine);
  expect_one(filled("1c 28 41 02 00 30", 1), Kind::kanji_font);
  expect_one(filled("1c 28 43 02 00 30", 1), Kind::encoding);
  expect_one(filled("1c 28 45 06 00", 6), Kind::logo);
  expect_one(filled("1c 28 4c 02 00", 2), Kind::page_setting);
  expect_one(filled("1c 28 65 02 00", 2), Kind::automatic_status);
  expect_one(filled("1c 28 66 04 00", 4), Kind::sheet);
  expect_one(filled("1c 28 67 02 00", 2), Kind::sheet);
  for (const char* letter : {"41", "42", "44", "45", "46", "4b", "4d", "56", "5a", "7a"}) {
    expect_one(filled((std::string("1d 28 ") + letter + " 03 00").c_str(), 3), Kind::machine);
  }
  expect_one(filled("1d 28 43 05 00", 5), Kind::stored);
  expect_one(filled("1d 28 47 02 00", 2), Kind::sheet);
  expect_one(filled("1d 28 48 06 00", 6), Kind::response);
  expect_one(filled("1d 28 4e 02 00", 2), Kind::effect);
  expect_one(filled("1d 28 50 08 00", 8), Kind::page_setting);
  expect_one(filled("1d 28 51 0c 00", 12), Kind::page_setting);
  expect_one(filled("1d 28 4c 02 01", 258), Kind::graphics);
  expect_one(filled("1d 28 6b ff 0f", 4095), Kind::symbol);
}

TEST(Reference, LengthsInFourBytes) { expect_one(filled("1d 38 4c 00 00 02 00", 131072), Kind::graphics); }

TEST(Reference, Pictures) {
  expect_one(filled("1b 2a 00 03 00", 3), Kind::bit_image);
  expect_one(filled("1b 2a 01 03 01", 259), Kind::bit_image);
  expect_one(filled("1b 2a 20 03 00", 9), Kind::bit_image);
  expect_one(filled("1b 2a 21 00 01", 768), Kind::bit_image);
  expect_one(filled("1d 76 30 00 30 00 02 01", 48 * 258), Kind::raster);
  expect_one(filled("1d 76 30 03 01 01 01 00", 257), Kind::raster);
  expect_one(filled("1d 51 30 00 02 00 03 00", 6), Kind::raster);
  expect_one(filled("1d 2a 02 03", 48), Kind::download_image);
  expect_one(filled("1c 71 02 01 00 02 00", 16) + filled("02 00 01 00", 16), Kind::nv_image);
  expect_one(hex("1d 44 30 43 30 20 20 30 31") + "BM" + hex("40 00 00 00") + std::string(58, '\x1d'),
             Kind::bitmap_file);
}

TEST(Reference, OwnLettersAndKanji) {
  expect_one(hex("1b 26 03 41 42") + filled("02", 6) + filled("01", 3), Kind::define_letters);
  expect_one(hex("1b 26 03 41 41 00"), Kind::define_letters);
  expect_one(filled("1c 32 fe a1", 72), Kind::define_kanji);
  const std::string small_font = hex("1c 28 41 02 00 30 02");
  expect_one(filled("1c 32 fe a1", 32), Kind::define_kanji, false, small_font);
  expect_one(filled("1c 32 fe a1", 60), Kind::define_kanji, false, hex("1c 28 41 02 00 30 31"));
}

TEST(Reference, Barcodes) {
  for (int system = 0; system <= 6; ++system) {
    expect_one(hex("1d 6b") + std::string(1, static_cast<char>(system)) + "123456789012" + std::string(1, '\0'),
               Kind::barcode);
  }
  for (int system = 65; system <= 79; ++system) {
    expect_one(hex("1d 6b") + std::string(1, static_cast<char>(system)) + filled("0c", 12), Kind::barcode);
  }
}

TEST(Reference, TabStopsEndWithNulOrWithAValueThatDoesNotRise) {
  expect_one(hex("1b 44 08 10 18 00"), Kind::tab_stops);
  expect_one(hex("1b 44 00"), Kind::tab_stops);
  const auto told = walk(hex("1b 44 08 10 10 41"));
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].bytes, hex("1b 44 08 10"));
  EXPECT_EQ(told[2].bytes, "A");
}

TEST(Reference, ToTheUsersMemory) { expect_one(filled("1c 67 31 00 01 00 00 00 05 00", 5), Kind::store); }

// The same bytes mean other things while ESC = has chosen the pole display, until ESC = chooses the printer again.
TEST(Reference, ThePoleDisplayHasAGrammarOfItsOwn) {
  const std::string chosen = hex("1b 3d 02");
  for (const char* bytes :
       {"0c", "0b", "08", "18", "1f 01", "1f 0a", "1f 43 00", "1f 24 01 02", "1f 23 00 01", "1f 2e 30", "1f 54 0a 0a",
        "1f 5e 01 02", "1f 28 41 02 00 30 01", "1b 25 01", "1b 57 01 00", "1b 57 01 01 01 01 14 02", "1f 55"}) {
    const auto told = walk(chosen + hex(bytes) + "A");
    ASSERT_EQ(told.size(), 3U) << bytes;
    EXPECT_EQ(told[1].bytes, hex(bytes));
    EXPECT_TRUE(told[1].to_display);
    EXPECT_EQ(told[1].kind, Kind::display) << bytes;
    EXPECT_TRUE(told[2].to_display);
  }
  const auto told = walk(chosen + "pole" + hex("1b 3d 01") + "paper");
  ASSERT_EQ(told.size(), 4U);
  EXPECT_TRUE(told[1].to_display);
  EXPECT_TRUE(told[2].to_display);  // the display still had it when it came
  EXPECT_FALSE(told[3].to_display);
  EXPECT_FALSE(walk(hex("1b 3d 03") + "both").back().to_display);
}

TEST(Reference, StrangersDoNotSwallowTheirNeighbours) {
  const auto stray = walk(hex("1b 1b 40"));
  ASSERT_EQ(stray.size(), 2U);
  EXPECT_EQ(stray[0].kind, Kind::unknown);
  EXPECT_EQ(stray[1].kind, Kind::reset);
  const auto dle = walk(hex("10 1b 69"));
  ASSERT_EQ(dle.size(), 2U);
  EXPECT_EQ(dle[1].kind, Kind::cut);
  const auto letter = walk(hex("1b 5a") + "A");
  ASSERT_EQ(letter.size(), 2U);
  EXPECT_EQ(letter[0].bytes, hex("1b 5a"));
  const auto lost = walk(hex("1d 6b 04") + std::string(300, '1') + hex("1b 69"));  // a bar code without its NUL
  ASSERT_GE(lost.size(), 2U);
  EXPECT_EQ(lost.back().kind, Kind::cut);
}

}  // namespace
}  // namespace tillside::escpos
