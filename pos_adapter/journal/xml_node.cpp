#include "pos_adapter/journal/xml_node.h"

#include <algorithm>

namespace tillside::journal {

pugi::xml_node child_named(pugi::xml_node node, std::string_view name) {
  for (pugi::xml_node child = node.first_child(); child; child = child.next_sibling())
    if (child.type() == pugi::node_element && local_name(child.name()) == name) return child;
  return {};
}

std::string_view child_text(pugi::xml_node node, std::string_view name) { return own_text(child_named(node, name)); }

std::string_view own_text(pugi::xml_node node) { return trimmed(node.text().get()); }

bool says_yes(pugi::xml_node node) {
  const auto value = attribute_text(node, "value");
  return value == "yes" || value == "true" || own_text(node) == "yes";
}

std::string_view attribute_text(pugi::xml_node node, std::string_view attribute) {
  for (pugi::xml_attribute one = node.first_attribute(); one; one = one.next_attribute())
    if (local_name(one.name()) == attribute) return one.value();
  return {};
}

bool is_true(pugi::xml_node node, std::string_view attribute) {
  const auto text = attribute_text(node, attribute);
  return text == "true" || text == "1";
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool mentions(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at)
    if (same_letters(text.substr(at, word.size()), word)) return true;
  return false;
}

}  // namespace tillside::journal
