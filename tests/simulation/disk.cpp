#include "tests/simulation/disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/simulation/memory_file.h"
#include "tests/simulation/pools.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "contents in memory: ";
constexpr int kShmBytes = 32 << 10;

using Machine = Disk::Machine;

struct Connection;

// One database file, its locks and the index of its write-ahead log.
struct Node {
  std::unique_ptr<MemoryFile> file = std::make_unique<MemoryFile>();
  Machine* machine = nullptr;
  int shared = 0, mapped = 0;
  const Connection* reserved = nullptr;
  const Connection* exclusive = nullptr;
  std::vector<std::unique_ptr<std::array<char, kShmBytes>>> shm;
  std::array<int, SQLITE_SHM_NLOCK> shm_shared{};
  std::array<const Connection*, SQLITE_SHM_NLOCK> shm_exclusive{};
};

struct Connection {
  sqlite3_file base{};
  std::shared_ptr<Node> node;
  int lock = SQLITE_LOCK_NONE;
  std::array<bool, SQLITE_SHM_NLOCK> shm_shared{};
  bool maps = false;

  Node& at() { return *node; }
};

struct Drives {
  std::unordered_map<std::uint64_t, std::shared_ptr<Node>> nodes;  // by the number in the file that stands for it
  std::map<std::string, Machine> machines;                         // by folder
  std::uint64_t newest = 0;
};
Drives* drives = nullptr;

Machine& machine_of(const fs::path& folder) { return drives->machines[folder.string()]; }

// 0: not one of ours.
std::uint64_t number_in(const char* path) {
  char text[48] = {};
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return 0;
  const std::size_t got = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  if (got <= kMark.size() || std::string_view(text, kMark.size()) != kMark) return 0;
  return std::strtoull(text + kMark.size(), nullptr, 10);
}

std::shared_ptr<Node> make(const fs::path& path) {
  auto node = std::make_shared<Node>();
  node->machine = &machine_of(path.parent_path());
  const std::uint64_t number = ++drives->newest;
  drives->nodes.emplace(number, node);
  std::ofstream(path, std::ios::binary) << kMark << number;
  return node;
}

std::shared_ptr<Node> found(const char* path) {
  const auto node = drives->nodes.find(number_in(path));
  return node == drives->nodes.end() ? nullptr : node->second;
}

void forget(const char* path) { drives->nodes.erase(number_in(path)); }

Connection& connection(sqlite3_file* file) { return *reinterpret_cast<Connection*>(file); }

// Counts one write or sync. False: there is no power for it; `last` is the one in which it went.
bool may_write(Node& node, bool& last) {
  last = false;
  if (node.machine == nullptr) return true;
  Machine& machine = *node.machine;
  if (!machine.power) return false;
  if (machine.writes_left == 0 || --machine.writes_left > 0) return true;
  machine.power = false;
  last = true;
  return false;
}

int unlock(sqlite3_file* file, int to) {
  Connection& self = connection(file);
  Node& node = self.at();
  if (self.lock <= to) return SQLITE_OK;
  if (node.exclusive == &self) node.exclusive = nullptr;
  if (node.reserved == &self) node.reserved = nullptr;
  if (to == SQLITE_LOCK_NONE) --node.shared;
  self.lock = to;
  return SQLITE_OK;
}

int lock(sqlite3_file* file, int to) {
  Connection& self = connection(file);
  Node& node = self.at();
  if (self.lock >= to) return SQLITE_OK;
  if (node.exclusive != nullptr && node.exclusive != &self) return SQLITE_BUSY;
  if (self.lock == SQLITE_LOCK_NONE) ++node.shared, self.lock = SQLITE_LOCK_SHARED;
  if (to == SQLITE_LOCK_SHARED) return SQLITE_OK;
  if (node.reserved != nullptr && node.reserved != &self) return SQLITE_BUSY;
  node.reserved = &self;
  self.lock = SQLITE_LOCK_RESERVED;
  if (to == SQLITE_LOCK_EXCLUSIVE && node.shared > 1) return SQLITE_BUSY;
  if (to == SQLITE_LOCK_EXCLUSIVE) node.exclusive = &self;
  self.lock = to;
  return SQLITE_OK;
}

