#!/usr/bin/env bash
# 试一试 · Try it: headquarters and its tills on this machine, a shop's day between them, coupons that come back, and the
# comparison at the end.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
source "$here/try/words.sh"
source "$here/try/house.sh"
source "$here/try/day.sh"
source "$here/try/coupons.sh"
source "$here/try/doors.sh"
source "$here/try/account.sh"

usage() {
  cat <<'END'
用法 Usage: ./installer/try.sh [--once] [--receipts FILE [--mapping FILE] [--zone ZONE]] [--json OUT] [--keep]
                                 [--door http|files|database|library|browser|print]

  --once           演完就结束；两边账本一致才返回 0 · end by itself, with 0 only if both ledgers are equal
  --receipts FILE  用您自己的单据（JSON lines、CSV、ARTS POSLog XML）· receipts of your own
  --mapping FILE   CSV 的列对应（TOML），见 docs/journal.md · what a CSV's columns mean
  --zone ZONE      单据的时区，默认取自文件或 Asia/Shanghai · time zone of times without an offset
  --door DOOR      换一个接口演同一天，再与单据逐项比较 · the same day through another door, compared with its documents
  --json OUT       把全部数目写成 JSON · write all counts as JSON
  --keep           留下试用目录 · keep the try-out's folder

不改动本机其他任何东西；数据都在一个临时目录里，结束时删除。
Nothing else on this machine is touched; everything lives in a temporary folder that is removed at the end.

TILLSIDE_BIN=DIR  用已编译好的程序 · use programs that are built already (a folder with tillside and tillside-hq)
END
}

door=http
once=0 keep=0 receipts='' mapping='' zone='' json_out=''
while (($#)); do
  case $1 in
    --once) once=1 ;;
    --keep) keep=1 ;;
    --receipts | --mapping | --zone | --json | --door)
      if (($# < 2)); then
        complain "$1 后面要有一个值" "$1 needs a value"
        exit 2
      fi
      case $1 in
        --receipts) receipts=$(realpath -- "$2") ;;
        --mapping) mapping=$(realpath -- "$2") ;;
        --zone) zone=$2 ;;
        --door) door=$2 ;;
        --json) json_out=$(realpath -m -- "$2") ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      complain "不认识 $1" "$1 is not known"
      usage >&2
      exit 2
      ;;
  esac
  shift
done
case $door in
  http) ;;
  files | database | library | browser | print)
    if [[ -n $receipts ]]; then
      complain "--door 只演自带的一天" "--door plays the bundled day only"
      exit 2
    fi
    ;;
  *)
    complain "没有接口 $door" "there is no door $door"
    exit 2
    ;;
esac
for file in "$receipts" "$mapping"; do
  if [[ -n $file && ! -r $file ]]; then
    complain "读不了 $file" "$file cannot be read"
    exit 2
  fi
done

trap close_house EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

find_programs
open_house
title
describe_receipts
chapter "开店" "Opening the store"
start_headquarters
start_network till
fill_headquarters
[[ $door == http ]] || prepare_door
start_till till
enroll_till till "$store"
wait_for_downlink till
print_opening

equal=0
if [[ $door == http ]]; then
  play_day
  [[ -n $receipts ]] || play_coupons
  play_again
else
  again_harmless=1
  play_day_through_door
fi
chapter "核对" "The comparison"
compare_ledgers && equal=1
print_report
if [[ $door == http ]]; then
  print_comparison
  [[ -z $json_out ]] || write_counts "$json_out"
else
  compare_with_day
  print_comparison
  ((same_as_day)) || equal=0
  [[ -z $json_out ]] || write_door_counts "$json_out"
fi

if ((once)); then
  ((equal)) || exit 1
  exit 0
fi
print_addresses
wait_for_goodbye
