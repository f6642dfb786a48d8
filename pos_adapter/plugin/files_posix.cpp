#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "pos_adapter/plugin/files.h"

namespace tillside::pos {
namespace {

bool join(char* path, std::size_t room, const char* front, const char* back) {
  const std::size_t a = strlen(front), b = strlen(back);
  if (a + b + 1 > room) return false;
  memcpy(path, front, a);
  memcpy(path + a, back, b + 1);
  return true;
}

void make_with_those_above(const char* path) {
  char part[kMostPath];
  if (!join(part, sizeof part, path, "")) return;
  for (std::size_t at = 1; part[at] != '\0'; ++at) {
    if (part[at] != '/') continue;
    part[at] = '\0';
    mkdir(part, 0700);
    part[at] = '/';
  }
  mkdir(part, 0700);
}

bool write_all(int file, Text text) {
  while (!text.empty()) {
    const ssize_t count = write(file, text.data, text.size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text = text.from(static_cast<std::size_t>(count));
  }
  return true;
}

// Closes it, too.
bool read_open(int file, std::size_t most, Bytes& into) {
  if (file < 0) return false;
  into.clear();
  ssize_t count = 1;
  while (count > 0 && into.size() <= most && into.reserve(into.size() + 4096)) {
    count = read(file, into.data() + into.size(), into.capacity() - into.size());
    if (count > 0) into.set_size(into.size() + static_cast<std::size_t>(count));
    if (count < 0 && errno == EINTR) count = 1;
  }
  close(file);
  return count == 0 && into.size() <= most;
}

bool on_disk(int file) {
  int done = 0;
  do done = fsync(file);
  while (done != 0 && errno == EINTR);
  return done == 0;
}

}  // namespace

bool usual_spool_folder(char* path, std::size_t room) {
  const char* state = secure_getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/') return join(path, room, state, "/tillside-pos");
  const char* home = secure_getenv("HOME");
  return home != nullptr && home[0] == '/' && join(path, room, home, "/.local/state/tillside-pos");
}

Folder open_folder(const char* path, bool make) {
  constexpr int kHow = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const int there = open(path, kHow);
  if (there >= 0 || !make) return there;
  make_with_those_above(path);
  return open(path, kHow);
}

Folder open_folder_in(Folder folder, const char* name) {
  return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}
bool make_folder_in(Folder folder, const char* name) { return mkdirat(folder, name, 0700) == 0; }
bool remove_folder_in(Folder folder, const char* name) { return unlinkat(folder, name, AT_REMOVEDIR) == 0; }
void close_folder(Folder folder) { close(folder); }

bool lock_folder(Folder folder) {
  struct stat facts {};
  return flock(folder, LOCK_EX | LOCK_NB) == 0 && fstat(folder, &facts) == 0 && facts.st_nlink > 0;
}

bool sync_folder(Folder folder) { return on_disk(folder); }

bool write_durably(Folder folder, const char* name, Text head, Text body) {
  const int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write_all(file, head) && write_all(file, body) && on_disk(file);
  const bool closed = close(file) == 0;
  if (written && closed && sync_folder(folder)) return true;
  unlinkat(folder, name, 0);
  return false;
}

bool read_whole(Folder folder, const char* name, std::size_t most, Bytes& into) {
  return read_open(openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK), most, into);
}

bool read_private(const char* path, std::size_t most, Bytes& into) {
  return read_open(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), most, into);
}

bool remove_file(Folder folder, const char* name) { return unlinkat(folder, name, 0) == 0; }

bool move_file(Folder from, const char* name, Folder to, const char* new_name) {
  return renameat(from, name, to, new_name) == 0 && sync_folder(to);
}

bool list_folder(Folder folder, void (*each)(void* context, const char* name), void* context) {
  const int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const listing = again < 0 ? nullptr : fdopendir(again);
  if (listing == nullptr) {
    if (again >= 0) close(again);
    return false;
  }
  errno = 0;
  while (const dirent* entry = readdir(listing))
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) each(context, entry->d_name);
  const bool whole = errno == 0;
  closedir(listing);
  return whole;
}

}  // namespace tillside::pos
