#!/usr/bin/env bash
# Builds what the source's pages load, into target/web: the page's program, the engine as WebAssembly, the same engine
# as plain JavaScript for browsers with WebAssembly switched off, each named by its digest and compressed beforehand,
# and manifest.json, which lists them.
#
# Does nothing when nothing has changed since the last time. SUBROSA_WASM and SUBROSA_CACHE: see toolchain.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. deploy/wasm/toolchain.sh

root=$PWD
targets=$(realpath -m "${CARGO_TARGET_DIR:-target}")
work=$targets/web-work
out=$targets/web
started=$SECONDS
cargo_home=${CARGO_HOME:-$HOME/.cargo}

command -v node >/dev/null && command -v npm >/dev/null || { say "node and npm are missing: make setup installs them"; exit 3; }

inputs() {
  rustc -V
  git ls-files -co --exclude-standard -- Cargo.toml Cargo.lock crypto/src crypto/Cargo.toml \
    casework/src casework/regimes casework/Cargo.toml client/engine client/web deploy/wasm | grep -v '^client/web/test/' | sort -u | xargs sha256sum
}
stamp=$(inputs | sha256sum | cut -d ' ' -f 1)
if [ "$(cat "$out/.stamp" 2>/dev/null)" = "$stamp" ]; then
  say "target/web is up to date"
  exit 0
fi

# The tools from npm, in the versions of the lock file.
if ! cmp -s client/web/package-lock.json client/web/node_modules/.installed 2>/dev/null; then
  say "installing the tools of client/web/package.json"
  (cd client/web && timeout 300 npm ci --no-audit --no-fund --loglevel=error)
  cp client/web/package-lock.json client/web/node_modules/.installed
fi
tools=$root/client/web/node_modules/.bin

say "compiling the engine (some minutes the first time)"
(cd deploy/wasm/bindgen && env -u RUSTFLAGS cargo build --quiet --locked --target-dir "$targets/bindgen")
(
  find_toolchain
  # Both forms come from one build: plain JavaScript knows neither reference types nor several results.
  # Panics tell of places in the source: as everybody has it, not where it lies on this machine.
  export RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=-reference-types,-multivalue --remap-path-prefix=$root=subrosa --remap-path-prefix=$cargo_home=cargo --remap-path-prefix=$cache=rust"
  cargo build --quiet --locked --package subrosa-web --profile web --target "$target" --target-dir "$targets/wasm" "${wasm_flags[@]}"
)
compiled=$targets/wasm/$target/web/subrosa_web.wasm

rm -rf "$work"
mkdir -p "$work/engine" "$work/twin" "$work/bundle"

say "WebAssembly"
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext --enable-mutable-globals
  --enable-multivalue --enable-call-indirect-overlong)
# The standard library says that it was compiled with reference types; the glue must not believe that of the whole.
"$tools/wasm-opt" "${features[@]}" --strip-target-features "$compiled" -o "$work/subrosa_web.wasm"
"$targets/bindgen/debug/bindgen" web "$work/subrosa_web.wasm" "$work/engine"
"$tools/wasm-opt" "${features[@]}" -Oz --strip-debug --strip-producers --strip-target-features "$work/engine/engine_bg.wasm" -o "$work/bundle/engine.wasm"

for place in "$root" "$cargo_home" "$cache"; do
  if grep -qaF "$place" "$work/bundle/engine.wasm"; then
    say "the engine holds a path of this machine: $place"
    exit 1
  fi
done
# The crate age, which officers' programs use, brings another generation of curve25519-dalek and a translation engine
# along. Nothing that the page loads calls it.
for crate in curve25519-dalek-4 i18n-embed fluent-bundle; do
  if grep -qaF "$crate" "$work/bundle/engine.wasm"; then
    say "the engine holds a crate that the page has no use for: $crate"
    exit 1
  fi
done

say "plain JavaScript"
# The standard library was compiled with newer instructions than plain JavaScript has: put them into older ones first.
"$tools/wasm-opt" "${features[@]}" --signext-lowering --llvm-nontrapping-fptoint-lowering --llvm-memory-copy-fill-lowering --strip-target-features "$compiled" -o "$work/low.wasm"
"$tools/wasm-opt" -mvp --enable-mutable-globals --emit-target-features "$work/low.wasm" -o "$work/subrosa_web.wasm"
"$targets/bindgen/debug/bindgen" bundler "$work/subrosa_web.wasm" "$work/twin"
"$tools/wasm-opt" -Oz --strip-debug --strip-producers -mvp --enable-mutable-globals "$work/twin/engine_bg.wasm" -o "$work/opt.wasm"
"$tools/wasm2js" -Oz "$work/opt.wasm" -o "$work/twin/engine_bg.wasm.js"
sed -i 's#"./engine_bg.wasm"#"./engine_bg.wasm.js"#' "$work/twin/engine.js"
# When its memory grows, plain JavaScript takes a new buffer and leaves the old one as it is, so a cached view must be
# compared by its buffer, not by its length.
sed -i -E -e 's/if \(cachedDataViewMemory0 === null .*\) \{$/if (cachedDataViewMemory0 === null || cachedDataViewMemory0.buffer !== wasm.memory.buffer) {/' \
  -e 's/\|\| cached([A-Za-z0-9]+)Memory0\.byteLength === 0\)/|| cached\1Memory0.buffer !== wasm.memory.buffer)/' "$work/twin/engine_bg.js"
grep -q 'cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer' "$work/twin/engine_bg.js" || { say "the cached views could not be mended: another wasm-bindgen?"; exit 1; }

bundle() {
  "$tools/esbuild" "client/web/js/$1.js" --bundle --minify --format=esm --target=firefox115,chrome115 --charset=utf8 --legal-comments=none --log-level=error \
    --alias:subrosa-engine="$work/engine/engine.js" --alias:subrosa-twin="$work/twin/engine.js" --outfile="$work/bundle/$2.js"
}
bundle app app
bundle twin engine

node deploy/wasm/manifest.mjs "$work/bundle" "$out"
printf '%s' "$stamp" >"$out/.stamp"
say "target/web is built ($((SECONDS - started)) s)"
