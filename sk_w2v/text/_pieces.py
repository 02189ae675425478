"""The pieces into which the tokenizer of a language model splits words."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .._checks import check_maps, check_rows, import_extra

# Words that are split at once: the rows that are gathered stay in the cache.
WORDS_AT_ONCE = 512

Rows = NDArray[np.float32]
Flags = NDArray[np.bool_]
Ids = NDArray[np.int64]


class Pieces:
    """The table of pieces of a static model, and the tokenizer that splits words into them.

    Parameters
    ----------
    table : ndarray of shape (n_rows, vector_size), dtype float
        Vectors of pieces.
    tokenizer : str
        The tokenizer, as JSON that the package ``tokenizers`` reads.
    mapping : ndarray of shape (n_pieces,), dtype int, or None, default=None
        Piece → row of the table. None: each piece has its own row.
    weights : ndarray of shape (n_pieces,), dtype float, or None, default=None
        What the row of each piece is multiplied by.
    """

    def __init__(
        self,
        table: NDArray[Any],
        tokenizer: str,
        mapping: NDArray[Any] | None = None,
        weights: NDArray[Any] | None = None,
    ) -> None:
        self.table, self.tokenizer, self.mapping, self.weights = table, tokenizer, mapping, weights
        self._made: tuple[Any, int | None] | None = None

    @property
    def n_rows(self) -> int:
        return len(self.table)

    @property
    def vector_size(self) -> int:
        return int(self.table.shape[1])

    def has(self, word: object) -> bool:
        return isinstance(word, str) and len(self._split([word])[0]) > 0

    def vectors(self, words: Sequence[str]) -> tuple[Flags, Rows]:
        """Return the mean of the rows of each word's pieces. Pieces that the tokenizer does not know are left out."""
        has_vector = np.zeros(len(words), np.bool_)
        rows = [np.empty((0, self.vector_size), np.float32)]
        for start in range(0, len(words), WORDS_AT_ONCE):
            ids, numbers = self._split(words[start : start + WORDS_AT_ONCE])
            found, starts, n_pieces = np.unique(numbers, return_index=True, return_counts=True)
            if len(found):
                has_vector[start + found] = True
                total = _totals(self.rows_of(ids), starts)
                rows.append(np.asarray(total / n_pieces[:, np.newaxis], np.float32))
        of_word = np.flatnonzero(has_vector)
        return has_vector, check_rows(np.concatenate(rows), lambda row: words[of_word[row]])

    def rows_of(self, ids: Ids) -> Rows:
        """Return the rows of pieces, as the model weighs them: shape (len(ids), vector_size), dtype float32."""
        check_maps([self.table, self.mapping, self.weights])
        rows = self.table[ids if self.mapping is None else self.mapping[ids]].astype(np.float32)
        return rows if self.weights is None else rows * self.weights[ids, np.newaxis].astype(np.float32)

    def words(self) -> tuple[list[str], Ids]:
        """Return the words that are one piece, in the order of the pieces, and which piece each is."""
        tokenizer, _ = self._tokenizer()
        special = {id_ for id_, token in tokenizer.get_added_tokens_decoder().items() if token.special}
        ids = sorted(set(tokenizer.get_vocab().values()) - special)
        spelt = tokenizer.decode_batch([[id_] for id_ in ids], skip_special_tokens=False)
        candidates = [word.strip().lstrip("▁Ġ") for word in spelt]
        found, numbers = self._split(candidates)
        is_only = np.bincount(numbers, minlength=len(ids))[numbers] == 1
        is_itself = is_only & (found == np.array(ids, np.int64)[numbers])
        return [candidates[number] for number in numbers[is_itself].tolist()], found[is_itself]

    def n_pieces(self) -> int:
        """Return how many pieces the tokenizer numbers."""
        return max(self._tokenizer()[0].get_vocab().values(), default=-1) + 1

    def to_plain(self) -> tuple[Any, ...]:
        return "pieces", self.table, self.tokenizer, self.mapping, self.weights

    def _split(self, words: Sequence[str]) -> tuple[Ids, Ids]:
        """Return the pieces of words, one word's after another's, and the number of each one's word."""
        tokenizer, unknown = self._tokenizer()
        ids, numbers = _encoded(tokenizer, words)
        return (ids, numbers) if unknown is None else (ids[ids != unknown], numbers[ids != unknown])

    def _tokenizer(self) -> tuple[Any, int | None]:
        """Return the tokenizer, made when it is first needed, and the piece that stands for unknown ones."""
        if self._made is None:
            tokenizer = import_extra("tokenizers", "static", "A static model").Tokenizer.from_str(self.tokenizer)
            tokenizer.no_truncation()
            tokenizer.no_padding()
            model = json.loads(self.tokenizer)["model"]
            token = model.get("unk_token")
            self._made = tokenizer, model.get("unk_id") if token is None else tokenizer.token_to_id(token)
        return self._made


def _encoded(tokenizer: Any, words: Sequence[str]) -> tuple[Ids, Ids]:
    """Encode words. Those that the tokenizer refuses have no pieces: it may have none for unknown characters."""
    try:
        encoding = tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
    except (TypeError, UnicodeError):  # of lone surrogates
        return _encoded(tokenizer, [word.encode("utf-8", "replace").decode() for word in words])
    except Exception:  # tokenizers raises no other kind
        if len(words) == 1:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        each = [_encoded(tokenizer, [word])[0] for word in words]
        return np.concatenate(each), np.repeat(np.arange(len(words)), list(map(len, each)))
    return np.array(encoding.ids, np.int64), np.array(encoding.word_ids, np.int64)


def _totals(rows: Rows, starts: Ids) -> Rows:
    """Add up the rows from each start to the next. NumPy's ``add.reduceat`` takes three to six times as long."""
    ends = np.append(starts, len(rows))
    ones = np.ones(len(rows), np.float32)
    total: Rows = sp.csr_array((ones, np.arange(len(rows)), ends), shape=(len(starts), len(rows))) @ rows
    return total
