#!/usr/bin/env bash
# Each source of the rooms by itself, as preset dev compiles it: a dozen together hide an include that one of them lacks.
set -euo pipefail
cmake --preset dev --log-level=WARNING -DTILLSIDE_TESTS=OFF >/dev/null
python3 - <<'PY' | xargs -0 -n 1 -P "$(nproc)" bash -c
import json, shlex
launcher = ("cmake", "env", "ccache")
for entry in json.load(open("build/dev/compile_commands.json")):
    if "/build/dev/" in entry["file"]: continue  # embedded bytes
    words = shlex.split(entry["command"])
    while words[0].endswith(launcher) or words[0] == "-E" or words[0].startswith("CCACHE_"): words.pop(0)
    at = words.index("-o")
    del words[at:at + 2]
    print(f"cd {shlex.quote(entry['directory'])} && {shlex.join(words)} -fsyntax-only", end="\0")
PY
