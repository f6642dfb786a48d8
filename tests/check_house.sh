#!/usr/bin/env bash
# Holds the sources to the arrows of docs/architecture.md: who may include whom, where the system and the clock may be
# met, and that nothing names the place it was written at. Prints each violation as file:line and fails if there is one.
set -uo pipefail
cd "$(dirname "$0")/.."

found=0
violation() {  # what, lines of grep
  [ -z "$2" ] && return
  found=1
  printf '%s\n' "$2" | sed "s|^|$1: |"
}
sources() { find "$@" \( -name '*.h' -o -name '*.cpp' \) -print0 2>/dev/null; }

# may ROOM ALLOWED...: among our own folders, a room's files include only these.
may() {
  local room="$1" allowed
  shift
  allowed="$(IFS='|'; echo "$*")"
  violation "$room leans on a room it may not" "$(sources "$room" |
    xargs -0 -r grep -nE '^#include "(agent|pos_adapter|sync|qrcode|tests)/' |
    grep -vE "#include \"($allowed)[/\"]")"
}
may agent/domain agent/domain
may agent/platform agent/platform agent/domain
may agent/web agent/web
may agent/inspect agent/inspect
may qrcode qrcode
may sync/wire sync/wire agent/domain
may sync/http sync/http agent/domain
may sync/client sync/client sync/wire agent/domain
may agent/store agent/store agent/domain agent/platform sync/wire sync/client
may agent/desk agent/desk agent/domain agent/store
may agent/doctor agent/doctor agent/domain agent/config.h pos_adapter/escpos pos_adapter/journal
may pos_adapter/journal pos_adapter/journal agent/domain
may pos_adapter/escpos pos_adapter/escpos agent/domain
may pos_adapter/plugin pos_adapter/plugin
may agent/api agent/api agent/desk agent/domain agent/platform agent/web qrcode sync/http
may sync/hq sync/hq sync/wire sync/http agent/domain agent/platform

# What a library costs is paid in one room.
only() {  # pattern of the include, where it may stand, words
  violation "$3" "$(sources agent pos_adapter sync qrcode | xargs -0 grep -nE "^#include [<\"]$1" | grep -vE "^$2")"
}
only 'boost/' 'sync/http/[^:]*\.(cpp|h):' 'Boost outside sync/http'
only 'boost/beast' 'sync/http/(request_reader|websocket_session)\.cpp:' 'Beast outside its two files'
only 'sqlite3\.h' '(agent/store|sync/hq)/sqlite' 'SQLite outside its wrapper'
only 'curl/' '(sync/client|sync/hq/cli|agent/cli)/' 'libcurl outside the clients'
only 'pugixml' 'pos_adapter/journal/' 'pugixml outside the file door'
only 're2/' 'pos_adapter/escpos/' 'regular expressions of a configuration outside the print door'
only 'zstd' 'sync/wire/' 'zstd outside the wire'
only 'qrcodegen' 'qrcode/' 'the QR encoder outside qrcode'
only 'sql(ext|types|ucode)?\.h[">]' 'pos_adapter/journal/database/odbc/' 'ODBC outside tillside-odbc'
only '(ZXing/|png\.h|jpeglib\.h)' 'agent/inspect/' 'a picture library outside tillside-inspect'

# The system is met in *_posix.cpp only.
violation 'POSIX outside a *_posix.cpp' "$(sources agent pos_adapter sync/client qrcode | xargs -0 grep -nE \
  '^#include <(unistd\.h|fcntl\.h|dirent\.h|poll\.h|pwd\.h|termios\.h|sys/|netinet/|arpa/)' | grep -v '_posix\.cpp:')"

# Rules take the time and randomness as arguments.
violation 'a clock or randomness of its own in the rules' "$(sources agent/domain sync/wire qrcode | xargs -0 grep -nE \
  'system_clock::now|steady_clock::now|std::time\(|random_device|randombytes|clock_gettime|gettimeofday|std::thread')"

# Nothing tells where it was written, or waits for later.
here='tests/check_house.sh'
violation 'a path or registry of a workplace' "$(git ls-files -co --exclude-standard -- . ":!$here" ':!*package-lock.json' |
  xargs -r -d '\n' grep -nIE '(^|[^a-zA-Z0-9_.~$}])/(home|root)/|\bissues? #?[0-9]+\b' 2>/dev/null)"
violation 'left for later' "$(git ls-files -co --exclude-standard -- '*.h' '*.cpp' '*.sh' '*.js' '*.md' '*.txt' ":!$here" |
  xargs -r -d '\n' grep -nIE '\b(TODO|FIXME)\b' 2>/dev/null)"

if [ "$found" -eq 0 ]; then echo "the house stands as docs/architecture.md says"; fi
exit "$found"
