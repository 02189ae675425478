"""What it takes to serve one fitted transformer from several processes: memory of them all, and time until they answer.

    python benchmarks/serving.py [--processes 4] [--words 100000] [--vector-size 300] [--runs 5]

Each process loads the same joblib file, with ``mmap_mode="r"`` or without, and transforms the same documents. Memory is
the sum of their proportional set sizes (a page that four processes share counts a quarter in each), above that of the
same processes before they load. Words are drawn; all of them are in the fallback. Linux only.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

MODES = {"copies": None, "mmap_mode='r'": "r"}


def make_file(path, n_words, vector_size):
    import joblib

    from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

    generator = np.random.default_rng(0)
    words = [f"word{number}" for number in range(n_words)]
    source = PretrainedVectors.from_arrays(words, generator.normal(size=(n_words, vector_size)).astype(np.float32))
    documents = [[words[row] for row in generator.integers(0, min(20_000, n_words), 50)] for _ in range(1000)]
    w2v = PretrainedWord2VecTransformer(source, output="pretrained", fallback_size=None).fit(documents)
    joblib.dump(w2v.set_params(pretrained=None), path)


def kilobytes():
    """Proportional set size of this process."""
    return int(re.search(r"^Pss:\s*(\d+)", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE)[1])


def wait():
    """Say that this step is done, and wait until all processes are as far."""
    print(flush=True)
    sys.stdin.readline()


def serve(path, mmap_mode, n_words):
    import joblib

    import sk_w2v  # noqa: F401

    documents = [[f"word{number * 7919 % n_words}" for number in range(at, at + 50)] for at in range(0, 5000, 50)]
    wait()
    before = kilobytes()
    wait()
    start = time.perf_counter()
    loaded = joblib.load(path, mmap_mode=mmap_mode)
    loaded.transform(documents[:1])
    first = time.perf_counter() - start
    start = time.perf_counter()
    loaded.transform(documents)
    seconds = time.perf_counter() - start
    wait()
    print(json.dumps([(kilobytes() - before) / 1024, first, seconds]), flush=True)
    sys.stdin.readline()


def measure(path, mmap_mode, n_words, n_processes):
    """Megabytes of all processes together, seconds to the first answer and for 100 documents."""
    command = [sys.executable, __file__, "--serve", str(path), mmap_mode or "", str(n_words)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(n_processes)
    ]
    for _ in range(3):
        for process in processes:
            process.stdout.readline()
        for process in processes:
            process.stdin.write("\n")
            process.stdin.flush()
    answers = [json.loads(process.stdout.readline()) for process in processes]
    for process in processes:
        process.communicate("\n")
    megabytes, first, seconds = zip(*answers, strict=True)
    return sum(megabytes), statistics.median(first), statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--words", type=int, default=100_000)
    parser.add_argument("--vector-size", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        path, mmap_mode, n_words = arguments.serve
        serve(path, mmap_mode or None, int(n_words))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fitted.joblib"
        make_file(path, arguments.words, arguments.vector_size)
        report(path, arguments)


def report(path, arguments):
    file, n_processes = path.stat().st_size / 2**20, arguments.processes
    print(f"{arguments.words} words of {arguments.vector_size} numbers, {file:.0f} MB; medians of {arguments.runs}\n")
    print("| loaded as | processes | MB in all | × the file | seconds to the first answer | for 100 documents |")
    print("|---|---|---|---|---|---|")
    for name, mmap_mode in MODES.items():
        for count in (1, n_processes):
            runs = [measure(path, mmap_mode, arguments.words, count) for _ in range(arguments.runs)]
            megabytes, first, seconds = (statistics.median(values) for values in zip(*runs, strict=True))
            ratio = megabytes / file
            print(f"| {name} | {count} | {megabytes:.0f} | {ratio:.2f} | {first:.2f} | {seconds:.4f} |", flush=True)


if __name__ == "__main__":
    main()
