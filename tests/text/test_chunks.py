"""Documents in chunks of up to 10,000 tokens."""

import pytest

from sk_w2v.text._chunks import Chunks, check_passes, count_chunks

from helpers import whole


@pytest.mark.parametrize("size", [0, 1, 9_999, 10_000, 10_001, 20_000, 20_001])
def test_the_chunks_of_a_document_are_as_many_as_are_counted_and_are_its_tokens_in_order(size):
    document = [str(number) for number in range(size)]
    chunks = list(Chunks([document], count_chunks(document)))
    assert len(chunks) == count_chunks(document)
    assert [token for chunk in chunks for token in chunk] == document
    assert max(map(len, chunks)) <= 10_000


def test_a_document_that_fits_in_a_chunk_is_not_copied():
    document = ["tea"] * 10_000
    assert next(iter(Chunks([document], 1))) is document


def test_as_many_documents_as_in_the_first_pass_are_no_error():
    check_passes(3, 3)
    message = (
        "There were 3 documents (of up to 10000 tokens) in the first pass and 2 in a later one. Pass X and "
        "extra_documents as iterables that can be read again from the beginning, or as lists."
    )
    with pytest.raises(ValueError, match=whole(message)):
        check_passes(3, 2)