int is_reserved(sqlite3_file* file, int* reserved) {
  *reserved = connection(file).at().reserved != nullptr;
  return SQLITE_OK;
}

int shm_unmap(sqlite3_file* file, int) {
  Connection& self = connection(file);
  if (!std::exchange(self.maps, false)) return SQLITE_OK;
  if (--self.at().mapped == 0) self.at().shm.clear();
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  Connection& self = connection(file);
  (void)shm_unmap(file, 0);
  (void)unlock(file, SQLITE_LOCK_NONE);
  self.~Connection();
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* into, int count, sqlite3_int64 from) {
  auto* bytes = static_cast<char*>(into);
  const auto wanted = static_cast<std::size_t>(count);
  const std::size_t got = connection(file).at().file->read(bytes, wanted, static_cast<std::size_t>(from));
  if (got == wanted) return SQLITE_OK;
  std::memset(bytes + got, 0, wanted - got);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* data, int count, sqlite3_int64 at) {
  Node& node = connection(file).at();
  bool torn = false;
  const bool whole = may_write(node, torn);
  const auto bytes = static_cast<std::size_t>(torn ? count / 2 : count);
  if (whole || torn) node.file->write(static_cast<const char*>(data), bytes, static_cast<std::size_t>(at));
  return whole ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Node& node = connection(file).at();
  bool last = false;
  if (!may_write(node, last)) return SQLITE_IOERR_TRUNCATE;
  node.file->truncate(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
  Node& node = connection(file).at();
  bool last = false;
  if (!may_write(node, last)) return SQLITE_IOERR_FSYNC;
  node.file->synced();
  return SQLITE_OK;
}

int size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(connection(file).at().file->size());
  return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** into) {
  Connection& self = connection(file);
  Node& node = self.at();
  *into = nullptr;
  if (size != kShmBytes) return SQLITE_IOERR_SHMMAP;
  if (!std::exchange(self.maps, true)) ++node.mapped;
  const auto wanted = static_cast<std::size_t>(page);
  if (node.shm.size() <= wanted && extend == 0) return SQLITE_OK;
  while (node.shm.size() <= wanted) node.shm.push_back(std::make_unique<std::array<char, kShmBytes>>());
  *into = node.shm[wanted]->data();
  return SQLITE_OK;
}

bool shm_is_free(const Connection& self, const Node& node, std::size_t slot, bool shared) {
  if (node.shm_exclusive[slot] != nullptr && node.shm_exclusive[slot] != &self) return false;
  return shared || node.shm_shared[slot] - (self.shm_shared[slot] ? 1 : 0) == 0;
}

void shm_take(Connection& self, Node& node, std::size_t slot, int flags) {
  const bool take = (flags & SQLITE_SHM_LOCK) != 0;
  if ((flags & SQLITE_SHM_EXCLUSIVE) != 0) {
    node.shm_exclusive[slot] = take ? &self : nullptr;
  } else if (self.shm_shared[slot] != take) {
    self.shm_shared[slot] = take;
    node.shm_shared[slot] += take ? 1 : -1;
  }
}

int shm_lock(sqlite3_file* file, int first, int count, int flags) {
  Connection& self = connection(file);
  Node& node = self.at();
  const auto begin = static_cast<std::size_t>(first), end = begin + static_cast<std::size_t>(count);
  const bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  if ((flags & SQLITE_SHM_LOCK) != 0)
    for (std::size_t slot = begin; slot < end; ++slot)
      if (!shm_is_free(self, node, slot, shared)) return SQLITE_BUSY;
  for (std::size_t slot = begin; slot < end; ++slot) shm_take(self, node, slot, flags);
  return SQLITE_OK;
}

