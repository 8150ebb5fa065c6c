#!/bin/sh
# Sets a Debian machine up as a Subrosa server, as root: programs, user, folders, unit, onion services. May be run again
# at any time: what is there and right stays as it is; settings and keys are never overwritten.
#   deploy/install.sh --programs DIR [--programme ID --root-key HEX] [--web DIR]
# DIR holds subrosa-server and subrosa (cargo build --release: target/release). Nothing is started: the last lines say
# what to do next.
set -eu
umask 022

here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd)
programs='' programme='' root_key='' web=''
usage() { sed -n '4,5s/^# *//p' "$0" >&2; exit 2; }
fail() { echo "install: $1" >&2; exit 1; }
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --programs) programs=$2 ;;
    --programme) programme=$2 ;;
    --root-key) root_key=$2 ;;
    --web) web=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ -n "$programs" ] || usage
for p in subrosa-server subrosa; do
  [ -x "$programs/$p" ] || fail "$programs/$p is missing: build it first (cargo build --release)"
done
case $programme in *[!a-z0-9./_-]*) fail "the programme's id has a-z, 0-9 and . - _ / only" ;; esac
[ -z "$root_key" ] || [ "$(printf %s "$root_key" | tr -d ' ' | tr A-F a-f | sed -n '/^[0-9a-f]\{64\}$/p')" ] || fail "the root key has 64 hexadecimal digits"
root_key=$(printf %s "$root_key" | tr -d ' ' | tr A-F a-f)
[ "$(id -u)" = 0 ] || fail "please run this as root"

changed=0
did() { changed=$((changed + 1)); echo "  $1"; }
# put MODE FROM TO: copies only what differs, whole or not at all.
put() {
  if ! cmp -s "$2" "$3" || [ "$(stat -c %a "$3")" != "$1" ]; then
    mkdir -p "$(dirname "$3")"
    install -m "$1" "$2" "$3.part"
    mv "$3.part" "$3"
    did "$3"
  fi
}

# Packages. Debian's tor starts by itself; it has no onion service of ours before the end of this script.
missing=''
command -v tor >/dev/null || missing="$missing tor"
# Debian's unit reloads Tor with this program.
[ -x /bin/kill ] || missing="$missing procps"
[ -z "$missing" ] || {
  command -v apt-get >/dev/null || fail "missing, and this is not Debian:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends $missing >/dev/null
  did "package$missing"
}

# The server's own user, and the folder in which it meets Tor.
getent passwd subrosa >/dev/null || { useradd --system --user-group --home-dir /var/lib/subrosa --no-create-home --shell /usr/sbin/nologin subrosa; did "user subrosa"; }
put 644 "$here/tmpfiles.conf" /etc/tmpfiles.d/subrosa.conf
[ "$(stat -c %a:%U:%G /run/subrosa 2>/dev/null)" = 2750:subrosa:debian-tor ] || { systemd-tmpfiles --create /etc/tmpfiles.d/subrosa.conf; did "/run/subrosa"; }

