"""How long importing sk_w2v takes, beside importing what it stands on.

Each import runs in a new process; the two alternate, and the medians and their ratio are printed.

    python benchmarks/imports.py [--runs 11]
"""

import argparse
import statistics
import subprocess
import sys
import time

CODES = {
    "scikit-learn's text module and gensim's Word2Vec": (
        "import sklearn.feature_extraction.text; from gensim.models import Word2Vec"
    ),
    "sk_w2v": "import sk_w2v",
}


def seconds(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    times: dict[str, list[float]] = {name: [] for name in CODES}
    for run in range(runs + 1):
        for name, code in CODES.items():
            taken = seconds(code)
            if run:  # the first warms the page cache
                times[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{name:50} {median:6.2f} s")
    base, ours = medians.values()
    print(f"{'ratio':50} {ours / base:6.2f}   (median of {runs})")


if __name__ == "__main__":
    main()
