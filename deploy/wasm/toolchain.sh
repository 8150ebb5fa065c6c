#!/usr/bin/env bash
# Sourced by check.sh and build.sh: finds a compiler and a standard library for the browser (wasm32-unknown-unknown).
#
# Three ways, tried in this order:
#   1. the toolchain at hand has the target;
#   2. rustup can add it;
#   3. Debian's packages for the web target, unpacked (not installed) into a cache folder.
#
# The cache is $SUBROSA_CACHE, or ~/.cache/subrosa. SUBROSA_WASM=debian skips ways 1 and 2.
# `find_toolchain` exports what cargo needs and sets the array `wasm_flags`; it returns 3 if there is no way.

target=wasm32-unknown-unknown
cache=${SUBROSA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/subrosa}/wasm
wasm_flags=()

say() { printf 'wasm: %s\n' "$*" >&2; }

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; }

rustup_adds_target() {
  command -v rustup >/dev/null || return 1
  say "asking rustup for $target"
  timeout 300 rustup target add "$target" >/dev/null 2>&1 && has_target
}

# Unpacks Debian's compiler, its standard library as source, and its linker. Nothing is installed, no root is needed.
unpack_debian() {
  [ -e "$cache/ready" ] && return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say "unpacking Debian's rustc-web into $cache (about 250 MB, once)"
  rm -rf "$cache"
  mkdir -p "$cache/deb" "$cache/root" "$cache/bin"
  local std llvm lld
  std=$(apt-cache depends libstd-rust-web-dev 2>/dev/null | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p' | head -n 1)
  if [ -z "$std" ]; then
    { [ "$(id -u)" = 0 ] && apt-get update -qq; } || sudo -n apt-get update -qq || return 1
    std=$(apt-cache depends libstd-rust-web-dev 2>/dev/null | sed -n 's/.*Depends: \(libstd-rust-web-[0-9.]*\)$/\1/p' | head -n 1)
  fi
  [ -n "$std" ] || return 1
  llvm=$(apt-cache depends "$std" | sed -n 's/.*Depends: \(libllvm[0-9]*\)$/\1/p' | head -n 1)
  lld=$(apt-cache search --names-only '^lld-[0-9]+$' | sed -n 's/^\(lld-[0-9]*\) .*/\1/p' | sort -V | tail -n 1)
  [ -n "$llvm" ] && [ -n "$lld" ] || return 1
  (cd "$cache/deb" && apt-get download -qq rustc-web "$std" libstd-rust-web-dev rust-web-src "$llvm" "$lld" "libllvm${lld#lld-}" 2>/dev/null) || return 1
  local deb
  for deb in "$cache"/deb/*.deb; do dpkg-deb -x "$deb" "$cache/root"; done
  rm -rf "$cache/deb"
  local libs name file
  libs=$cache/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
  for name in rustc rustdoc wasm-ld; do
    file=$name
    [ "$name" = wasm-ld ] && file=wasm-ld-${lld#lld-}
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s/usr/bin/%s "$@"\n' "$libs" "$cache/root" "$file" >"$cache/bin/$name"
    chmod +x "$cache/bin/$name"
  done
  "$cache/bin/rustc" -V >&2 || return 1
  "$cache/bin/wasm-ld" --version >&2 || return 1
  touch "$cache/ready"
}

find_toolchain() {
  if [ "${SUBROSA_WASM:-}" != debian ] && { has_target || rustup_adds_target; }; then
    say "using the toolchain's own $target"
  elif unpack_debian; then
    # Debian's compiler carries no wasm32 standard library, only its source, so it is built along; that needs cargo's
    # unstable switch, which a stable compiler takes under RUSTC_BOOTSTRAP.
    export RUSTC=$cache/bin/rustc RUSTDOC=$cache/bin/rustdoc RUSTC_BOOTSTRAP=1 PATH=$cache/bin:$PATH
    export RUSTFLAGS="${RUSTFLAGS:-} -C linker=wasm-ld -C linker-flavor=wasm-ld"
    # shellcheck disable=SC2034 # Read by whoever sources this file.
    wasm_flags=("-Zbuild-std=std,panic_abort")
    say "using Debian's compiler: $("$RUSTC" -V)"
  else
    say "no standard library for $target: not in this toolchain, rustup could not add it, and Debian's packages could not be fetched"
    return 3
  fi
}
