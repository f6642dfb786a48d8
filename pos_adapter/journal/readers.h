// The three readers behind make_reader.
#pragma once

#include <memory>

#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

std::unique_ptr<Reader> make_json_lines_reader(const Mapping& mapping, const Defaults& defaults, const Start& start);
std::unique_ptr<Reader> make_csv_reader(const Mapping& mapping, const Defaults& defaults, const Start& start);
std::unique_ptr<Reader> make_xml_reader(const Mapping& mapping, const Defaults& defaults, const Start& start);

}  // namespace tillside::journal
