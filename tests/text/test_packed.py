"""Words as one string: all come back, and what is not whole is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v.text._packed import pack_words, unpack_words

from helpers import WORDS_OF_ANY_KIND, whole


@given(st.lists(st.text(max_size=4) | st.sampled_from(WORDS_OF_ANY_KIND), unique=True))
def test_words_come_back_in_their_order(words):
    joined, lengths = pack_words(iter(words))
    assert (type(joined), lengths.dtype) == (str, np.uint32)
    assert list(unpack_words(joined, lengths).items()) == [(word, row) for row, word in enumerate(words)]


@pytest.mark.parametrize(
    ("lengths", "what"),
    [
        ([3, 3], "words of 6 characters in a text of 9"),
        ([3, 3, 5], "words of 11 characters in a text of 9"),
        ([3, 3, 3], "a word repeats"),
        ([0, 3, 0, 3, 3, 0], "a word repeats"),
    ],
)
def test_words_whose_lengths_are_not_theirs_or_that_repeat_are_refused(lengths, what):
    with pytest.raises(ValueError, match=whole(what)):
        unpack_words("teacuptea", np.array(lengths, np.uint32))
