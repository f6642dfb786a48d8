// Pieces of documents that several messages share. Private to the wire room.
#pragma once

#include "sync/wire/json_fields.h"
#include "sync/wire/messages.h"

namespace tillside::wire {

Json to_json(const ContactValue& value);
void read_fields(Fields& fields, ContactValue& value);

Json to_json(const Identity& identity);
void read_fields(Fields& fields, Identity& identity);

Json to_json(const std::vector<GenerationKey>& keys);
void read_generation_keys(Fields& fields, const char* name, std::vector<GenerationKey>& keys);

Json to_json(const Settings& settings);
void read_fields(Fields& fields, Settings& settings);

Json to_json(const Change& change);
void read_fields(Fields& fields, Change& change);
std::optional<ChangeKind> change_kind_of(std::string_view name);

// A list of objects that may be absent: read(item, element) for each, added to `out`.
template <class T, class Read>
void read_optional_list(Fields& fields, const char* name, std::vector<T>& out, Read read) {
  const Json* list = fields.list(name);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size() && fields.ok(); ++i) {
    Fields item((*list)[i], fields.path_of(name, i), fields.trouble());
    read(item, out.emplace_back());
  }
}

// Required: a nested object read with read_fields().
template <class T>
void read_nested(Fields& fields, const char* name, T& out) {
  if (fields.required(name) == nullptr) return;
  if (const Json* object = fields.object(name)) {
    Fields nested(*object, fields.path_of(name), fields.trouble());
    read_fields(nested, out);
  }
}

}  // namespace tillside::wire
