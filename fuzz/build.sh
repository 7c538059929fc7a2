#!/usr/bin/env bash
# Builds the fuzz targets with coverage on stable Rust, without cargo-fuzz. README.md says how to run them.
set -euo pipefail
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
flags="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
flags="$flags -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing"
# With a target named, build scripts and macros are built without these flags.
RUSTFLAGS="$flags" cargo build --release --target "$host" --bins "$@"
echo "fuzz/target/$host/release/"