void shm_barrier(sqlite3_file*) {}

const sqlite3_io_methods kMethods = {
    2,         close,       read,    write,       truncate,        sync,    size,     lock,
    unlock,    is_reserved, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
    shm_unmap, nullptr,     nullptr};

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  auto node = path == nullptr ? std::make_shared<Node>() : found(path);
  if (!node && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  if (!node) node = make(path);
  Connection* self = new (file) Connection;
  self->base.pMethods = &kMethods;
  self->node = std::move(node);
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int) {
  const auto node = found(path);
  if (!node) return SQLITE_IOERR_DELETE_NOENT;
  bool last = false;
  if (!may_write(*node, last)) return SQLITE_IOERR_DELETE;
  forget(path);
  std::remove(path);
  return SQLITE_OK;
}

int access(sqlite3_vfs*, const char* path, int, int* there) {
  std::error_code error;
  *there = fs::exists(path, error) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int room, char* into) {
  const std::string full = fs::absolute(path).string();
  if (full.size() >= static_cast<std::size_t>(room)) return SQLITE_CANTOPEN;
  std::memcpy(into, full.c_str(), full.size() + 1);
  return SQLITE_OK;
}

sqlite3_vfs of_memory(const sqlite3_vfs& system) {
  sqlite3_vfs vfs = system;
  vfs.szOsFile = sizeof(Connection);
  vfs.zName = "simulated";
  vfs.pNext = nullptr;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  return vfs;
}

// What zstd takes for each batch is not given back to the system in between.
void keep_memory() {
#ifdef __GLIBC__
  (void)mallopt(M_MMAP_THRESHOLD, 64 << 20);
  (void)mallopt(M_TRIM_THRESHOLD, 512 << 20);
#endif
}

// One thread: no locks, no count of the memory in use, and no general allocator.
void use_sqlite_alone() {
  static const bool once = [] {
    (void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    give_sqlite_pools();
    keep_memory();
    return true;
  }();
  (void)once;
}

}  // namespace

struct Disk::Inside {
  Drives drives;
  sqlite3_vfs vfs{};
  sqlite3_vfs* before = nullptr;
};

Disk::Disk() : inside_(std::make_unique<Inside>()) {
  if (drives != nullptr) throw std::logic_error("there is one disk already");
  use_sqlite_alone();
  inside_->before = sqlite3_vfs_find(nullptr);
  inside_->vfs = of_memory(*inside_->before);
  drives = &inside_->drives;
  sqlite3_vfs_register(&inside_->vfs, 1);
}

Disk::~Disk() {
  sqlite3_vfs_unregister(&inside_->vfs);
  sqlite3_vfs_register(inside_->before, 1);
  drives = nullptr;
}

void Disk::copy_file(const fs::path& from, const fs::path& to) {
  const auto node = found(from.c_str());
  if (!node) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    return;
  }
  forget(to.c_str());
  make(to)->file = node->file->copy();
}

void Disk::copy_folder(const fs::path& from, const fs::path& to) {
  remove_folder(to);
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path twin = to / entry.path().filename();
    entry.is_directory() ? copy_folder(entry.path(), twin) : copy_file(entry.path(), twin);
  }
}

void Disk::remove_file(const fs::path& file) {
  forget(file.c_str());
  fs::remove(file);
}

void Disk::remove_folder(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) forget(entry.path().c_str());
  fs::remove_all(folder);
}

Disk::Machine& Disk::machine_of(const fs::path& folder) { return tillside::simulation::machine_of(folder); }

// Its files in the order of their names, so that the same dice give the same losses.
std::uint64_t Disk::power_is_back(const fs::path& folder, const Chance& stays) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.insert(entry.path());
  std::uint64_t lost = 0;
  for (const fs::path& file : files)
    if (const auto node = found(file.c_str())) lost += node->file->lose_unsynced(stays);
  machine_of(folder) = {};
  return lost;
}

}  // namespace tillside::simulation
