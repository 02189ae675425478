"""What joblib writes: complete, the same for equal fits, and readable from a memory map."""

import pickle
import pickletools
import re
import shutil
from pathlib import Path

import joblib
import numpy as np
import pytest
from gensim.models import Word2Vec
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import WORDS_OF_ANY_KIND, run_python

ESTIMATOR = f"{PretrainedWord2VecTransformer.__module__} {PretrainedWord2VecTransformer.__name__}"

FIT_AND_HASH = """
import hashlib, io, sys, joblib
from pathlib import Path
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

source, documents = sys.argv[1], Path(sys.argv[2]).read_text().splitlines()
sources = {"path": source, "none": None, "handle": PretrainedVectors.open(source)}
for name, pretrained in sources.items():
    output = "both" if pretrained else "tuned"
    w2v = PretrainedWord2VecTransformer(pretrained, epochs=1, output=output, random_state=0)
    buffer = io.BytesIO()
    joblib.dump(w2v.fit(documents), buffer)
    print(name, hashlib.sha256(buffer.getvalue()).hexdigest())
"""

LOAD_AND_PREDICT = """
import sys, warnings, joblib, numpy as np
from pathlib import Path
warnings.simplefilter("error")
folder, documents = Path(sys.argv[1]), Path(sys.argv[2]).read_text().splitlines()
for kind in ("path", "handle"):
    for mmap_mode in (None, "r"):
        loaded = joblib.load(folder / f"{kind}.joblib", mmap_mode=mmap_mode)
        np.save(folder / f"{kind}-{mmap_mode}.npy", loaded.predict_proba(documents))
"""


@pytest.fixture(scope="module")
def documents_path(documents, tmp_path_factory):
    path = tmp_path_factory.mktemp("documents") / "documents.txt"
    path.write_text("\n".join(documents))
    return path


def run(code, *arguments, **environment):
    done = run_python(code, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def foreign_classes(pickled):
    """The classes and functions in a pickle of protocol 2 that are neither Python's nor NumPy's."""
    names = {name for opcode, name, _ in pickletools.genops(pickled) if opcode.name == "GLOBAL"}
    return sorted(name for name in names if re.split("[. ]", name)[0] not in ("numpy", "_codecs", "__builtin__"))


def test_equal_fits_give_equal_bytes_whatever_the_hash_seed(glove_path, documents_path):
    hashes = [run(FIT_AND_HASH, glove_path, documents_path, PYTHONHASHSEED=seed) for seed in ("0", "1")]
    assert hashes[0] == hashes[1]
    assert hashes[0].count("\n") == 3


def test_a_stored_pipeline_predicts_the_same_in_a_new_process_without_the_vector_file(
    glove_path, documents, labels, documents_path, tmp_path
):
    source = Path(shutil.copy(glove_path, tmp_path))
    for kind, pretrained in (("path", source), ("handle", PretrainedVectors.open(source))):
        w2v = PretrainedWord2VecTransformer(pretrained, epochs=1, output="both", random_state=0)
        model = make_pipeline(w2v, LogisticRegression(max_iter=1000)).fit(documents, labels)
        joblib.dump(model, tmp_path / f"{kind}.joblib")
    source.unlink()
    run(LOAD_AND_PREDICT, tmp_path, documents_path)
    for name in ("path-None", "path-r", "handle-None", "handle-r"):
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), model.predict_proba(documents))


def test_a_fitted_transformer_never_opens_its_source_again(glove_path, documents, tmp_path):
    source = Path(shutil.copy(glove_path, tmp_path))
    fitted = PretrainedWord2VecTransformer(source, epochs=1).fit(documents)
    before = fitted.transform(documents)
    source.unlink()
    np.testing.assert_array_equal(fitted.transform(documents), before)


def test_the_fitted_state_holds_each_array_once_and_nothing_of_gensim(glove_path, documents, tmp_path):
    fitted = PretrainedWord2VecTransformer(str(glove_path), epochs=1, output="both").fit(documents)
    assert foreign_classes(pickle.dumps(fitted, protocol=2)) == [ESTIMATOR]
    n_rows = 2 * len(fitted.counts_) + 20_000
    n_bytes_of_words = sum(len(word) + 8 for word in fitted.vocabulary_) * 2
    path = tmp_path / "fitted.joblib"
    joblib.dump(fitted, path)
    assert path.stat().st_size < n_rows * 50 * 4 + n_bytes_of_words + 20_000


def test_transform_changes_nothing_that_is_pickled(glove_path, documents):
    fitted = PretrainedWord2VecTransformer(str(glove_path), epochs=1).fit(documents)
    before = pickle.dumps(fitted)
    fitted.transform(documents), fitted.vocabulary_, fitted.vectors_
    assert pickle.dumps(fitted) == before


def test_words_of_any_kind_survive(documents, tmp_path):
    tokens = [WORDS_OF_ANY_KIND] * 3
    fitted = PretrainedWord2VecTransformer(vector_size=5, epochs=1, random_state=0).fit(tokens)
    loaded = pickle.loads(pickle.dumps(fitted))
    assert loaded.vocabulary_ == fitted.vocabulary_
    np.testing.assert_array_equal(loaded.transform(tokens), fitted.transform(tokens))


def test_an_unfitted_transformer_is_pickled_too(glove_path):
    w2v = PretrainedWord2VecTransformer(str(glove_path), epochs=3)
    assert pickle.loads(pickle.dumps(w2v)).get_params() == w2v.get_params()


