"""What a path or a name of nothing may have meant, and where vectors are to be had."""

import os
from collections.abc import Mapping
from difflib import get_close_matches

from ._packages import KNOWN

# Those of gensim-data, which cannot be asked without a network.
DATASETS = (
    *(f"glove-wiki-gigaword-{size}" for size in (50, 100, 200, 300)),
    *(f"glove-twitter-{size}" for size in (25, 50, 100, 200)),
    "word2vec-google-news-300",
    "word2vec-ruscorpora-300",
    "fasttext-wiki-news-subwords-300",
    "conceptnet-numberbatch-17-06-300",
)
HUB = (
    *(f"minishlab/potion-base-{size}" for size in ("2M", "4M", "8M", "32M")),
    "minishlab/potion-retrieval-32M",
    "minishlab/potion-multilingual-128M",
    "sentence-transformers/static-retrieval-mrl-en-v1",
    "sentence-transformers/static-similarity-mrl-multilingual-v1",
)
GLOVE = "GloVe is at https://nlp.stanford.edu/projects/glove/"
GOOGLE_NEWS = "GoogleNews is at https://code.google.com/archive/p/word2vec/"
FASTTEXT = "fastText is at https://fasttext.cc/docs/en/crawl-vectors.html"
# A part of a name → where such files are.
PLACES = {
    "glove": GLOVE,
    "google": GOOGLE_NEWS,
    "fasttext": FASTTEXT,
    "wiki.": FASTTEXT,
    "cc.": FASTTEXT,
    "crawl-": "fastText is at https://fasttext.cc/docs/en/english-vectors.html",
}
MAX_NAMES = 3
# Files of a folder that are compared, since difflib takes its time.
MAX_FILES = 2000


def suggested_files(path: str) -> str:
    """Return a sentence on files of alike names in the folder of a path, and on where such a file is to be had."""
    folder, name = os.path.split(path)
    try:
        names = sorted(os.listdir(folder or "."))[:MAX_FILES]
    except OSError:
        names = []
    return _did_you_mean(name, {other.lower(): other for other in names}) + "".join(_places(name)[:1])


def suggested_names(name: str) -> str:
    """Return a sentence on known names that are alike."""
    names = [*KNOWN, *DATASETS, *HUB]
    return _did_you_mean(name, {key.lower(): other for other in names for key in (other, other.rpartition("/")[2])})


def suggested_offline(name: str) -> str:
    """Return sentences on known names that are alike, and on where files are that need no name."""
    places = _places(name)[:1] or [f" {GLOVE}.", f" {GOOGLE_NEWS}.", f" {FASTTEXT}."]
    return suggested_names(name) + "".join(places)


def _places(name: str) -> list[str]:
    return [f" {place}." for part, place in PLACES.items() if part in name.lower()]


def _did_you_mean(name: str, names: Mapping[str, str]) -> str:
    """Suggest those of the names, by themselves in lower case, that are like a name; nothing if it is one of them."""
    close = dict.fromkeys(names[key] for key in get_close_matches(name.lower(), names, MAX_NAMES, 0.75))
    return f" Did you mean {' or '.join(map(repr, close))}?" if close and name not in close else ""
