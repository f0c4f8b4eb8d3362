#!/usr/bin/env bash
# Fuzzes one reader, or all of them in turn, with libFuzzer and AddressSanitizer.
# Usage: Tests/Fuzz/run.sh [json|multipart|csv|statement|all] [SECONDS]
set -eu
cd "$(dirname "$0")"
[ -x /opt/swift/usr/bin/swift ] && export PATH="$PATH:/opt/swift/usr/bin"
which=${1:-all} seconds=${2:-600} scratch=${FUZZ_SCRATCH:-.build}
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")
driver=$(find "$toolchain/lib" -name "libclang_rt.fuzzer_no_main-$(uname -m).a" | head -n 1)
[ -n "$driver" ] || { echo "This toolchain has no libFuzzer." >&2; exit 1; }
swift build -c release --scratch-path "$scratch" --sanitize=address -Xlinker "$driver"
export ASAN_OPTIONS=detect_leaks=0
[ "$which" = all ] && which="json multipart csv statement"
for name in $which; do
    # New inputs go to the first folder; the second is the corpus that is kept with the sources.
    mkdir -p "$scratch/corpus/$name" "$scratch/found"
    echo "== $name"
    "$scratch/release/fuzz" "$name" "$scratch/corpus/$name" "corpus/$name" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=3000 -max_len=8192 -dict="dictionaries/$name.txt" \
        -artifact_prefix="$scratch/found/$name-" -print_final_stats=1
done
