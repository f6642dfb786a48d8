// The folder where what is queued waits on the disk, shared by all processes of a machine that name it.
//
//   <spool>/1795310103000-1f9c03ae/0000000000000001.doc    of one open handle, which holds the folder's lock
//   <spool>/set-aside/1795310103000-1f9c03ae-0000000000000001.doc   what the agent refused, its problem document behind
//   it
//
// A folder whose lock can be had was left by a process that ended: whoever takes it delivers what is in it. Everything
// is for its owner only (0700, 0600). The library's own thread only, except let_go().
#pragma once

#include <atomic>

#include "pos_adapter/plugin/files.h"
#include "pos_adapter/plugin/queue.h"
#include "pos_adapter/plugin/spool_file.h"

namespace tillside::pos {

class Spool {
 public:
  static constexpr std::size_t kMostSetAside = 100;  // the oldest give way

  // `path`: empty for none; outlives this.
  explicit Spool(const char* path) : path_(path) {}
  ~Spool() { let_go(); }
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  bool wanted() const { return path_[0] != '\0'; }

  // Writes the document under its number, durably. False: the disk would not.
  bool keep(const Waiting& waiting);
  enum class Read : std::uint8_t { whole, damaged, failed };
  // The document of one that was kept, in `into` until the next call. damaged: cut off by a kill or a power cut, or not
  // ours. failed: it cannot be read now, or is gone.
  Read read(const Waiting& waiting, Bytes& into, Verb& verb, Text& document);
  void forget(const Waiting& waiting);                   // delivered: erased
  void set_aside(const Waiting& waiting, Text problem);  // refused, or damaged: moved where people look

  // Takes the folders that ended processes left, oldest first, and puts what is in them at the end of the queue, as
  // long as that has room.
  void adopt(Queue& queue);

  void tidy();    // removes our own folder, if nothing is in it
  void let_go();  // closes everything: what is on the disk is anybody's to deliver. Also in a child after fork()

 private:
  static constexpr int kMostFolders = 32;
  struct Place {
    std::atomic<Folder> folder{kNoFolder};
    std::uint32_t left = 0;  // documents in it
    char name[kMostName] = {};
  };

  bool open_root();
  bool make_own();
  bool claim(Place& place, const char* name);
  bool is_ours(const char* name) const;
  bool take_over(const char* name, Queue& queue);
  void one_less(std::uint8_t place);
  void close(Place& place);
  Folder set_aside_folder();

  const char* const path_;
  std::atomic<Folder> root_{kNoFolder};
  Place places_[kMostFolders];  // the first is our own
};

}  // namespace tillside::pos
