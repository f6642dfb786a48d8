#!/usr/bin/env bash
# What a newcomer does: clone, and the README's try-out, in a folder that has nothing but the committed files.
set -euo pipefail
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
git clone -q --no-hardlinks . "$room/tillside"
cd "$room/tillside"
CCACHE_BASEDIR="$PWD" ./installer/try.sh --once </dev/null
git status --porcelain | { ! grep .; }  # the try-out leaves nothing behind that is not ignored
