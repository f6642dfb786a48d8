#!/usr/bin/env bash
# The print door between real programs: p910nd as the printer at its far end, a CUPS queue that prints to it, and a CUPS queue
# whose backend it is. What each prints arrives byte for byte. No agent runs, so nothing is added.
# TILLSIDE_AGENT_PROGRAM names the program. Skipped (77) where p910nd or CUPS are not installed or not allowed.
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
tillside="${TILLSIDE_AGENT_PROGRAM:-$root/build/release/agent/tillside}"
PATH="$PATH:/usr/sbin:/sbin"
for program in p910nd cupsd lp lpadmin socat; do
  if ! command -v "$program" > /dev/null; then echo "skipped: no $program here"; exit 77; fi
done

work="$(mktemp -d "${TMPDIR:-/tmp}/tillside-far-end.XXXXXX")"
chmod 755 "$work"
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # what, command...
  local what="$1" tries=0
  shift
  until "$@" > /dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 400 ]; then
      echo "$what did not come" >&2
      tail -n 20 "$work"/*.log "$work/cups/error" 2> /dev/null >&2 || true
      exit 1
    fi
    sleep 0.1
  done
}
door() { # name, printer: its port is in $work/name.port
  "$tillside" printer --folder "$work/nobody" --listen tcp:127.0.0.1:0 --printer "$2" --port-file "$work/$1.port" 2> "$work/$1.log" &
  pids+=($!)
  wait_for "the door $1" test -s "$work/$1.port"
}

# Two receipts of our own: a picture with what would be cuts and questions in it, letters, a cut, the drawer.
printf '\033@\033a\1\035v0\0\10\0\2\0\33i\20\4\1\35V\0\33m\33i\20\4\1\33p\0\33a\0\nReceipt 1\nTotal 1.85\n\033i\033p\0\62\372' > "$work/job"
printf '\034&\272\317\274\306 24.58\n\n\n\035VB\0' >> "$work/job"

# 1. p910nd at the far end. It knows three ports and keeps a lock.
lock=/var/lock/p910nd
if ! mkdir -p "$lock" 2> /dev/null || [ ! -w "$lock" ]; then echo "skipped: $lock cannot be written"; exit 77; fi
: > "$work/lp"
p910nd -d -f "$work/lp" -i 127.0.0.1 2 > "$work/p910nd.log" 2>&1 &
pids+=($!)
listens() { socat -u OPEN:/dev/null "TCP:127.0.0.1:$1"; }
wait_for "p910nd" listens 9102
door behind tcp:127.0.0.1:9102
socat -u "OPEN:$work/job" "TCP:127.0.0.1:$(cat "$work/behind.port")"
wait_for "the paper of p910nd" cmp "$work/job" "$work/lp"
echo "p910nd: $(wc -c < "$work/lp") bytes as they were sent"

# CUPS, unprivileged where we are: a scheduler of our own on a free port.
user="$(id -un)" group="$(id -gn)"
mkdir -p "$work"/cups/{bin/backend,cache,state,spool/tmp,etc/ppd,etc/ssl}
for part in daemon filter notifier; do ln -s "/usr/lib/cups/$part" "$work/cups/bin/$part"; done
cp /usr/lib/cups/backend/socket "$root/installer/cups/tillside" "$work/cups/bin/backend/"
chmod 755 "$work"/cups/bin/backend/*
if [ "$(id -u)" = 0 ]; then
  user=lp group=lp
  chown -R lp:lp "$work"/cups/{cache,state,spool}
fi
cups="$(free_port)"
cat > "$work/cups/etc/files.conf" << CONF
ServerRoot $work/cups/etc
ServerBin $work/cups/bin
DataDir /usr/share/cups
CacheDir $work/cups/cache
StateDir $work/cups/state
RequestRoot $work/cups/spool
TempDir $work/cups/spool/tmp
ServerKeychain $work/cups/etc/ssl
ErrorLog $work/cups/error
AccessLog $work/cups/access
PageLog $work/cups/page
User $user
Group $group
SystemGroup root
PassEnv TILLSIDE
PassEnv TILLSIDE_CONFIG
CONF
cat > "$work/cups/etc/cupsd.conf" << CONF
LogLevel info
Listen 127.0.0.1:$cups
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order deny,allow
Allow all
</Limit>
</Policy>
CONF
export TILLSIDE="$tillside" TILLSIDE_CONFIG=/nonexistent
cupsd -f -c "$work/cups/etc/cupsd.conf" -s "$work/cups/etc/files.conf" > "$work/cupsd.log" 2>&1 &
pids+=($!)
wait_for "CUPS" listens "$cups"
queue() { lpadmin -h "127.0.0.1:$cups" -p "$1" -E -v "$2" -m raw 2> /dev/null; }
paper() { # name: what comes to its port is kept
  socat -u "TCP-LISTEN:$(cat "$work/$1.at"),bind=127.0.0.1,reuseaddr,fork" "OPEN:$work/$1.paper,creat,append" &
  pids+=($!)
}

# 2. A CUPS queue that prints to the door.
free_port > "$work/front.at"
paper front
door front "tcp:127.0.0.1:$(cat "$work/front.at")"
queue to_door "socket://127.0.0.1:$(cat "$work/front.port")"
lp -h "127.0.0.1:$cups" -d to_door -o raw "$work/job" > /dev/null
wait_for "the paper behind the queue" cmp "$work/job" "$work/front.paper"
echo "CUPS to the door: $(wc -c < "$work/front.paper") bytes as they were sent"

# 3. A CUPS queue whose backend the door is.
free_port > "$work/backend.at"
paper backend
queue as_backend "tillside:tcp:127.0.0.1:$(cat "$work/backend.at")"
lp -h "127.0.0.1:$cups" -d as_backend -o raw "$work/job" > /dev/null
wait_for "the paper behind the backend" cmp "$work/job" "$work/backend.paper"
echo "CUPS through the door's backend: $(wc -c < "$work/backend.paper") bytes as they were sent"
