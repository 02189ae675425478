"""Files of other kinds, told from their first bytes, and what to do with each."""

import re

from ._safetensors import is_safetensors

_KINDS = {
    b"\x93NUMPY": "it is a NumPy array, which has no words. Give words and the array to PretrainedVectors.from_arrays",
    b"PAR1": "it is a Parquet table. Give its words and vectors to PretrainedVectors.from_arrays",
    b"\x89HDF": "it is an HDF5 file. Give its words and vectors to PretrainedVectors.from_arrays",
    b"\xff\xfe": "it is text in UTF-16. Convert it to UTF-8",
    b"\xfe\xff": "it is text in UTF-16. Convert it to UTF-8",
    b"version https://git-lfs": "it is a pointer of Git LFS, not the file itself. Fetch the file with: git lfs pull",
    b"<!DOCTYPE": "it is a web page. Download the file that the page is about",
    b"<html": "it is a web page. Download the file that the page is about",
}
_TAR, _TAR_PLACE = b"ustar", 257
_SPARSE = re.compile(rb"(\d+\s+\d+\s*\n)?\S+[ \t]\d+:-?\d[^\n]*")


def check_kind(head: bytes, size: int) -> None:
    """Raise ValueError if the first bytes of a file are those of a kind that is no file of word vectors.

    Parameters
    ----------
    head : bytes
        The first bytes.
    size : int
        How many bytes the file has, or at least so many.
    """
    for start, what in _KINDS.items():
        if head.startswith(start):
            raise ValueError(what)
    if head[_TAR_PLACE:].startswith(_TAR):
        raise ValueError("it is a tar archive. Unpack it, and give the path of a file of word vectors in it")
    if is_safetensors(head, size):
        raise ValueError("it is safetensors without a tokenizer.json beside it. Give the folder of a static model")
    if _SPARSE.match(head):
        raise ValueError("it is a table of sparse vectors, which have no length in common")
