// The seam to the system's files; files_posix.cpp fills it. Called by the library's own thread, except where said: a
// disk may take its time. A Folder is an open folder, a number of the system's; kNoFolder for none.
#pragma once

#include "pos_adapter/plugin/text.h"

namespace tillside::pos {

using Folder = int;
inline constexpr Folder kNoFolder = -1;
inline constexpr std::size_t kMostPath = 1024, kMostName = 64;

// Where spools stand when nobody says: writes at most `room` bytes with the closing zero. False: this user has no such
// place. Any thread; looks at the environment only.
bool usual_spool_folder(char* path, std::size_t room);

Folder open_folder(const char* path, bool make);         // makes it and those above, 0700
Folder open_folder_in(Folder folder, const char* name);  // no link is followed
bool make_folder_in(Folder folder, const char* name);    // 0700; false when it is there or cannot be made
bool remove_folder_in(Folder folder, const char* name);  // false unless it was empty
void close_folder(Folder folder);                        // lets go of its lock, too

// Takes the folder for this process, for as long as it is open. False: another has it, or it is not there any more.
bool lock_folder(Folder folder);
bool sync_folder(Folder folder);

// Makes the file (0600), writes both, and returns true once they are on the disk. False: there is no such file then.
bool write_durably(Folder folder, const char* name, Text head, Text body);
bool read_whole(Folder folder, const char* name, std::size_t most, Bytes& into);
bool read_private(const char* path, std::size_t most, Bytes& into);  // one outside the spool
bool remove_file(Folder folder, const char* name);
bool move_file(Folder from, const char* name, Folder to, const char* new_name);

// Calls `each` with every name but "." and "..", in no order. False: it could not be read to its end.
bool list_folder(Folder folder, void (*each)(void* context, const char* name), void* context);

}  // namespace tillside::pos
