#include "pos_adapter/journal/tailed_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace tillside::journal {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSiblings = 1000;  // files looked at for the rest of a rotated one

}  // namespace

TailedFile::TailedFile(fs::path path, Workplace& work)
    : path_(std::move(path)), name_(path_.filename().string()), source_("journal:" + path_.string()), work_(work) {
  const auto kept = work_.checkpoints.get_checkpoint(source_);
  const auto named = kept ? parse_place(*kept) : std::nullopt;
  if (named) seen_ = restart_ = answered_ = named->place;
}

bool TailedFile::poll() {
  std::ifstream file(path_, std::ios::binary);
  const bool ours = file && fits(file, seen_);
  if (ours) return follow(file);
  const auto rest = find_rotated();
  if (!file) {
    std::error_code problem;
    if (fs::exists(path_, problem)) complain_once({ErrorCode::not_found, "", "cannot be opened"});
    if (!rest) return false;
    file.open(*rest, std::ios::binary);
    return file && follow(file);
  }
  if (!rest) work_.note(FollowerNote::Kind::rest_lost, name_);
  const bool gave = rest ? finish_rotated(*rest) : finish_reader();
  if (work_.deliveries.stopped()) return gave;
  begin_anew();
  return follow(file) || gave;
}

bool TailedFile::follow(std::ifstream& file) {
  const bool gave = read_to_end(file, false);
  work_.deliveries.settle(on_answer());
  keep_checkpoint(file);
  return gave;
}

Deliveries::OnAnswer TailedFile::on_answer() {
  return [this](const Answered& answered) {
    work_.tell(name_, answered);
    answered_.offset = answered.end;
    answered_.line = answered.next_line;
    kept_ = false;
  };
}

bool TailedFile::read_to_end(std::ifstream& file, bool closed) {
  bool gave = false, grew = false;
  while (!work_.deliveries.stopped()) {
    const std::size_t before = buffer_.size();
    const std::size_t got = read_at(file, seen_.offset, kChunk, buffer_);
    grew = grew || got > 0;
    if (got > 0) {
      const auto place = place_at(file, seen_.offset + got, 1);
      if (!place) {  // cut short this very moment: the next poll sees it
        buffer_.resize(before);
        break;
      }
      seen_ = *place;
      if (!reader_ && !make_reader_for(file)) break;
      reader_->set_now(work_.clock.now());
      gave = take(reader_->read(buffer_, Tail::waits)) || gave;
      if (!closed) keep_checkpoint(file);
      continue;
    }
    const Tail tail = tail_at_end(grew, closed);
    if (reader_ && tail != Tail::waits) gave = take(reader_->read(buffer_, tail)) || gave;
    break;
  }
  return gave;
}

Tail TailedFile::tail_at_end(bool grew, bool closed) {
  if (closed) return Tail::closed;
  const std::int64_t now = work_.clock.monotonic_ms();
  if (grew) {
    grew_ms_ = now;
    idle_told_ = false;
  }
  if (idle_told_ || now - grew_ms_ < work_.config.mapping.idle_ms) return Tail::waits;
  idle_told_ = true;
  return Tail::idle;
}

// False while the format cannot be told; what is not text is passed over until the file is replaced.
bool TailedFile::make_reader_for(std::ifstream& file) {
  std::string head;
  read_at(file, 0, kHeadBytes, head);
  const auto format = detect(head);
  if (!format.ok()) {
    if (format.error().code != ErrorCode::not_found) complain_once(format.error());
    seen_ = restart_;
    buffer_.clear();
    return false;
  }
  reader_ = make_reader(*format, work_.config.mapping, work_.defaults(), {restart_.offset, restart_.line, head});
  return true;
}

bool TailedFile::take(Parsed parsed) {
  buffer_.erase(0, parsed.consumed);
  for (Document& document : parsed.documents)
    if (!work_.deliveries.give(std::move(document), on_answer())) break;
  return !parsed.documents.empty();
}

void TailedFile::keep_checkpoint(std::ifstream& file) {
  if (kept_) return;
  const auto place = place_at(file, answered_.offset, answered_.line);
  if (!place) return;
  answered_ = *place;
  work_.remember(source_, write_place(*place, name_));
  kept_ = true;
}

// The file under path_ is another one now: reads the rest of ours from its new name, then those begun and renamed
// since.
bool TailedFile::finish_rotated(const fs::path& rest) {
  work_.note(FollowerNote::Kind::rotated, name_);
  std::vector<fs::path> files = rotated_since(rest);
  files.insert(files.begin(), rest);
  bool gave = false;
  for (const fs::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    gave = read_to_end(file, true) || gave;
    if (!work_.deliveries.settle(on_answer())) return gave;
    forget();
  }
  return gave;
}

// What the reader holds back (a CSV ticket) is complete, though its file is gone.
bool TailedFile::finish_reader() {
  if (!reader_) return false;
  const bool gave = take(reader_->read(buffer_, Tail::closed));
  work_.deliveries.settle(on_answer());
  return gave;
}

// Files that may be ours under another name: journal.log.1, journal.log-20261122, journal-1.log, journal.1.log.
std::vector<fs::path> TailedFile::siblings() const {
  std::error_code problem;
  const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  const std::string stem = path_.stem().string();
  std::vector<fs::path> out;
  for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
    std::error_code unknown;
    const std::string name = it->path().filename().string();
    const bool alike =
        name.starts_with(name_) || (name.size() > stem.size() && name.starts_with(stem) &&
                                    std::string_view("-._").find(name[stem.size()]) != std::string_view::npos);
    if (!alike || name == name_ || !it->is_regular_file(unknown)) continue;
    out.push_back(it->path());
    if (out.size() >= kMostSiblings) break;
  }
  return out;
}

std::optional<fs::path> TailedFile::find_rotated() const {
  if (seen_.offset == 0) return {};
  for (const fs::path& path : siblings()) {
    std::ifstream file(path, std::ios::binary);
    if (file && fits(file, seen_)) return path;
  }
  return {};
}

std::vector<fs::path> TailedFile::rotated_since(const fs::path& rest) const {
  std::error_code problem;
  const auto since = fs::last_write_time(rest, problem);
  std::vector<std::pair<fs::file_time_type, fs::path>> found;
  for (const fs::path& path : siblings()) {
    const auto written = fs::last_write_time(path, problem);
    if (!problem && path != rest && written >= since) found.emplace_back(written, path);
  }
  std::sort(found.begin(), found.end());
  std::vector<fs::path> out;
  out.reserve(found.size());
  for (auto& [written, path] : found) out.push_back(std::move(path));
  return out;
}

void TailedFile::forget() {
  reader_.reset();
  buffer_.clear();
  seen_ = restart_ = answered_ = Place{};
  idle_told_ = complained_ = false;
  kept_ = true;
}

void TailedFile::begin_anew() {
  forget();
  work_.remember(source_, write_place(seen_, name_));
}

void TailedFile::complain_once(Error error) {
  if (!std::exchange(complained_, true)) work_.note(FollowerNote::Kind::cannot_read, name_, std::move(error));
}

}  // namespace tillside::journal
