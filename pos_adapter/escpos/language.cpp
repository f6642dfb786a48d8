#include "pos_adapter/escpos/language.h"

#include <algorithm>
#include <array>

namespace tillside::escpos {
namespace {

using namespace std::string_view_literals;

struct Opening {
  std::string_view bytes;
  Language language;
};

constexpr std::array kOpenings = {
    Opening{"%PDF-"sv, Language::pdf},
    Opening{"%!PS"sv, Language::postscript},
    Opening{"\x04%!"sv, Language::postscript},
    Opening{"%!"sv, Language::postscript},
    Opening{"\x1B%-12345X"sv, Language::pcl},
    Opening{"@PJL"sv, Language::pcl},
    Opening{"\x1B"
            "E\x1B"sv,
            Language::pcl},
    Opening{"^XA"sv, Language::zpl},
    Opening{"~DG"sv, Language::zpl},
    Opening{"~HS"sv, Language::zpl},
    Opening{"~SD"sv, Language::zpl},
    Opening{"CT~~CD"sv, Language::zpl},
    Opening{"! 0 "sv, Language::cpcl},
    Opening{"! U1 "sv, Language::cpcl},
    Opening{"SIZE "sv, Language::tspl},
    Opening{"CLS\r\n"sv, Language::tspl},
    Opening{"CLS\n"sv, Language::tspl},
    Opening{"GAP "sv, Language::tspl},
    Opening{"DIRECTION "sv, Language::tspl},
    Opening{"\nN\n"sv, Language::epl},
    Opening{"\r\nN\r\n"sv, Language::epl},
    Opening{"N\r\nq"sv, Language::epl},
    Opening{"\x02L"sv, Language::dpl},
    Opening{"\x02n"sv, Language::dpl},
    Opening{"\x02m"sv, Language::dpl},
    Opening{"\x02\x1B"
            "A"sv,
            Language::sbpl},
    Opening{"\x1B"
            "A\x1B"sv,
            Language::sbpl},
    Opening{"RaS2"sv, Language::picture},
    Opening{"UNIRAST"sv, Language::picture},
    Opening{"\x89PNG"sv, Language::picture},
    Opening{"\xFF\xD8\xFF"sv, Language::picture},
    Opening{"\x1B(R"sv, Language::escp},
    Opening{"\x1B(G"sv, Language::escp},
    Opening{"\x1B\x01@EJL"sv, Language::escp},
    Opening{"\x1B\x1D"sv, Language::star},      // alignment, code page, codes
    Opening{"\x1B\x1E"sv, Language::star},      // fonts, status
    Opening{"\x1B*r"sv, Language::star},        // raster
    Opening{"\x1B\x06\x01"sv, Language::star},  // status
};

// Printers are woken up, reset and asked before a job says what it speaks.
std::string_view without_courtesies(std::string_view bytes) {
  for (;;) {
    if (bytes.substr(0, 2) == "\x1B@"sv) {
      bytes.remove_prefix(2);
    } else if (!bytes.empty() && bytes.front() == '\0') {
      bytes.remove_prefix(1);
    } else {
      return bytes;
    }
  }
}

bool may_still_be(std::string_view bytes, std::string_view opening) {
  return bytes.size() < opening.size() && opening.substr(0, bytes.size()) == bytes;
}

}  // namespace

Language language_of(std::string_view opening) {
  const std::string_view bytes = without_courtesies(opening);
  const auto found = std::find_if(kOpenings.begin(), kOpenings.end(),
                                  [&](const Opening& one) { return bytes.substr(0, one.bytes.size()) == one.bytes; });
  if (found != kOpenings.end()) return found->language;
  const bool open = bytes == "\x1B"sv || std::any_of(kOpenings.begin(), kOpenings.end(), [&](const Opening& one) {
                      return may_still_be(bytes, one.bytes);
                    });
  return open && opening.size() < kOpeningBytes ? Language::undecided : Language::escpos;
}

const char* name_of(Language language) {
  switch (language) {
    case Language::undecided:
      return "undecided";
    case Language::escpos:
      return "escpos";
    case Language::star:
      return "star";
    case Language::zpl:
      return "zpl";
    case Language::epl:
      return "epl";
    case Language::cpcl:
      return "cpcl";
    case Language::tspl:
      return "tspl";
    case Language::dpl:
      return "dpl";
    case Language::sbpl:
      return "sbpl";
    case Language::pcl:
      return "pcl";
    case Language::escp:
      return "escp";
    case Language::postscript:
      return "postscript";
    case Language::pdf:
      return "pdf";
    case Language::picture:
      return "picture";
  }
  return "";
}

}  // namespace tillside::escpos