def test_a_path_object_is_stored_as_a_string_so_that_other_systems_can_load_it(glove_path, documents):
    fitted = PretrainedWord2VecTransformer(glove_path, epochs=1, random_state=0).fit(documents)
    loaded = pickle.loads(pickle.dumps(fitted))
    assert (fitted.pretrained, loaded.pretrained) == (glove_path, str(glove_path))
    np.testing.assert_array_equal(loaded.fit(documents).vectors_, fitted.vectors_)


def resident(fitted):
    """How many bytes of arrays a fitted transformer holds in memory, and not in a file."""
    seen = []

    def visit(value):
        if isinstance(value, np.ndarray):
            seen.append(0 if isinstance(value, np.memmap) else value.nbytes)
        elif isinstance(value, dict | list | tuple):
            for part in value.values() if isinstance(value, dict) else value:
                visit(part)

    visit({name: value for name, value in fitted.__getstate__().items() if name != "pretrained"})
    return sum(seen)


SOURCES = {
    "path": lambda path, words, vectors, tokens: str(path),
    "file": lambda path, words, vectors, tokens: PretrainedVectors.open(path),
    "arrays": lambda path, words, vectors, tokens: PretrainedVectors.from_arrays(words, vectors),
    "model": lambda path, words, vectors, tokens: Word2Vec(tokens, vector_size=50, min_count=1, epochs=1, workers=1),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_a_memory_mapped_transformer_transforms_and_fits_again_and_leaves_the_file_as_it_is(
    glove_path, glove, keyed_vectors, documents, tmp_path, kind
):
    source = SOURCES[kind](glove_path, *glove, [story.lower().split() for story in documents])
    fitted = PretrainedWord2VecTransformer(source, epochs=1, output="both", random_state=0).fit(documents)
    path = tmp_path / "fitted.joblib"
    joblib.dump(fitted, path)
    stored = path.read_bytes()
    loaded = joblib.load(path, mmap_mode="r")
    assert resident(loaded) < 0.2 * resident(joblib.load(path))
    vectors = loaded.transform(documents)
    assert type(vectors) is type(loaded.vectors_) is np.ndarray
    np.testing.assert_array_equal(vectors, fitted.transform(documents))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(loaded)).vectors_, fitted.vectors_)
    np.testing.assert_array_equal(loaded.fit(documents).vectors_, fitted.vectors_)
    assert path.read_bytes() == stored


USES = {
    "transform": "loaded.transform(documents)",
    "vectors_": "loaded.vectors_",
    "most_similar": "loaded.most_similar('w1')",
    "moved_words": "loaded.moved_words()",
    "embedding_matrix": "loaded.embedding_matrix({'w1': 1})",
    "to_keyed_vectors": "loaded.to_keyed_vectors()",
    "to_word2vec": "loaded.to_word2vec()",
    "from_transformer": "PretrainedVectors.from_transformer(loaded)",
    "pickle": "pickle.dumps(loaded)",
}
TRUNCATED = """
import os, pickle, sys, joblib, numpy as np
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
words = [f"w{i}" for i in range(20_000)]
documents = [" ".join(words)] * 3
source = PretrainedVectors.from_arrays(words, np.random.default_rng(0).normal(size=(20_000, 5)))
how = dict(pooling=("idf", "usif", "vlad"), scale=True, output="both", epochs=1, fallback_size=0)
joblib.dump(PretrainedWord2VecTransformer(source, **how).fit(documents), sys.argv[1])
n_bytes = os.path.getsize(sys.argv[1])
for length in LENGTHS:
    loaded = joblib.load(sys.argv[1], mmap_mode="r")
    content = open(sys.argv[1], "rb").read()
    os.truncate(sys.argv[1], length)
    try:
        USE
        print("no error")
    except ValueError as error:
        print(str(error)[-80:])
    open(sys.argv[1], "r+b").write(content)
"""


@pytest.mark.parametrize("use", USES)
def test_a_mapped_transformer_whose_file_is_truncated_is_an_error_whatever_it_is_asked(use, tmp_path):
    lengths = "4096, 200_000" + (", n_bytes - 100_000, n_bytes - 8192" if use in ("transform", "pickle") else "")
    code = TRUNCATED.replace("USE", USES[use]).replace("LENGTHS", f"({lengths})")
    printed = run(code, tmp_path / "model.joblib").splitlines()
    assert len(printed) == lengths.count(",") + 1
    assert all(line.endswith("truncated since it was opened. Open it again once it is whole.") for line in printed)


@pytest.mark.parametrize("mmap_mode", [None, "r"])
def test_a_file_that_is_cut_off_anywhere_is_an_error(documents, tmp_path, mmap_mode):
    path = tmp_path / "fitted.joblib"
    joblib.dump(PretrainedWord2VecTransformer(vector_size=5, epochs=1).fit(documents[:3]), path)
    stored = path.read_bytes()
    for length in [*range(0, len(stored), 97), *range(len(stored) - 200, len(stored))]:
        path.write_bytes(stored[:length])
        try:
            joblib.load(path, mmap_mode=mmap_mode)
        except Exception:  # of many kinds: they are those of joblib
            continue
        raise AssertionError(f"the first {length} of {len(stored)} bytes were loaded")
