#!/usr/bin/env bash
# symbols.sh LIBRARY HEADER ARCHIVE: the library needs libc alone, shows exactly the header's functions, all of them under
# their version, and nothing of it or of the archive leans on the C++ library.
set -euo pipefail
library="$1" header="$2" archive="$3"
found=0
complain() { found=1; printf '%s\n' "$*"; }

needed="$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc\.so\.6|ld-linux.*)$' || true)"
[ -z "$needed" ] || complain "needs more than libc: $needed"
readelf -d "$library" | grep -q 'SONAME.*\[libtillside_pos\.so\.1\]' || complain "another SONAME than libtillside_pos.so.1"

promised="$(grep -oE '\btillside_pos_[a-z_]+\(' "$header" | tr -d '(' | sort -u |
  while read -r name; do grep -qE "TILLSIDE_POS_API .*\b$name\(" "$header" && echo "$name@@TILLSIDE_POS_1"; done)"
shown="$(nm -D --defined-only "$library" | awk '$2 != "A" {print $3}' | sort -u)"
[ "$promised" = "$shown" ] || complain "promised and shown differ:" "$(diff <(echo "$promised") <(echo "$shown") || true)"

foreign="$(nm -u "$library" "$archive" | awk '{print $NF}' | grep -E '^(_ZSt|_ZNSt|_ZNKSt|_Zn|_Zd|__cxa_(throw|begin|guard|pure|allocate)|__gxx|_Unwind)' || true)"
[ -z "$foreign" ] || complain "leans on the C++ library: $foreign"
outputs="$(nm -u "$library" | awk '{print $NF}' | grep -E '^(printf|puts|abort|exit|_exit|signal|sigaction|system|fork)(@|$)' || true)"
[ -z "$outputs" ] || complain "prints, ends or forks: $outputs"
exit "$found"
