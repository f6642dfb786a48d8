#include "tests/simulation/memory_file.h"

#include <algorithm>
#include <cstring>

#include "tests/simulation/pools.h"

namespace tillside::simulation {

std::size_t MemoryFile::read(char* into, std::size_t count, std::size_t from) const {
  const std::size_t there = from >= size_ ? 0 : std::min(count, size_ - from);
  for (std::size_t done = 0; done < there;) {
    const std::size_t at = from + done, within = at % kChunk, part = std::min(there - done, kChunk - within);
    std::memcpy(into + done, chunks_[at / kChunk]->data() + within, part);
    done += part;
  }
  return there;
}

MemoryFile::Chunk& MemoryFile::to_write(std::size_t index) {
  auto& chunk = chunks_[index];
  if (chunk.use_count() > 1) chunk = std::allocate_shared<Chunk>(PoolAllocator<Chunk>(), *chunk);
  return *chunk;
}

void MemoryFile::put(const char* data, std::size_t count, std::size_t at) {
  while (chunks_.size() * kChunk < at + count)
    chunks_.push_back(std::allocate_shared_for_overwrite<Chunk>(PoolAllocator<Chunk>()));
  if (at > size_) fill_gap(at);
  for (std::size_t done = 0; done < count;) {
    const std::size_t to = at + done, within = to % kChunk, part = std::min(count - done, kChunk - within);
    std::memcpy(to_write(to / kChunk).data() + within, data + done, part);
    done += part;
  }
  size_ = std::max(size_, at + count);
}

// Between the end and a write beyond it there are zeros.
void MemoryFile::fill_gap(std::size_t until) {
  for (std::size_t at = size_; at < until;) {
    const std::size_t within = at % kChunk, part = std::min(until - at, kChunk - within);
    std::memset(to_write(at / kChunk).data() + within, 0, part);
    at += part;
  }
  size_ = until;
}

void MemoryFile::write(const char* data, std::size_t count, std::size_t at) {
  Unsynced& write = unsynced_.emplace_back();
  write.at = at;
  write.count = count;
  if (at < size_) {
    write.before.resize(std::min(count, size_ - at));
    (void)read(write.before.data(), write.before.size(), at);
  }
  put(data, count, at);
}

void MemoryFile::truncate(std::size_t size) {
  if (size >= size_) return;
  chunks_.resize((size + kChunk - 1) / kChunk);
  size_ = size;
  synced_size_ = std::min(synced_size_, size);
  std::erase_if(unsynced_, [size](const Unsynced& write) { return write.at + write.count > size; });
}

void MemoryFile::synced() {
  unsynced_.clear();
  synced_size_ = size_;
}

std::uint64_t MemoryFile::lose_unsynced(const Chance& stays) {
  std::uint64_t lost = 0;
  std::size_t end = synced_size_;
  for (auto write = unsynced_.rbegin(); write != unsynced_.rend(); ++write) {
    if (stays()) {
      end = std::max(end, write->at + write->count);
      continue;
    }
    ++lost;
    put(write->before.data(), write->before.size(), write->at);
    const std::string nothing(write->count - write->before.size(), '\0');
    put(nothing.data(), nothing.size(), write->at + write->before.size());
  }
  unsynced_.clear();
  truncate(end);
  synced_size_ = size_;
  return lost;
}

std::unique_ptr<MemoryFile> MemoryFile::copy() const {
  auto copy = std::make_unique<MemoryFile>();
  copy->chunks_ = chunks_;
  copy->size_ = size_;
  copy->synced();
  return copy;
}

}  // namespace tillside::simulation
