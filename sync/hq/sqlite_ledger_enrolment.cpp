#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr int kMaxFailures = 5;

Error refused(const char* why) { return {ErrorCode::refused, "code", why}; }

}  // namespace

Status SqliteLedger::add_code(const EnrolCode& code) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (!find_store(code.store_id)) return Error{ErrorCode::not_found, "store_id", "no store " + code.store_id};
    writer_.query("INSERT INTO enrol_code(code_hash,store_id,expires_ms) VALUES(?,?,?)")
        .run(code.code_hash, code.store_id, code.expires.ms);
    write.commit();
    return {};
  });
}

Result<std::string> SqliteLedger::enrol(const EnrolAttempt& attempt, const BeginTill& begin) {
  return guarded([&]() -> Result<std::string> {
    Write write(*this);
    std::string store_id;
    {
      auto code = writer_.query(
          "SELECT store_id,expires_ms,failures,till,public_key,nonce,answer FROM enrol_code WHERE code_hash=?");
      if (!code.bind(attempt.code_hash).step()) return refused("no such code");
      if (!code.is_null(3)) {
        if (code.bytes<32>(4) == attempt.public_key) return code.text(6);
        return refused("the code has been used");
      }
      if (code.integer(2) >= kMaxFailures) return refused("too many failed attempts with this code");
      if (code.integer(1) < attempt.now.ms) return refused("the code has expired");
      store_id = code.text(0);
    }
    const auto store = find_store(store_id);
    if (!store) return Error{ErrorCode::not_found, "store_id", "the code's store is gone"};
    const auto till = next_number("till_floor", "SELECT max(till) FROM till");
    if (till > kMaxTillNumber) return Error{ErrorCode::limit, "till", "all till numbers are used"};
    const auto plan = begin(till, *store, state_);
    writer_.query("INSERT INTO till(till,store_id,version,enrolled_ms) VALUES(?,?,?,?)")
        .run(till, store_id, attempt.version, attempt.now.ms);
    save_epoch(plan.epoch);
    writer_.query("UPDATE enrol_code SET till=?,public_key=?,nonce=?,answer=? WHERE code_hash=?")
        .run(till, attempt.public_key, attempt.nonce, plan.answer, attempt.code_hash);
    lend_all(till, plan.epoch.epoch, attempt.now);
    write.commit();
    return plan.answer;
  });
}

Status SqliteLedger::enrol_failed(const Bytes32& code_hash) {
  return guarded([&]() -> Status {
    Write write(*this);
    writer_.query("UPDATE enrol_code SET failures=failures+1 WHERE code_hash=?").run(code_hash);
    write.commit();
    return {};
  });
}

}  // namespace tillside::hq
