// Makes a seeded till's folder: tillside_bench_seed FOLDER MEMBERS
#include <cstdio>
#include <cstdlib>

#include "tests/bench/seeded_till.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  tillside::bench::Seed seed;
  seed.members = std::strtoull(argv[2], nullptr, 10);
  const auto status = tillside::bench::seed_till(argv[1], seed);
  if (!status)
    std::fprintf(stderr, "seed: %s %s\n", tillside::name_of(status.error().code), status.error().detail.c_str());
  return status ? 0 : 1;
}
