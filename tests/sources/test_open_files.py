"""A process opens a file once, as long as it does not change and nobody clears the cache."""

import gc
import os
import pickle
import re
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sk_w2v import PretrainedVectors

from .vector_files import FORMATS, TABLE, WORDS, opened


def test_a_file_is_read_once_a_process(path, monkeypatch):
    n_opened = 0
    real_open = open

    def counting_open(*arguments):
        nonlocal n_opened
        n_opened += 1
        return real_open(*arguments)

    first = opened(path, FORMATS["GloVe"])
    monkeypatch.setattr("builtins.open", counting_open)
    for source in (first, PretrainedVectors.open(path), pickle.loads(pickle.dumps(first))):
        source.rows(WORDS)
    assert n_opened == 1


def test_a_replaced_file_is_read_anew_by_path_and_noticed_by_an_old_handle(path):
    old = pickle.dumps(opened(path, b"a 1 2\n"))
    assert opened(path, b"a 1 3\n").rows(["a"]).tolist() == [[1, 3]]
    handle = pickle.loads(old)
    with pytest.raises(ValueError, match=r"is not the one that was opened: its content has changed"):
        handle.rows(["a"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_read_permission_is_the_systems_error(path):
    path.write_bytes(FORMATS["GloVe"])
    path.chmod(0)
    with pytest.raises(PermissionError):
        PretrainedVectors.open(path)


def test_a_cleared_cache_lets_go_of_the_rows_and_handles_read_again(path):
    source, other = opened(path, FORMATS["GloVe"]), PretrainedVectors.open(path, limit=2)
    first_rows = weakref.ref(source._ask(["of"], None).first_rows)
    other.rows(["the"])
    gc.collect()
    assert first_rows() is not None
    assert PretrainedVectors.clear_cache() is None
    gc.collect()
    assert first_rows() is None
    np.testing.assert_array_equal(source.rows(WORDS), TABLE)
    assert (len(other), "of" in other) == (2, True)


def test_rows_that_somebody_holds_outlive_a_cleared_cache(path):
    answer = opened(path, FORMATS["GloVe"])._ask(["of"], 3)
    PretrainedVectors.clear_cache()
    np.testing.assert_array_equal(answer.first_rows, TABLE[:3])


def test_a_cleared_cache_lets_go_of_what_gensim_has_loaded(keyed_vectors, tmp_path):
    keyed_vectors.save(str(tmp_path / "kv"))
    source = PretrainedVectors.open(tmp_path / "kv")
    first_rows = weakref.ref(source._ask([], 10).first_rows)
    PretrainedVectors.clear_cache()
    gc.collect()
    assert first_rows() is None
    np.testing.assert_array_equal(source.rows(["the"]), keyed_vectors[["the"]])


def test_after_a_cleared_cache_a_changed_file_is_an_error(path):
    source = opened(path, b"a 1 2\n")
    source.rows(["a"])
    path.write_bytes(b"a 1 3\n")
    PretrainedVectors.clear_cache()
    message = (
        f"The file {str(path)!r} is not the one that was opened: its content has changed, or this machine has another "
        "one. Open it anew with PretrainedVectors.open."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        source.rows(["a"])


def test_a_cleared_cache_leaves_arrays_as_they_are():
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    first = source._ask([], 2).first_rows
    PretrainedVectors.clear_cache()
    assert source._ask([], 2).first_rows is first


def test_only_a_few_files_are_kept_and_handles_go_on_with_theirs(tmp_path):
    sources = [opened(tmp_path / f"v{number}", f"a {number}\n".encode()) for number in range(9)]
    assert [source.rows(["a"]).item() for source in sources] == list(range(9))
    (tmp_path / "v0").unlink()
    assert sources[0].rows(["a"]).item() == 0


def test_threads_read_on_while_another_one_clears_the_cache(path):
    source = opened(path, FORMATS["GloVe"])

    def read(turn):
        if turn % 4 == 0:
            PretrainedVectors.clear_cache()
        handle = PretrainedVectors.open(path) if turn % 3 == 0 else source
        return handle.rows(WORDS[turn % 7 :])

    with ThreadPoolExecutor(8) as pool:
        for turn, rows in enumerate(pool.map(read, range(200))):
            np.testing.assert_array_equal(rows, TABLE[turn % 7 :])
