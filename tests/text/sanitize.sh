#!/usr/bin/env bash
# Run the tests of the text part, and a fuzz, with the C code under the address and undefined behaviour sanitisers.
#
#     bash tests/text/sanitize.sh PYTHON [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1
rounds=${2:-5000}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r sk_w2v tests pyproject.toml "$copy"
cd "$copy"
rm -f sk_w2v/text/_words*.so
include=$("$python" -c "import sysconfig; print(sysconfig.get_path('include'))")
cc -shared -fPIC -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
    -I"$include" sk_w2v/text/_words.c -o sk_w2v/text/_words.abi3.so

export PYTHONPATH=$copy PYTHONMALLOC=malloc
export LD_PRELOAD="$(cc -print-file-name=libasan.so) $(cc -print-file-name=libubsan.so)"
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
"$python" -c "from sk_w2v.text import _words; print(_words.__file__)"
"$python" -m pytest -q -p no:cacheprovider tests/text/test_analyzer.py tests/text/test_columns.py tests/text/test_sums.py
"$python" tests/text/fuzz_words.py "$rounds" 1
