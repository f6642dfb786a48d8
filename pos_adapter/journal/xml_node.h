// Elements and attributes by their local names, and the few texts asked of them.
#pragma once

#include <pugixml.hpp>
#include <string_view>

#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/xml_scan.h"

namespace tillside::journal {

// Calls visit(local name, child) for each child element.
template <class Visit>
void each_child(pugi::xml_node node, Visit visit) {
  for (pugi::xml_node child = node.first_child(); child; child = child.next_sibling())
    if (child.type() == pugi::node_element) visit(local_name(child.name()), child);
}

pugi::xml_node child_named(pugi::xml_node node, std::string_view name);   // the first; null when absent
std::string_view child_text(pugi::xml_node node, std::string_view name);  // trimmed; blank when absent
std::string_view own_text(pugi::xml_node node);                           // trimmed
std::string_view attribute_text(pugi::xml_node node, std::string_view attribute);
bool says_yes(pugi::xml_node node);  // value="yes" or "true", or the text "yes"
bool is_true(pugi::xml_node node, std::string_view attribute);

// ASCII letters alike in either case.
bool same_letters(std::string_view a, std::string_view b);
bool mentions(std::string_view text, std::string_view word);

}  // namespace tillside::journal
