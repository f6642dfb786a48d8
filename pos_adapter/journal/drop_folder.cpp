#include "pos_adapter/journal/drop_folder.h"

#include <algorithm>
#include <utility>

#include "agent/domain/error_words.h"

namespace tillside::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostErrorText = 256 << 10;

bool is_journal(const fs::path& path) {
  static constexpr std::string_view kNames[] = {".xml", ".jsonl", ".json", ".csv"};
  std::string extension = path.extension().string();
  for (char& letter : extension) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
  return std::find(std::begin(kNames), std::end(kNames), extension) != std::end(kNames);
}

void keep_private(const fs::path& path, bool folder) {
  std::error_code problem;
  fs::permissions(path, folder ? fs::perms::owner_all : fs::perms::owner_read | fs::perms::owner_write, problem);
}

// A name in `folder` that is not taken: day.csv, day-2.csv, day-3.csv ...
fs::path free_name(const fs::path& folder, const fs::path& name) {
  std::error_code problem;
  fs::path out = folder / name;
  for (int number = 2; fs::exists(out, problem); ++number)
    out = folder / (name.stem().string() + "-" + std::to_string(number) + name.extension().string());
  return out;
}

std::string error_line(std::uint64_t line, const Error& error) {
  std::string out = line == 0 ? "" : "line " + std::to_string(line) + ": ";
  out += std::string(title_of(error.code, Language::zh)) + " / " + std::string(title_of(error.code, Language::en));
  out += " [" + std::string(name_of(error.code));
  if (!error.field.empty()) out += " " + error.field;
  out += "]";
  if (!error.detail.empty()) out += " " + error.detail;
  return out + "\n";
}

void write_private(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  keep_private(path, false);
  out << text;
}

}  // namespace

DropFolder::DropFolder(fs::path folder, Workplace& work)
    : folder_(std::move(folder)), source_("journal:drop:" + folder_.string()), work_(work) {}

bool DropFolder::poll() {
  bool any = false;
  for (const fs::path& path : settled_files()) {
    if (work_.deliveries.stopped()) break;
    any = process(path) || any;
  }
  return any;
}

std::vector<fs::path> DropFolder::settled_files() {
  std::error_code problem;
  std::map<fs::path, Look> looks;
  std::vector<fs::path> settled;
  for (fs::directory_iterator it(folder_, problem), end; !problem && it != end; it.increment(problem)) {
    std::error_code gone;
    const fs::path& path = it->path();
    if (path.filename().string().starts_with('.') || !is_journal(path) || !it->is_regular_file(gone)) continue;
    const Look look{it->file_size(gone), it->last_write_time(gone)};
    const auto before = looks_.find(path);
    const auto stuck = stuck_.find(path);
    const bool handled = stuck != stuck_.end() && stuck->second == look;
    if (!gone && !handled && before != looks_.end() && before->second == look) settled.push_back(path);
    if (!gone) looks.emplace(path, look);
  }
  if (problem && !std::exchange(missing_, true))
    work_.note(FollowerNote::Kind::cannot_read, folder_.filename().string(),
               {ErrorCode::not_found, "", "no such folder"});
  missing_ = static_cast<bool>(problem);
  looks_ = std::move(looks);
  std::sort(settled.begin(), settled.end());
  return settled;
}

bool DropFolder::process(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  Progress progress;
  progress.name = path.filename().string();
  if (!file) {
    work_.note(FollowerNote::Kind::cannot_read, progress.name, {ErrorCode::not_found, "", "cannot be opened"});
    return false;
  }
  const bool whole = read(file, progress);
  file.close();
  if (whole) put_away(path, progress);
  return true;
}

Place DropFolder::kept_place(std::ifstream& file, const std::string& name) const {
  const auto kept = work_.checkpoints.get_checkpoint(source_);
  const auto named = kept ? parse_place(*kept) : std::nullopt;
  return named && named->name == name && fits(file, named->place) ? named->place : Place{};
}

// False: stopped before its end.
bool DropFolder::read(std::ifstream& file, Progress& progress) {
  std::string head, buffer;
  read_at(file, 0, kHeadBytes, head);
  const auto format = detect(head);
  if (!format.ok()) {
    if (format.error().code != ErrorCode::not_found) progress.unreadable = format.error();
    return true;
  }
  progress.answered = kept_place(file, progress.name);
  progress.good = progress.answered.offset > 0 ? 1 : 0;
  std::uint64_t offset = progress.answered.offset;
  const auto reader =
      make_reader(*format, work_.config.mapping, work_.defaults(), {offset, progress.answered.line, head});
  while (const std::size_t got = read_at(file, offset, kChunk, buffer)) {
    offset += got;
    Parsed parsed = reader->read(buffer, Tail::waits);
    buffer.erase(0, parsed.consumed);
    if (!give(std::move(parsed), progress)) return false;
    keep(file, progress);
  }
  return give(reader->read(buffer, Tail::closed), progress) && work_.deliveries.settle(on_answer(progress));
}

bool DropFolder::give(Parsed parsed, Progress& progress) {
  progress.ignored += parsed.ignored;
  for (Document& document : parsed.documents)
    if (!work_.deliveries.give(std::move(document), on_answer(progress))) return false;
  return true;
}

Deliveries::OnAnswer DropFolder::on_answer(Progress& progress) {
  return [this, &progress](const Answered& answered) {
    work_.tell(progress.name, answered);
    progress.answered.offset = answered.end;
    progress.answered.line = answered.next_line;
    ++(answered.unreadable ? progress.bad : progress.good);
    if (answered.delivery.kind == Delivery::Kind::refused && progress.errors.size() < kMostErrorText)
      progress.errors += error_line(answered.line, answered.delivery.error.value_or(Error{}));
  };
}

void DropFolder::keep(std::ifstream& file, Progress& progress) {
  const auto place = place_at(file, progress.answered.offset, progress.answered.line);
  if (place && place->offset > 0) work_.remember(source_, write_place(*place, progress.name));
}

void DropFolder::put_away(const fs::path& path, Progress& progress) {
  const bool nothing_read = progress.good + progress.ignored == 0 && progress.bad > 0;
  const bool failed = progress.unreadable || nothing_read;
  if (progress.unreadable) progress.errors = error_line(0, *progress.unreadable);
  const fs::path folder = folder_ / (failed ? "failed" : "done");
  work_.remember(source_, write_place({}, ""));
  std::error_code problem;
  if (fs::create_directories(folder, problem)) keep_private(folder, true);
  const fs::path target = free_name(folder, path.filename());
  const bool erase = !failed && !work_.config.keep_done;
  if (erase) {
    fs::remove(path, problem);
  } else {
    fs::rename(path, target, problem);
    if (!problem) keep_private(target, false);
  }
  if (!progress.errors.empty()) write_private(target.string() + ".errors.txt", progress.errors);
  if (problem) {
    stuck_[path] = looks_[path];
    work_.note(FollowerNote::Kind::cannot_read, progress.name, {ErrorCode::storage_failed, "", "cannot be moved"});
  }
  work_.note(failed ? FollowerNote::Kind::file_failed : FollowerNote::Kind::file_done, progress.name,
             progress.unreadable.value_or(Error{}));
}

}  // namespace tillside::journal
