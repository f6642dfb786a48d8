// tillside doctor: looks at every configured door and says in one screen what works, what does not, and the mend.
#pragma once

#include <filesystem>
#include <string>

#include "agent/config.h"
#include "agent/doctor/examine_printer.h"
#include "agent/doctor/finding.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside::doctor {

// One exchange with the running agent. The doctor asks through three of them: as the tools do (UNIX socket), as a POS
// over TCP with the token, and as a browser of a configured origin.
class AgentLine {
 public:
  struct Answer {
    int status = 0;
    std::string body;
    std::string allowed_origin;  // Access-Control-Allow-Origin
  };
  virtual ~AgentLine() = default;
  virtual Result<Answer> by_socket(const std::string& path) = 0;
  virtual Result<Answer> by_tcp(const std::string& path) = 0;
  virtual Result<Answer> preflight(const std::string& origin) = 0;
};

struct Patient {
  Config config;
  std::string version;  // of this program, to compare with the agent's
  Instant now;          // to say how old things are
  AgentLine* agent = nullptr;
  Knock* knock = nullptr;
};

// In the order an integrator mends: settings and folder, the agent and its API, headquarters, then each door.
Findings examine(const Patient& patient);

}  // namespace tillside::doctor
