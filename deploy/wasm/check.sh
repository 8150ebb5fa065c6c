#!/usr/bin/env bash
# Builds the protocol crate for the browser (wasm32-unknown-unknown) and says how long it took. SUBROSA_WASM and
# SUBROSA_CACHE: see toolchain.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. deploy/wasm/toolchain.sh

package=${1:-subrosa-crypto}
started=$SECONDS
find_toolchain
cargo build --quiet --locked --package "$package" --lib --profile wasm-check --target "$target" --target-dir "${CARGO_TARGET_DIR:-target}/wasm" "${wasm_flags[@]}"
say "$package builds for $target ($((SECONDS - started)) s)"
