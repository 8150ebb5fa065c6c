#!/usr/bin/env bash
# Puts a real photograph (with the camera's own metadata) and a real PDF into target/fixtures, for the journey.
# Both are shipped by Debian packages, which are downloaded and unpacked, not installed: no root is needed for that.
#
#   target/fixtures/photograph.jpg   from mate-backgrounds
#   target/fixtures/document.pdf     from developers-reference
#
# Prints the two paths. Asks the network only when they are not there yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${CARGO_TARGET_DIR:-target}/fixtures
photograph=$out/photograph.jpg
document=$out/document.pdf
least=$((5 * 1024 * 1024))

fail() { printf 'fixtures: %s\n' "$*" >&2; exit 1; }

# largest PACKAGE PATTERN DESTINATION: the largest file of that name pattern in the package.
largest() {
  local package=$1 pattern=$2 destination=$3 work file
  work=$(mktemp -d "$out/unpack.XXXXXX")
  if ! (cd "$work" && apt-get download -qq "$package" >apt.log 2>&1); then
    { [ "$(id -u)" = 0 ] && apt-get update -qq >/dev/null; } || sudo -n apt-get update -qq >/dev/null || true
    (cd "$work" && apt-get download -qq "$package" >apt.log 2>&1) || { cat "$work/apt.log" >&2; rm -rf "$work"; fail "could not download the Debian package $package"; }
  fi
  dpkg-deb -x "$work"/*.deb "$work/root"
  file=$(find "$work/root" -type f -name "$pattern" -size -12M -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
  [ -n "$file" ] || { rm -rf "$work"; fail "$package has no $pattern"; }
  mv "$file" "$destination.part"
  mv "$destination.part" "$destination"
  rm -rf "$work"
}

mkdir -p "$out"
if [ ! -s "$photograph" ] || [ ! -s "$document" ]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "this needs apt-get and dpkg-deb; or put your own files at $photograph and $document"
  [ -s "$photograph" ] || largest mate-backgrounds '*.jpg' "$photograph"
  [ -s "$document" ] || largest developers-reference '*.pdf' "$document"
fi

[ "$(head -c 3 "$photograph" | od -An -tx1 | tr -d ' \n')" = ffd8ff ] || fail "$photograph is not a JPEG"
[ "$(head -c 5 "$document")" = "%PDF-" ] || fail "$document is not a PDF"
total=$(($(wc -c <"$photograph") + $(wc -c <"$document")))
[ "$total" -ge "$least" ] || fail "the two files are $total bytes together, at least $least are wanted"
printf '%s\n%s\n' "$(realpath "$photograph")" "$(realpath "$document")"
