#!/usr/bin/env bash
# tidy.sh all|turn SECONDS [BUILD]: clang-tidy over our sources, on all cores: all of them, or what the last 12 commits
# touched and, by turns, a fifth of the rest (five runs at different commits see everything). A finding fails, and so does a
# budget that ends before every source was looked at. A source found clean is not looked at again until it, a header of
# ours that it includes or .clang-tidy changes. BUILD is a finished build with ninja, build/release unless named.
set -euo pipefail
which="$1"
budget="$2"
export build="${3:-build/release}"
export clean="$build/tidy-clean" # a line for each clean source: hash, name
touch "$clean"

# One line for each source: what it is made of, hashed, and its name.
marks() {
  python3 - "$which" "$build" <<'PY'
import hashlib, pathlib, subprocess, sys
build = pathlib.Path(sys.argv[2])
top = pathlib.Path.cwd()
rooms = ("agent/", "pos_adapter/", "sync/", "qrcode/")
ours = subprocess.run(["git", "ls-files", "--", *[room + "*.cpp" for room in rooms]], capture_output=True, text=True, check=True)
deps = subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True, check=True).stdout
parts = {}
for group in deps.split("\n\n"):
    paths = [(build / line.strip()).resolve() for line in group.splitlines()[1:] if line.startswith("    ")]
    paths = [str(path.relative_to(top)) for path in paths if path.is_relative_to(top)]
    if paths: parts[paths[0]] = sorted(set(paths[1:]))
def git(*words): return subprocess.run(["git", *words], capture_output=True, text=True).stdout.split()
touched = set(git("log", "-n", "12", "--name-only", "--format=", "HEAD"))
turn = int((git("rev-list", "--count", "HEAD") or ["0"])[0]) % 5
for place, source in enumerate(ours.stdout.split()):
    if source not in parts: continue  # not built here: another system's half of a seam
    if sys.argv[1] == "turn" and source not in touched and place % 5 != turn: continue
    mark = hashlib.sha256(pathlib.Path(".clang-tidy").read_bytes())
    for path in [source] + [path for path in parts[source] if path.startswith(rooms)]:
        if pathlib.Path(path).exists(): mark.update(pathlib.Path(path).read_bytes())
    print(mark.hexdigest()[:40], source)
PY
}
all="$build/tidy-all"
marks >"$all"
pending() { grep -vxFf "$clean" "$all" || true; }

check_one() {
  local source="${1#* }" said
  if said="$(clang-tidy-19 -p "$build" --quiet "$source" 2>/dev/null)"; then
    echo "$1" >>"$clean"
  else
    printf '%s\n' "${said:-$source: clang-tidy failed}"
    return 1
  fi
}
export -f check_one

status=0
began=$SECONDS
pending | timeout "$budget" xargs -r -d '\n' -n 1 -P "$(nproc)" bash -c 'check_one "$1"' _ || status=$?
left="$(pending | wc -l)"
echo "clang-tidy: $(wc -l <"$all") sources, $left not clean or not reached, $((SECONDS - began)) s"
if [ "$status" -eq 124 ]; then echo "the $budget s were over before every source was looked at"; fi
exit "$status"
