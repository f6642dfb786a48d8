#include "pos_adapter/plugin/spool.h"

namespace tillside::pos {
namespace {

constexpr const char* kSetAside = "set-aside";
constexpr std::size_t kFolderName = 22;  // thirteen digits, a dash, eight hex digits
constexpr std::size_t kMostFile = 96 + 1048576;

bool is_folder_name(Text name) {
  if (name.size != kFolderName || name[13] != '-') return false;
  for (std::size_t i = 0; i < kFolderName; ++i)
    if (i != 13 && !is_digit(name[i]) && (i < 13 || name[i] < 'a' || name[i] > 'f')) return false;
  return true;
}

void fresh_folder_name(char* name) {
  auto ms = static_cast<std::uint64_t>(wall_clock_ms());
  for (std::size_t i = 13; i-- > 0; ms /= 10) name[i] = static_cast<char>('0' + ms % 10);
  name[13] = '-';
  std::uint32_t bits = random_bits();
  for (std::size_t i = 14; i < kFolderName; ++i, bits >>= 4) name[i] = "0123456789abcdef"[bits & 15];
  name[kFolderName] = '\0';
}

// Names of one kind found in a folder, each in a row of the same width, sorted.
struct Names {
  explicit Names(std::size_t width, bool (*kind)(const char*)) : row(width + 1), is_wanted(kind) {}

  static void note(void* context, const char* name) {
    auto& names = *static_cast<Names*>(context);
    if (names.is_wanted(name) && Text::length_of(name) == names.row - 1) names.rows.append({name, names.row});
  }
  bool gather(Folder folder) {
    if (!list_folder(folder, note, this)) return false;
    if (count() > 1)
      std::qsort(rows.data(), count(), row, [](const void* a, const void* b) {
        return std::strcmp(static_cast<const char*>(a), static_cast<const char*>(b));
      });
    return true;
  }
  std::size_t count() const { return rows.size() / row; }
  const char* at(std::size_t index) const { return rows.data() + index * row; }

