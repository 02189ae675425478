"""The two ways to find words, for tests that both must pass."""

import numpy as np
import pytest
from hypothesis import strategies as st

from sk_w2v.text import _columns
from sk_w2v.text._columns import DictColumns, TableColumns, token_lists

IS_COMPILED = _columns._words is not None
KINDS = [pytest.param(DictColumns, id="dict")]
if IS_COMPILED:
    KINDS.append(pytest.param(TableColumns, id="table"))

each_kind = pytest.mark.parametrize("kind", KINDS)
compiled = pytest.mark.skipif(not IS_COMPILED, reason="installed without a C compiler")

# Cases, widths of UTF-8, marks, joiners, syllables, surrogates, and what only str.lower can lower.
TELLING = (
    "aBzZ09_ -.\x00éÉßΣσςİıẞ\u212aǅȺβ\u0301\u0345\u093f\u094d\u20dd\ufe0f\u200c\u200d"
    "我々〇ーカ한क\u0e01Ꭰꭰאا\ud800\udfff𝒜𐐀😀𠀀\U000e0100"
)
TEXTS = st.text(st.sampled_from(TELLING) | st.characters(), max_size=60)


def split(kind, documents, lowercase=True):
    """The words of documents as one kind of columns sees them."""
    columns = kind([])
    others = columns.new_words()
    found = columns.look_up_text(documents, lowercase, others)
    assert len(others) == len(others.words())
    assert found.columns.dtype == found.lengths.dtype == np.int32
    return token_lists(others.words(), found.columns, found.lengths)
