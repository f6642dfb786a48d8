# How the try-out speaks: Chinese first, English beside. Colours only on a terminal.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' plain=$'\e[0m'
else
  bold='' dim='' green='' red='' yellow='' plain=''
fi

complain() { printf '%stry.sh: %s · %s%s\n' "$red" "$1" "$2" "$plain" >&2; }

chapter() { printf '\n%s── %s · %s ──%s\n' "$bold" "$1" "$2" "$plain"; }

# say 中文 English
say() { printf '  %s %s%s%s\n' "$1" "$dim" "$2" "$plain"; }

# row 数 中文 English: the number first, so that columns stand whatever width a terminal gives to Chinese
row() { printf '  %s%12s%s  %s %s%s%s\n' "$bold" "$1" "$plain" "$2" "$dim" "$3" "$plain"; }

# row_if: only when there is something to tell
row_if() { [[ $1 == 0 || -z $1 ]] || row "$@"; }

# money 12345 -> 123.45, by the currency's exponent
money() {
  local sign='' digits=$1
  if [[ $digits == -* ]]; then sign=- digits=${digits#-}; fi
  if ((exponent == 0)); then
    printf '%s%s' "$sign" "$digits"
    return
  fi
  while ((${#digits} <= exponent)); do digits=0$digits; done
  printf '%s%s.%s' "$sign" "${digits:0:${#digits}-exponent}" "${digits: -exponent}"
}

bytes() {
  if (($1 < 10240)); then printf '%d B' "$1"; else printf '%d KiB' $((($1 + 512) / 1024)); fi
}
