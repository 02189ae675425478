"""The C code without memory, with more than it can count, and as it is compiled elsewhere."""

import ctypes
import gc
import importlib.machinery
import importlib.util
import random
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import fuzz_words
import numpy as np
import pytest

from sk_w2v.text._analyzer import characters

COMPILER = shutil.which("cc")
HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "sk_w2v" / "text" / "_words.c"

pytestmark = pytest.mark.skipif(
    COMPILER is None or not SOURCE.exists() or sys.platform == "win32", reason="needs a C compiler and the source"
)

WORDS = ["tea", "tea", "käse", "x" * 100, "\ud800", *(f"word{number}" for number in range(100))]
TEXTS = ["some Tea, word7 " * 20, "KÄSE 我 ΟΔΥΣΣΕΥΣ y\ud800z", "", "ä" * 3000, *(f"new{n} words" for n in range(40))]
STARTS, IS_WANTED = np.array([0, 5, 40], np.int32), np.array([True, False, True, True])
TOKENS = [["tea", "Tee"], ("käse",), []]


def compiled(path, *flags):
    """Compile the module as tests need it."""
    flags = ["-shared", "-fPIC", "-O1", f"-I{sysconfig.get_path('include')}", *flags]
    if sys.platform == "darwin":
        flags += ["-undefined", "dynamic_lookup"]
    subprocess.run([str(COMPILER), *flags, str(SOURCE), "-o", str(path)], check=True)
    loader = importlib.machinery.ExtensionFileLoader("_words", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("_words", loader))
    loader.exec_module(module)
    return module


# ---- no memory ----


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """The module, how many allocations may follow (-1: all), and how many are in use."""
    path = tmp_path_factory.mktemp("failing") / "_words.so"
    module = compiled(path, "-include", str(HERE / "failing_allocation.h"))
    return module, (ctypes.c_long * 2).in_dll(ctypes.CDLL(str(path)), "words_allocations")


def use_all(module):
    """Use all that the module has, and return some of the results."""
    table, others, tokens = module.WordTable(WORDS), module.WordTable(), module.TokenTable(WORDS)
    columns, lengths = module.find_words(table, TEXTS, True, characters, others)
    names = [*WORDS, *others.words()]
    lists = module.token_lists(names, np.frombuffer(columns, np.int32), np.frombuffer(lengths, np.int32))
    chosen = module.choose_tokens(columns, STARTS, 0, 4, IS_WANTED)
    others = *module.find_words(table, TEXTS, False, characters), *tokens.find(TOKENS)
    return lists, *map(bytes, chosen), *map(bytes, others)


def outcome(use, module):
    try:
        return use(module)
    except MemoryError:
        return MemoryError


def test_each_failing_allocation_of_c_is_a_memory_error(failing):
    module, allocations = failing
    expected, n_errors = use_all(module), 0
    gc.collect()
    assert allocations[1] == 0
    while True:
        allocations[0] = n_errors
        found = outcome(use_all, module)
        allocations[0] = -1
        assert allocations[1] == 0
        if found is not MemoryError:
            break
        n_errors += 1
    assert n_errors > 10
    assert found == expected


def test_each_failing_allocation_of_python_is_a_memory_error(failing):
    testing = pytest.importorskip("_testcapi")
    module, allocations = failing
    expected, n_allocations = use_all(module), 0
    while True:
        testing.set_nomemory(n_allocations, n_allocations + 1)
        try:
            found = outcome(use_all, module)
        finally:
            testing.remove_mem_hooks()
        assert allocations[1] == 0
        assert found in (MemoryError, expected)  # a failed trial may have been of something that can be done without
        n_allocations += 1
        if found is not MemoryError and n_allocations > 3000:
            break


# ---- more than can be counted ----


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The module, for which 40 is the largest number."""
    return compiled(tmp_path_factory.mktemp("small") / "_words.so", "-DMAX_COUNT=40")


def find_words(module, documents, *others):
    return module.find_words(module.WordTable(["tea"]), documents, True, characters, *others)


@pytest.mark.parametrize("document", ["tea " * 41, "我 " * 41])
def test_too_many_tokens_are_an_error(small, document):
    message = r"There are more than 40 tokens in one batch\. Pass fewer documents at once\."
    assert len(find_words(small, ["tea " * 40])[0]) == 160
    with pytest.raises(OverflowError, match=message):
        find_words(small, [document])
    with pytest.raises(OverflowError, match=message):
        find_words(small, [document[:82], document[:82]])
    with pytest.raises(OverflowError, match=message):
        small.TokenTable(["tea"]).find([["tea"] * 20, ["tea"] * 21])


def test_too_many_words_are_an_error(small):
    words = [f"word{number}" for number in range(41)]
    message = r"There are more than 40 different words\."
    assert len(small.WordTable(words[:40])) == 40
    with pytest.raises(OverflowError, match=message):
        small.WordTable(words)
    with pytest.raises(OverflowError, match=message):
        small.TokenTable(words)
    others = small.WordTable()
    find_words(small, [" ".join(words[:30])], others)
    find_words(small, [" ".join(words[:39])], others)
    with pytest.raises(OverflowError, match=message):
        find_words(small, [" ".join(words[10:])], others)
    assert others.words() == words[:39]


def test_too_long_words_are_an_error(small):
    message = r"A word is longer than 40 bytes\."
    with pytest.raises(OverflowError, match=message):
        small.WordTable(["x" * 41])
    with pytest.raises(OverflowError, match=message):
        find_words(small, ["ä" * 21], small.WordTable())
    assert len(find_words(small, ["ä" * 21])[0]) == 4


# ---- other processors ----


def test_characters_are_the_same_one_by_one(tmp_path):
    module, plainly = compiled(tmp_path / "_words.so"), compiled(tmp_path / "_plainly.so", "-DIS_LITTLE_ENDIAN=0")
    draw = random.Random(0)
    documents = [fuzz_words.random_text(draw, 300) for _ in range(2000)]
    documents += ["".join(draw.choices("abYZ09_ .@[`{/:", k=draw.randrange(200))) for _ in range(2000)]
    found = [(find_words(one, documents, others := one.WordTable()), others.words()) for one in (module, plainly)]
    assert found[0] == found[1]
