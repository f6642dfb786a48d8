#!/usr/bin/env bash
# Installs the Debian 12 packages Tillside is built from. Asks what is there first and installs only what is missing;
# says nothing when nothing is.
#
#   installer/dependencies.sh            to build and run
#   installer/dependencies.sh --tests    and to test
#   installer/dependencies.sh --bench    and to measure
#   installer/dependencies.sh --full     and all that CI runs: clang, its sanitizers, format and tidy
#   installer/dependencies.sh --try-browser | --try-database    only what these doors of try.sh need beside: node; SQLite and its driver
#
# Exit: 0 all there, 1 could not install (what is missing is named), 2 usage.
set -euo pipefail

# A word is a package; "package:command" is satisfied by the command, wherever it came from.
base=(g++ cmake:cmake ninja-build:ninja ccache:ccache lld:ld.lld pkg-config:pkg-config git:git ca-certificates
  libboost1.81-dev libcli11-dev libcurl4-openssl-dev libfmt-dev libhowardhinnant-date-dev libjpeg62-turbo-dev
  libpng-dev libpugixml-dev libqrcodegencpp-dev libre2-dev libsimdjson-dev libsodium-dev libspdlog-dev libsqlite3-dev
  libtomlplusplus-dev libzstd-dev libzxing-dev nlohmann-json3-dev tzdata unixodbc-dev zlib1g-dev curl:curl jq:jq socat:socat)
tests=(libbenchmark-dev libgmock-dev libgtest-dev librapidcheck-dev libsqliteodbc odbc-postgresql postgresql
  nodejs:node npm:npm chromium:chromium openssl:openssl xvfb:Xvfb xdotool:xdotool fonts-noto-cjk python3:python3
  systemd:systemd-socket-activate)
bench=(nginx:nginx)
try_browser=(nodejs:node)
try_database=(libsqliteodbc sqlite3:sqlite3)
full=(clang-19:clang++-19 lld-19:ld.lld-19 libclang-rt-19-dev llvm-19:llvm-symbolizer-19 clang-format-14:clang-format-14
  clang-tidy-19:clang-tidy-19 mono-mcs:mcs mono-runtime:mono cups:cupsd cups-client:lpadmin p910nd:p910nd)

wanted=("${base[@]}")
for word in "$@"; do
  case "$word" in
    --tests) wanted+=("${tests[@]}" "${try_database[@]}") ;;
    --bench) wanted+=("${bench[@]}") ;;
    --try-browser) wanted=("${try_browser[@]}") ;;
    --try-database) wanted=("${try_database[@]}") ;;
    --full) wanted+=("${tests[@]}" "${try_database[@]}" "${bench[@]}" "${full[@]}") ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "dependencies.sh: 不认识的参数 $word · unknown argument $word; see --help" >&2; exit 2 ;;
  esac
done

# dpkg and nginx live where a plain user's PATH may not look.
PATH="$PATH:/usr/sbin:/sbin"

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for item in "${wanted[@]}"; do
  package="${item%%:*}" command="${item##*:}"
  if [ "$command" != "$package" ] || [ "$item" = "$package:$command" ]; then
    command -v "$command" >/dev/null 2>&1 && continue
  fi
  if command -v dpkg-query >/dev/null 2>&1 && installed "$package"; then continue; fi
  case " ${missing[*]-} " in *" $package "*) ;; *) missing+=("$package") ;; esac
done
[ "${#missing[@]}" -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "dependencies.sh: 这里没有 apt-get，请自行安装与这些 Debian 12 软件包相当的东西 ·" \
    "no apt-get here; install the equivalents of these Debian 12 packages: ${missing[*]}" >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "dependencies.sh: 缺少软件包，需要 root 或 sudo 来安装 ·" \
      "packages are missing and installing needs root or sudo: ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "安装 ${#missing[@]} 个软件包 · installing ${#missing[@]} packages: ${missing[*]}"

# A web server we only measure against, and print servers and a database we only test with, must not start serving this
# machine.
held_back=no
release() {
  if [ "$held_back" = yes ]; then "${as_root[@]}" rm -f /usr/sbin/policy-rc.d; fi
}
hold_services_back() {
  [ -e /usr/sbin/policy-rc.d ] && return
  trap release EXIT
  held_back=yes
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee /usr/sbin/policy-rc.d >/dev/null
  "${as_root[@]}" chmod 755 /usr/sbin/policy-rc.d
}
keep_disabled() {
  if [ -d /run/systemd/system ]; then
    "${as_root[@]}" systemctl disable --now "$1" >/dev/null 2>&1 || true
  else
    "${as_root[@]}" update-rc.d "$1" disable >/dev/null 2>&1 || true
  fi
}

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"; }
install_missing() { apt install --no-install-recommends "${missing[@]}"; }
known() { for package in "${missing[@]}"; do apt-cache show "$package" >/dev/null 2>&1 || return 1; done; }

services=()
for service in nginx cups p910nd postgresql; do
  case " ${missing[*]} " in *" $service "*) services+=("$service"); hold_services_back ;; esac
done

updated=no
if ! known; then apt update; updated=yes; fi
if ! install_missing; then
  if [ "$updated" = yes ]; then exit 1; fi
  apt update  # the lists on this machine were too old for the mirror
  install_missing
fi
for service in "${services[@]}"; do keep_disabled "$service"; done
echo "软件包已齐 · packages are complete"
