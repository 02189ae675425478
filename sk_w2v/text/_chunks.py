"""Long documents → chunks. gensim drops all tokens of a document beyond the first 10,000, in silence."""

from collections.abc import Iterable, Iterator, Sequence

MAX_TOKENS = 10_000


def count_chunks(document: Sequence[str]) -> int:
    """Return how many chunks a document has; an empty one is one chunk."""
    return max(1, -(-len(document) // MAX_TOKENS))


class Chunks:
    """The chunks of all documents; they may be read any number of times."""

    def __init__(self, documents: Iterable[Sequence[str]], n_chunks: int) -> None:
        self._documents = documents
        self._n_chunks = n_chunks

    def __iter__(self) -> Iterator[Sequence[str]]:
        n_chunks = 0
        for document in self._documents:
            n_chunks += count_chunks(document)
            if len(document) <= MAX_TOKENS:
                yield document
            else:
                yield from (document[start : start + MAX_TOKENS] for start in range(0, len(document), MAX_TOKENS))
        check_passes(self._n_chunks, n_chunks)


def check_passes(first: int, later: int) -> None:
    """Raise ValueError if a later pass gave another number of documents, or chunks of them, than the first."""
    if first != later:
        raise ValueError(
            f"There were {first} documents (of up to {MAX_TOKENS} tokens) in the first pass and {later} in a later "
            "one. Pass X and extra_documents as iterables that can be read again from the beginning, or as lists."
        )
