#!/usr/bin/env bash
# Installs what the page needs to be built and driven: node, npm and Chromium, by Debian's package names. Answers 3 if
# that is not possible.
set -uo pipefail
missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
[ -x /usr/bin/chromium ] || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
export DEBIAN_FRONTEND=noninteractive
printf 'installing %s\n' "${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || {
  printf 'these are missing and could not be installed: %s. The page was NOT tried\n' "${missing[*]}" >&2
  exit 3
}
