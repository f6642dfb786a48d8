// A PostgreSQL cluster of this test's own: in a folder under the temporary one, reached over a socket there and nowhere
// else, run by a user that is not root, gone afterwards.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace tillside::journal::testing {

class PrivatePostgres {
 public:
  // nullptr: there is no PostgreSQL here, or no user to run it.
  static std::unique_ptr<PrivatePostgres> start();
  ~PrivatePostgres();
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;

  std::string sql(const std::string& statements) const;  // as its owner; what it prints
  // An ODBC connection string for `user`.
  std::string connection(const std::string& user, const std::string& password) const;

  void stop();   // as when the machine is switched off
  void again();  // and on

 private:
  PrivatePostgres(std::filesystem::path bin, std::filesystem::path folder, std::string user)
      : bin_(std::move(bin)), folder_(std::move(folder)), user_(std::move(user)) {}
  std::string run(const std::string& program, const std::string& words) const;

  std::filesystem::path bin_, folder_;
  std::string user_;  // runs it; empty: whoever runs the test
};

}  // namespace tillside::journal::testing