  const std::size_t row;
  bool (*const is_wanted)(const char*);
  Bytes rows;
};

bool wants_folder(const char* name) { return is_folder_name(name); }
bool wants_document(const char* name) {
  std::uint64_t number = 0;
  return number_of(name, number);
}
bool wants_all(const char*) { return true; }

}  // namespace

bool Spool::open_root() {
  if (!wanted()) return false;
  if (root_ == kNoFolder) root_ = open_folder(path_, true);
  return root_ != kNoFolder;
}

void Spool::close(Place& place) {
  const Folder folder = place.folder.exchange(kNoFolder);
  if (folder != kNoFolder) close_folder(folder);
  place.left = 0;
}

// Stored before it is locked: a child made in between closes it.
bool Spool::claim(Place& place, const char* name) {
  place.folder = open_folder_in(root_, name);
  if (place.folder == kNoFolder) return false;
  if (!lock_folder(place.folder)) return close(place), false;
  std::memcpy(place.name, name, kFolderName + 1);
  return true;
}

bool Spool::make_own() {
  if (places_[0].folder != kNoFolder) return true;
  for (int tries = 0; tries < 4; ++tries) {
    char name[kFolderName + 1];
    fresh_folder_name(name);
    if (make_folder_in(root_, name) && claim(places_[0], name)) return sync_folder(root_);
  }
  return false;
}

bool Spool::keep(const Waiting& waiting) {
  if (!open_root() || !make_own()) return false;
  char name[kSpoolName];
  spool_name(waiting.number, name);
  if (write_durably(places_[0].folder, name, SpoolLine(waiting.verb, waiting.document()).text(), waiting.document()))
    return ++places_[0].left, true;
  if (!lock_folder(places_[0].folder)) close(places_[0]);  // somebody removed it: the next one makes it anew
  return false;
}

Spool::Read Spool::read(const Waiting& waiting, Bytes& into, Verb& verb, Text& document) {
  char name[kSpoolName];
  spool_name(waiting.number, name);
  if (!read_whole(places_[waiting.place].folder, name, kMostFile, into)) return Read::failed;
  return read_spool_file(into.text(), verb, document) ? Read::whole : Read::damaged;
}

void Spool::one_less(std::uint8_t place) {
  Place& where = places_[place];
  if (where.left > 0) --where.left;
  if (place == 0 || where.left > 0) return;
  remove_folder_in(root_, where.name);
  close(where);
}

void Spool::forget(const Waiting& waiting) {
  char name[kSpoolName];
  spool_name(waiting.number, name);
  remove_file(places_[waiting.place].folder, name);
  one_less(waiting.place);
}

Folder Spool::set_aside_folder() {
  make_folder_in(root_, kSetAside);
  const Folder folder = open_folder_in(root_, kSetAside);
  if (folder == kNoFolder) return kNoFolder;
  Names names(kFolderName + kSpoolName, wants_all);
  if (names.gather(folder))
    for (std::size_t i = 0; i + kMostSetAside <= names.count(); ++i) remove_file(folder, names.at(i));
  return folder;
}

void Spool::set_aside(const Waiting& waiting, Text problem) {
  if (!open_root() || !make_own()) return;
  const Folder folder = set_aside_folder();
  char name[kSpoolName], full[kFolderName + 1 + kSpoolName];
  spool_name(waiting.number, name);
  std::memcpy(full, places_[waiting.place].name, kFolderName);
  full[kFolderName] = '-';
  std::memcpy(full + kFolderName + 1, name, kSpoolName);
  Bytes file;
  if (!waiting.spooled()) {
    file.append(SpoolLine(waiting.verb, waiting.document()).text());
    file.append(waiting.document());
  } else {
    read_whole(places_[waiting.place].folder, name, kMostFile, file);
  }
  file.append("\n");
  const bool kept = folder != kNoFolder && write_durably(folder, full, file.text(), problem);
  if (waiting.spooled()) {
    if (!kept && folder != kNoFolder) move_file(places_[waiting.place].folder, name, folder, full);
    forget(waiting);
  }
  if (folder != kNoFolder) close_folder(folder);
}

bool Spool::is_ours(const char* name) const {
  for (const Place& place : places_)
    if (place.folder != kNoFolder && std::strcmp(place.name, name) == 0) return true;
  return false;
}

bool Spool::take_over(const char* name, Queue& queue) {
  int free = 1;
  while (free < kMostFolders && places_[free].folder != kNoFolder) ++free;
  if (free == kMostFolders) return false;
  Place& place = places_[free];
  if (!claim(place, name)) return true;
  Names documents(kSpoolName - 1, wants_document);
  if (!documents.gather(place.folder)) return close(place), true;
  for (std::size_t i = 0; i < documents.count() && queue.has_room(); ++i) {
    std::uint64_t number = 0;
    number_of(documents.at(i), number);
    if (!queue.add_spooled(static_cast<std::uint8_t>(free), number)) break;
    ++place.left;
  }
  if (place.left > 0) return true;
  remove_folder_in(root_, place.name);
  close(place);
  return true;
}

void Spool::adopt(Queue& queue) {
  if (!open_root() || !queue.has_room()) return;
  Names folders(kFolderName, wants_folder);
  if (!folders.gather(root_)) return;
  for (std::size_t i = 0; i < folders.count() && queue.has_room(); ++i)
    if (!is_ours(folders.at(i)) && !take_over(folders.at(i), queue)) return;
}

void Spool::tidy() {
  if (places_[0].folder != kNoFolder && remove_folder_in(root_, places_[0].name)) close(places_[0]);
}

void Spool::let_go() {
  for (Place& place : places_) close(place);
  const Folder root = root_.exchange(kNoFolder);
  if (root != kNoFolder) close_folder(root);
}

}  // namespace tillside::pos
