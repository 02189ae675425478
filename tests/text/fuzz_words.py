"""Random documents and tables: the C code must find what the stand-in in Python finds.

Usage: ``python tests/text/fuzz_words.py [N] [SEED]``
"""

import random
import sys

import numpy as np

from sk_w2v.text._columns import DictColumns, TableColumns
from sk_w2v.text._sums import _chosen_by_flags, _sums_by_matrix, choose_tokens, sum_rows

POOLS = (
    "abcdefgXYZ09_",
    " \n.,-'\x00",
    "äöüßéñÄÖÜÉÑςσΣİıẞſKÅȺȾⱥǅŉ",
    "\u0301\u0308\u0345\u093e\u093f\u094d\u0e31\u05b8\u20dd\ufe0f\u200c\u200d\U000e0100\U0001d165",
    "我不喜欢かカーｶ한국कखनมกကꀀꭰᎠアㅋᄀ\u1161〇々",
    "абвАБВאבגابجδΔ",
    "😀🏽𝒜𐐀𐐨𠀀𒀀𑀓\ud800\udbff\udfff\U0010ffff",
)


def random_text(rng, max_size=80):
    pools = rng.choices(POOLS, k=rng.randint(1, 4))
    size = rng.choice([0, 1, 2, 5, 20, max_size])
    characters = [rng.choice(rng.choice(pools)) for _ in range(size)]
    if rng.random() < 0.1:
        characters += [chr(rng.randrange(sys.maxunicode + 1)) for _ in range(5)]
    if rng.random() < 0.02:
        characters *= rng.randint(2, 200)
    return "".join(characters)


def random_words(rng, tokens):
    """Some of the tokens, some twice, split, lengthened, or in another case."""
    words = rng.choices(tokens, k=rng.randint(0, 30)) if tokens else []
    changes = (str, str, str.upper, lambda word: word[:-1], lambda word: word + "x", lambda word: random_text(rng, 10))
    return [rng.choice(changes)(word) for word in words]


def check(rng):
    documents = [random_text(rng) for _ in range(rng.randint(0, 40))]
    lowercase = rng.random() < 0.7
    cutter = DictColumns([])
    seen = cutter.new_words()
    cutter.look_up_text(documents, lowercase, seen)
    words = random_words(rng, seen.words())
    token_documents = [random_words(rng, words) for _ in range(5)]
    answers = []
    for kind in (DictColumns, TableColumns):
        columns = kind(words)
        others = columns.new_words()
        results = [
            *columns.look_up_text(documents, lowercase),
            *columns.look_up_text(documents[::2], lowercase, others),
            *columns.look_up_text(documents[1::2], not lowercase, others),
            *columns.look_up(token_documents),
        ]
        answers.append(([result.tolist() for result in results], others.words()))
    assert answers[0] == answers[1], (documents, words, lowercase)
    columns, lengths = answers[0][0][:2]
    check_sums(rng, columns, lengths)
    check_choice(rng, columns, lengths)


def check_sums(rng, columns, lengths):
    """Add up rows in both ways; words without a column take the last one."""
    width, starts = rng.randint(1, 40), np.cumsum([0, *lengths], dtype=np.int32)
    rows = np.array([[rng.gauss(0, 1) for _ in range(width)] for _ in range(max(columns, default=-1) + 2)], np.float32)
    columns = np.array(columns, np.int32) % len(rows)
    sums, expected = sum_rows(rows, columns, starts), _sums_by_matrix(rows, columns, starts)
    assert sums.tobytes() == expected.tobytes(), (rows, columns, starts)


def check_choice(rng, columns, lengths):
    """Choose tokens in both ways."""
    first, size = rng.randint(0, 20), rng.randint(0, 20)
    wanted = rng.choice([None, np.array([rng.random() < 0.5 for _ in range(size)], np.bool_)])
    given = np.array(columns, np.int32), np.cumsum([0, *lengths], dtype=np.int32), first, first + size, wanted
    for chosen, expected in zip(choose_tokens(*given), _chosen_by_flags(*given), strict=True):
        assert chosen.tobytes() == expected.tobytes(), given


def fuzz(n_rounds, seed):
    """Check so many random documents and tables."""
    rng = random.Random(seed)
    for _ in range(n_rounds):
        check(rng)


if __name__ == "__main__":
    n_rounds, seed = (*map(int, sys.argv[1:]), *(100_000, 0)[len(sys.argv) - 1 :])
    fuzz(n_rounds, seed)
    print(f"{n_rounds} rounds, seed {seed}: no difference")
