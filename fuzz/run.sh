#!/usr/bin/env bash
# Runs every fuzz target for a while: fuzz/run.sh [SECONDS FOR EACH] [TARGET...] Works on the stable compiler: coverage
# comes from LLVM's own pass, no sanitizer is needed in a program without unsafe code.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-60}
shift || true
host=$(rustc -vV | sed -n 's/^host: //p')
build=$(realpath -m "${CARGO_TARGET_DIR:-target}")/fuzz
command -v c++ >/dev/null || {
  echo "fuzz: libFuzzer needs a C++ compiler: apt-get install g++" >&2
  exit 1
}

# With --target the flags reach the fuzzed code and its dependencies, not build scripts.
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
cargo build --release --quiet --manifest-path fuzz/Cargo.toml --target "$host" --target-dir "$build"

# Seeds: what the vectors hold.
seeds=$build/seeds
mkdir -p "$seeds"
find vectors -name '*.json' -exec grep -hoE '"([0-9a-f]{2}){8,}"' {} + | tr -d '"' | sort -u | while read -r hex; do
  name=$seeds/$(printf '%s' "$hex" | sha256sum | cut -c 1-16)
  [ -e "$name" ] || printf '%b' "$(printf '%s' "$hex" | sed 's/../\\x&/g')" >"$name"
done

targets=("$@")
[ ${#targets[@]} -gt 0 ] || for file in fuzz/fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
failed=0
for target in "${targets[@]}"; do
  corpus=$build/corpus/$target
  mkdir -p "$corpus" "$build/found"
  log=$build/$target.log
  if "$build/$host/release/$target" -max_total_time="$seconds" -max_len=140000 -timeout=10 -artifact_prefix="$build/found/$target-" "$corpus" "$seeds" >"$log" 2>&1; then
    printf '%-16s %s\n' "$target" "$(grep -E '^Done ' "$log" || tail -n 1 "$log")"
  else
    failed=$((failed + 1))
    printf '%-16s FAILED, see %s\n' "$target" "$log"
    tail -n 5 "$log"
  fi
done
printf '%d formats fuzzed, %d failed\n' "${#targets[@]}" "$failed"
[ "$failed" -eq 0 ]
