#!/bin/sh
# Trains a compression dictionary on days of events, one event a line (the form of agent/domain/events.h).
#
#   train_dictionary.sh EVENTS_DIR OUT [ID]
#
# EVENTS_DIR holds *.jsonl files of events; the days must be others than those anything is measured on. What is trained
# on is what is compressed: small batches with their heads, so that the head's words are in the dictionary too.
# A shipped dictionary is never trained again: a better one gets the next file and ID (events-2.zdict, 1702).
set -eu
if [ $# -lt 2 ]; then
  echo "usage: train_dictionary.sh EVENTS_DIR OUT [ID]" >&2
  exit 2
fi
command -v zstd >/dev/null || { echo "zstd is not installed: apt-get install zstd" >&2; exit 1; }
ls "$1"/*.jsonl >/dev/null 2>&1 || { echo "no *.jsonl in $1" >&2; exit 1; }

samples=$(mktemp -d)
trap 'rm -rf "$samples"' EXIT INT TERM
cat "$1"/*.jsonl | awk -v dir="$samples" '
  function hex(digits,   text) { text = ""; while (length(text) < digits) text = text sprintf("%04x", rand() * 65536); return text }
  function close_batch(   file) {
    if (lines == 0) return
    file = sprintf("%s/%06d", dir, ++batches)
    printf "{\"epoch\":\"%s\",\"first_seq\":%d,\"count\":%d,\"prev\":\"%s\",\"retained_from\":%d}\n%s", epoch, first,
      lines, hex(32), int(first / 2) + 1, text > file
    close(file)
    first += lines; lines = 0; text = ""
  }
  BEGIN { srand(1701); epoch = hex(16); first = 1; wanted = 1 }
  length($0) > 0 { text = text $0 "\n"; if (++lines == wanted) { close_batch(); wanted = wanted % 4 + 1 } }
  END { close_batch() }'
zstd -q -f --train-cover=steps=32 -r "$samples" --maxdict=24576 --dictID="${3:-1701}" -o "$2"
echo "$2: $(wc -c < "$2") bytes from $(ls "$samples" | wc -l) batches"