put 755 "$programs/subrosa-server" /usr/bin/subrosa-server
put 755 "$programs/subrosa" /usr/bin/subrosa
put 755 "$here/staff-access" /usr/sbin/staff-access
for f in README.md server.example.toml staff-key; do put 644 "$here/$f" "/usr/share/doc/subrosa/deploy/$f"; done
for unit in "$here"/*.service "$here"/*.timer; do
  [ -e "$unit" ] && put 644 "$unit" "/etc/systemd/system/$(basename "$unit")"
done
if [ -n "$web" ]; then
  for f in "$web"/*; do put 644 "$f" "/usr/share/subrosa/web/$(basename "$f")"; done
fi

# Settings, once.
if [ ! -e /etc/subrosa/server.toml ]; then
  install -d -m 755 /etc/subrosa
  # A server that names a folder which is not there does not start.
  web_line=''
  [ -e /usr/share/subrosa/web/manifest.json ] || web_line='s|^web = |# web = |'
  sed -e "s|^programme = .*|programme = \"${programme:-whistle.example}\"|" -e "s|^root_key = .*|root_key = \"${root_key:-$(printf '%064d' 0)}\"|" \
    ${web_line:+-e "$web_line"} "$here/server.example.toml" >/etc/subrosa/server.toml.part
  mv /etc/subrosa/server.toml.part /etc/subrosa/server.toml
  did "/etc/subrosa/server.toml"
fi
if [ -n "$web" ] && grep -q '^# web = ' /etc/subrosa/server.toml; then
  sed -i 's|^# web = |web = |' /etc/subrosa/server.toml
  did "the pages' program"
fi
[ -d /etc/subrosa/policies ] || { install -d -m 755 /etc/subrosa/policies; did "/etc/subrosa/policies"; }
# An install may have been made before the programme was founded: then, and only then, its id and key are filled in
# later.
if [ -n "$programme" ] && grep -q '^programme = "whistle.example"' /etc/subrosa/server.toml; then
  sed -i "s|^programme = .*|programme = \"$programme\"|" /etc/subrosa/server.toml
  did "the programme's id"
fi
if [ -n "$root_key" ] && grep -q '^root_key = "0\{64\}"' /etc/subrosa/server.toml; then
  sed -i "s|^root_key = .*|root_key = \"$root_key\"|" /etc/subrosa/server.toml
  did "the root key"
fi

# What the sealed intake's process must know, once.
if [ -n "$root_key" ] && [ ! -e /etc/subrosa/intake.env ]; then
  printf 'SUBROSA_ROOT=%s\n' "$root_key" >/etc/subrosa/intake.env
  did "/etc/subrosa/intake.env"
fi

# Tor. Proof of work only where this build knows it: another would refuse to start.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
chmod 711 "$work"
for s in intake staff; do
  cp "$here/tor/$s.torrc" "$work/$s.torrc"
  tor --list-modules | grep -q '^pow: yes' || sed -i '/^HiddenServicePoW/d' "$work/$s.torrc"
done
put 644 "$work/intake.torrc" /etc/tor/subrosa.d/intake.torrc
put 644 "$work/staff.torrc" /usr/share/subrosa/tor/staff.torrc
[ ! -e /etc/tor/subrosa.d/staff.torrc ] || put 644 "$work/staff.torrc" /etc/tor/subrosa.d/staff.torrc
include='%include /etc/tor/subrosa.d/*.torrc'
grep -qxF "$include" /etc/tor/torrc || { printf '\n# Subrosa. Last in this file, because it ends in the middle of an onion service.\n%s\n' "$include" >>/etc/tor/torrc; did "/etc/tor/torrc"; }
# Where AppArmor confines Tor, it must be told of the socket.
if [ -d /etc/apparmor.d/local ]; then
  rules='/run/subrosa/http.sock rw,
/run/subrosa/staff.sock rw,'
  grep -qF '/run/subrosa/staff.sock rw,' /etc/apparmor.d/local/system_tor 2>/dev/null || {
    echo "$rules" >>/etc/apparmor.d/local/system_tor
    ! command -v apparmor_parser >/dev/null || ! [ -d /sys/kernel/security/apparmor ] || apparmor_parser -r /etc/apparmor.d/system_tor
    did "AppArmor: Tor may use the sockets"
  }
fi
# The staff's address, made without the network, so that officers can make keys for it before it is ever switched on.
staff=/var/lib/tor/subrosa-staff
if [ ! -e "$staff/hostname" ]; then
  install -d -m 700 -o debian-tor -g debian-tor "$staff" "$work/tor"
  setpriv --reuid debian-tor --regid debian-tor --clear-groups \
    tor --quiet -f "$work/staff.torrc" --defaults-torrc /dev/null --DataDirectory "$work/tor" --DisableNetwork 1 --SocksPort 0 &
  tor=$!
  tries=0
  while [ ! -s "$staff/hostname" ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
  # The hostname is the last file that it writes; it has nothing else to bring to an end.
  kill -KILL $tor 2>/dev/null || true
  wait $tor 2>/dev/null || true
  [ -s "$staff/hostname" ] || fail "tor did not make the staff's address"
  did "the staff's address"
fi

systemctl -q is-enabled subrosa-server 2>/dev/null || { systemctl -q enable subrosa-server; did "subrosa-server starts with the machine"; }
if [ -d /run/systemd/system ] && [ $changed -gt 0 ]; then
  systemctl daemon-reload
fi

echo "$changed changes."
cat <<'TEXT'

Next:
  1. sudo -u subrosa subrosa-server log-key --config /etc/subrosa/server.toml     (the second line goes into the charter)
  2. systemctl restart subrosa-server && systemctl restart tor
  3. cat /var/lib/tor/subrosa-intake/hostname                                      (the public address: into the charter)
  4. staff-access address; each officer runs staff-key with it; staff-access add NAME LINE
  5. publish the signed charter: subrosa charter publish, through the onion address
TEXT
