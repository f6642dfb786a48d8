#!/usr/bin/env bash
# Every link from one of our pages to a file, a folder or a heading leads somewhere, and so does every path of ours that
# README's reading list names in backquotes. Prints each that does not as file:line and fails if there is one.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

found=0
broken() {  # where, target
  found=1
  printf 'leads nowhere: %s: %s\n' "$1" "$2"
}

# The anchors of a page, as they are made on the web: lower case, punctuation dropped, blanks to hyphens.
anchors() {
  awk '/^```/ { code = !code } !code && /^#+ /' "$1" | sed -E 's/^#+ +//; s/\[([^]]*)\]\([^)]*\)/\1/g' |
    tr '[:upper:]' '[:lower:]' | sed -E 's/[]!"#$%&'"'"'()*+,./:;<=>?@[\\^`{|}~·]//g; s/ /-/g'
}

pages=$(git ls-files -co --exclude-standard -- '*.md' ':!*node_modules*')
[ -n "$pages" ] || { echo 'no pages found'; exit 1; }

while IFS= read -r page; do
  while IFS=: read -r line link; do
    target=${link#](}
    target=${target%)}
    case $target in http://* | https://* | mailto:*) continue ;; esac
    path=${target%%#*}
    file=$page
    [ -z "$path" ] || file=$(dirname "$page")/$path
    [ -e "$file" ] || { broken "$page:$line" "$target"; continue; }
    case $target in *#*) anchors "$file" | grep -qxF -- "${target#*#}" || broken "$page:$line" "$target" ;; esac
  done < <(grep -noE '\]\([^) ]+\)' "$page")
done <<<"$pages"

for page in README.md README.zh-CN.md; do
  while IFS=: read -r line path; do
    [ -e "${path//\`/}" ] || broken "$page:$line" "$path"
  done < <(grep -noE '`(agent|sync|pos_adapter|qrcode|tests|docs|installer)/[A-Za-z0-9_./-]+`' "$page")
done

[ "$found" -ne 0 ] || echo "every link leads somewhere"
exit "$found"
