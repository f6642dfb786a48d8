#include "tests/pos_adapter/journal/database/private_postgres.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace tillside::journal::testing {
namespace {

namespace fs = std::filesystem;

fs::path newest_bin() {
  fs::path newest;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (fs::exists(version.path() / "bin" / "initdb") && version.path() > newest) newest = version.path();
  return newest.empty() ? newest : newest / "bin";
}

std::string output_of(const std::string& command, bool& good) {
  std::string out;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> block;
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe)) out.append(block.data(), got);
  good = ::pclose(pipe) == 0;
  return out;
}

}  // namespace

std::unique_ptr<PrivatePostgres> PrivatePostgres::start() {
  const fs::path bin = newest_bin();
  const bool root = ::geteuid() == 0;
  const passwd* user = root ? ::getpwnam("postgres") : nullptr;
  if (bin.empty() || (root && user == nullptr)) return nullptr;
  std::string folder = (fs::temp_directory_path() / "ts-pg-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return nullptr;
  if (user != nullptr && ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) return nullptr;
  std::unique_ptr<PrivatePostgres> cluster(new PrivatePostgres(bin, folder, root ? "postgres" : ""));
  const std::string data = folder + "/data";
  cluster->run("initdb", "-D " + data + " -U owner -A trust --no-sync -E UTF8 --locale=C.UTF-8");
  std::ofstream(data + "/pg_hba.conf") << "local all owner trust\nlocal all all scram-sha-256\n";
  cluster->again();
  return cluster;
}

PrivatePostgres::~PrivatePostgres() {
  stop();
  std::error_code gone;
  fs::remove_all(folder_, gone);
}

std::string PrivatePostgres::run(const std::string& program, const std::string& words) const {
  const std::string as = user_.empty() ? "" : "cd / && runuser -u " + user_ + " -- ";
  bool good = false;
  std::string out = output_of(as + (bin_ / program).string() + " " + words, good);
  if (!good) std::fprintf(stderr, "%s: %s\n", program.c_str(), out.c_str());
  return out;
}

void PrivatePostgres::again() {
  const std::string folder = folder_.string();
  run("pg_ctl", "-D " + folder + "/data -l " + folder + "/log -w -o \"-k " + folder +
                    " -c listen_addresses='' -c fsync=off\" start > /dev/null");
}

void PrivatePostgres::stop() { run("pg_ctl", "-D " + folder_.string() + "/data -m immediate -w stop > /dev/null"); }

std::string PrivatePostgres::sql(const std::string& statements) const {
  return run("psql",
             "-h " + folder_.string() + " -U owner -d postgres -qAt -v ON_ERROR_STOP=1 -c \"" + statements + "\"");
}

std::string PrivatePostgres::connection(const std::string& user, const std::string& password) const {
  return "Driver={PostgreSQL Unicode};Servername=" + folder_.string() + ";Port=5432;Database=postgres;UID=" + user +
         ";PWD=" + password;
}

}  // namespace tillside::journal::testing
