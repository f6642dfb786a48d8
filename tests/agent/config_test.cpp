// The agent's settings: every key is read, and a wrong one is named.
#include "agent/config.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tillside {
namespace {

class SettingsFile : public ::testing::Test {
 protected:
  SettingsFile() {
    std::string name = (std::filesystem::temp_directory_path() / "tillside-config-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~SettingsFile() override { std::filesystem::remove_all(folder_); }

  Result<Config> load(const std::string& text) {
    std::ofstream(file()) << text;
    return load_config(file());
  }
  // "code field" of the refusal, or "read".
  std::string refusal(const std::string& text) {
    const auto config = load(text);
    return config ? "read" : std::string(name_of(config.error().code)) + " " + config.error().field;
  }
  std::filesystem::path file() const { return folder_ / "agent.toml"; }

 private:
  std::filesystem::path folder_;
};

// The one example of docs/configuration.md that sets every key.
std::string example_of_the_page() {
  std::ifstream file(TILLSIDE_SOURCE_DIR "/docs/configuration.md");
  std::stringstream content;
  content << file.rdbuf();
  const std::string page = content.str(), open = "```toml\n";
  const auto begin = page.find(open) + open.size();
  return page.substr(begin, page.find("\n```", begin) - begin);
}

TEST_F(SettingsFile, AnEmptyOneMeansDefaults) {
  const auto config = load("");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->folder, "");
  EXPECT_EQ(config->hq_url, "");
  EXPECT_EQ(config->port, 7979);
  EXPECT_TRUE(config->hosts.empty());
  EXPECT_FALSE(config->journal_as_live);
  EXPECT_EQ(config->log_level, "info");
}

TEST_F(SettingsFile, TheExampleOfThePageSetsEveryKey) {
  const auto config = load(example_of_the_page());
  ASSERT_TRUE(config.ok()) << config.error().field << " " << config.error().detail;
  EXPECT_EQ(config->folder, "/var/lib/tillside");
  EXPECT_EQ(config->hq_url, "https://hq.example.cn");
  EXPECT_EQ(config->hq_ca_file, "/etc/tillside/hq-ca.pem");
  EXPECT_EQ(config->port, 7979);
  EXPECT_EQ(config->port_file, "/run/tillside/port");
  EXPECT_EQ(config->socket, "/run/tillside/agent.sock");
  EXPECT_EQ(config->hosts, std::vector<std::string>{"till-2.shop.example"});
  EXPECT_EQ(config->receipt_shop, "甜果时光 · 滨江店");
  EXPECT_TRUE(config->receipt_barcode);
  EXPECT_EQ(config->receipt_qr, "raster");
  EXPECT_EQ(config->receipt_letters, "chinese");
  EXPECT_EQ(config->manual_keys.at("B7"), "F6 会员折");
  EXPECT_EQ(config->origins, std::vector<std::string>{"https://pos.shop.example"});
  EXPECT_EQ(config->trusted_users, std::vector<std::uint32_t>{1001});
  EXPECT_EQ(config->restarting_lanes, std::vector<std::string>{"L3"});
  EXPECT_EQ(config->drop_folder, "/var/spool/tillside/drop");
  EXPECT_EQ(config->appended_files, std::vector<std::filesystem::path>{"/opt/pos/journal.jsonl"});
  EXPECT_EQ(config->mapping, "/etc/tillside/csv-mapping.toml");
  EXPECT_EQ(config->journal_lane, "L9");
  EXPECT_TRUE(config->journal_as_live);
  EXPECT_EQ(config->scanner.device, "/dev/ttyACM0,9600,8n1");
  EXPECT_EQ(config->scanner.lane, "L2");
  EXPECT_EQ(config->spools, std::vector<std::filesystem::path>{"/var/spool/pos"});
  EXPECT_EQ(config->database.connection_file, "/etc/tillside/pos-database");
  EXPECT_NE(config->database.query.find("WHERE line_id > ?"), std::string::npos);
  EXPECT_EQ(config->database.high_water, "line_id");
  EXPECT_EQ(config->database.high_water_is, "number");
  EXPECT_EQ(config->database.start, "1200000");
  EXPECT_EQ(config->database.look_back, 500);
  EXPECT_EQ(config->database.mapping, "/etc/tillside/database-mapping.toml");
  EXPECT_EQ(config->database.lane, "L9");
  EXPECT_EQ(config->database.poll_s, 5);
  EXPECT_EQ(config->database.settled_after_s, 10);
  EXPECT_EQ(config->database.timeout_s, 30);
  EXPECT_EQ(config->database.rows, 2000);
  EXPECT_TRUE(config->database.read_uncommitted);
  EXPECT_EQ(config->log_level, "warn");
}

TEST_F(SettingsFile, AKeyNobodyReadsIsNamed) {
  EXPECT_EQ(refusal("[api]\nprot = 1\n"), "unknown_value api.prot");
  EXPECT_EQ(refusal("port = 1\n"), "unknown_value port");
  EXPECT_EQ(refusal("[api.deeper]\nport = 1\n"), "unknown_value api.deeper.port");
  EXPECT_EQ(refusal("[[journal]]\nlane = 'L1'\n"), "unknown_value journal");
}

TEST_F(SettingsFile, AValueOfTheWrongTypeIsNamed) {
  EXPECT_EQ(refusal("[till]\nfolder = 7\n"), "wrong_type till.folder");
  EXPECT_EQ(refusal("[headquarters]\nurl = true\n"), "wrong_type headquarters.url");
  EXPECT_EQ(refusal("[api]\nport = '7979'\n"), "wrong_type api.port");
  EXPECT_EQ(refusal("[api]\nhosts = 'one'\n"), "wrong_type api.hosts");
  EXPECT_EQ(refusal("[api]\norigins = [1]\n"), "wrong_type api.origins");
  EXPECT_EQ(refusal("[journal]\nas_live = 'yes'\n"), "wrong_type journal.as_live");
  EXPECT_EQ(refusal("[journal]\nfollow = [['nested']]\n"), "wrong_type journal.follow");
  EXPECT_EQ(refusal("[log]\nlevel = 3\n"), "wrong_type log.level");
  EXPECT_EQ(refusal("[database]\nstart = 1.5\n"), "wrong_type database.start");
  EXPECT_EQ(refusal("[database]\nstart = \"2026-11-22 00:00:00\"\n"), "read");
  EXPECT_EQ(refusal("[database]\nhigh_water_is = \"letters\"\n"), "wrong_type database.high_water_is");
  EXPECT_EQ(refusal("[database]\npoll_s = 0\n"), "wrong_type database.poll_s");
}

TEST_F(SettingsFile, NumbersOutsideTheirRangeAreNamed) {
  EXPECT_EQ(refusal("[api]\nport = -1\n"), "wrong_type api.port");
  EXPECT_EQ(refusal("[api]\nport = 65536\n"), "wrong_type api.port");
  EXPECT_EQ(refusal("[api]\nport = 65535\n"), "read");
  EXPECT_EQ(refusal("[api]\nport = 0\n"), "read");
  EXPECT_EQ(refusal("[receipt]\nqr = \"painted\"\n"), "wrong_type receipt.qr");
  EXPECT_EQ(refusal("[receipt]\nletters = \"greek\"\n"), "wrong_type receipt.letters");
  EXPECT_EQ(refusal("[api]\ntrusted_users = [-1]\n"), "wrong_type api.trusted_users");
  EXPECT_EQ(refusal("[api]\ntrusted_users = [4294967296]\n"), "wrong_type api.trusted_users");  // would be root's 0
}

TEST_F(SettingsFile, WhatIsNoTomlIsSaidWithItsLine) {
  const auto config = load("[api]\nport = 7979\nport = 7980\n");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, ErrorCode::bad_format);
  EXPECT_NE(config.error().detail.find("line 3"), std::string::npos) << config.error().detail;
  EXPECT_NE(config.error().detail.find(file().string()), std::string::npos);
}

TEST_F(SettingsFile, AMissingOneIsSaid) {
  const auto config = load_config(file());
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, ErrorCode::not_found);
  EXPECT_NE(config.error().detail.find(file().string()), std::string::npos);
}

}  // namespace
}  // namespace tillside
