"""How much of the documents a source covers, and what the errors and warnings advise."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.text._coverage import MISSING_KEPT, MISSING_TRIED, coverage_of
from sk_w2v.text._vocabulary import count_words

from helpers import NOTHING_HELPS, SPLIT_IT, estimator, source_of, whole

TOKEN_LISTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1)
DOCUMENTS = [["the", "pot", "of", "tea"], [], ["tea", "tea", "or", "the", "cup"]]


@pytest.mark.parametrize("output", ["tuned", "pretrained"])
@pytest.mark.parametrize("min_count", [1, 5])
def test_coverage_is_the_share_of_tokens_and_of_words_with_a_pretrained_vector(tokens, glove, output, min_count):
    fitted = PretrainedWord2VecTransformer(
        PretrainedVectors.from_arrays(*glove), output=output, epochs=1, min_count=min_count
    ).fit(tokens)
    known, n_known, n_tokens = set(glove[0]), 0, 0
    words, known_words = set(), set()
    for document in tokens:
        for token in document:
            n_tokens += 1
            words.add(token)
            if token in known:
                n_known += 1
                known_words.add(token)
    assert fitted.coverage_ == {"tokens": n_known / n_tokens, "words": len(known_words) / len(words)}
    assert 0.5 < fitted.coverage_["words"] < fitted.coverage_["tokens"] < 1


def test_coverage_is_of_the_words_in_the_vocabulary_where_one_is_given():
    coverage = estimator(vocabulary=["tea", "the", "lid", "new"]).fit(DOCUMENTS).coverage_
    assert coverage == {"tokens": 3 / 5, "words": 1 / 2}


def test_coverage_without_a_source_is_none():
    assert estimator(None).fit(DOCUMENTS).coverage_ == {"tokens": 0, "words": 0}


@settings(deadline=None)
@given(TOKEN_LISTS.filter(any), st.sets(st.sampled_from("abcxyz")))
def test_what_is_not_covered_is_missing_and_the_most_frequent_come_first(documents, known):
    shares, missing, *_ = coverage_of(count_words(documents), known)
    counts = Counter(token for document in documents for token in document)
    n_missing = sum(count for word, count in counts.items() if word not in known)
    assert dict(missing) == {word: count for word, count in counts.items() if word not in known}
    assert [count for _, count in missing] == sorted(dict(missing).values(), reverse=True)
    assert shares["tokens"] == (counts.total() - n_missing) / counts.total()
    assert shares["words"] == (len(counts) - len(missing)) / len(counts)


def test_so_many_missing_words_are_remembered_and_no_more():
    words = [f"word{number}" for number in range(MISSING_KEPT + 5)]
    missing = coverage_of(count_words([words, words[-7:]]), []).missing
    assert len(missing) == MISSING_KEPT
    assert missing[:7] == [(word, 2) for word in words[-7:]]


def test_punctuation_is_not_covered_nor_missing():
    documents = [["tea", ",", ".", "?!", "—", "。", "«", "coffee", "'s", "4"], ["."]]
    coverage = estimator(source_of("tea", ".", ",")).fit(documents).coverage_
    assert coverage == {"tokens": 1 / 4, "words": 1 / 4}


def test_where_there_is_nothing_but_punctuation_it_counts():
    assert estimator(source_of("🙂", "!")).fit([["🙂", "🙂", "?"]]).coverage_ == {"tokens": 2 / 3, "words": 1 / 2}


LOWERCASE = "set lowercase=True for strings, or lowercase the tokens."
KEEP_CASE = "keep the case of the documents, by lowercase=False or in the tokens."
CHANGE_TOKENS = "have the analyzer do so, or do so with the tokens."
CHANGE_TEXT = "do so with the documents."
ADD = "add it to the tokens, or take it from the source's words by PretrainedVectors.from_arrays."

# The source's words, a document none of whose words it has, and what is said of it.
HINTS = {
    "case": (
        ["tea", "cup"],
        ["Tea", "CUP", "zz"],
        "The documents have 'Tea' and 'CUP', the source has 'tea' and 'cup'. {2/3} of the tokens have a vector if "
        f"lowercased: {LOWERCASE}",
    ),
    "capitals": (
        ["Tee", "Tasse"],
        ["tee", "tasse"],
        "The documents have 'tee' and 'tasse', the source has 'Tee' and 'Tasse'. {1} of the tokens have a vector if "
        f"capitalised: {KEEP_CASE}",
    ),
    "upper case": (
        ["TEA", "CUP"],
        ["tea", "cup", "zz", "yy"],
        "The documents have 'tea' and 'cup', the source has 'TEA' and 'CUP'. {1/2} of the tokens have a vector if put "
        f"in upper case: {KEEP_CASE}",
    ),
    "punctuation": (
        ["tea", "cup"],
        ["tea,", "«cup»", "zz"],
        "The documents have 'tea,' and '«cup»', the source has 'tea' and 'cup'. {2/3} of the tokens have a vector if "
        f"stripped of punctuation: {CHANGE_TOKENS}",
    ),
    "case and punctuation": (
        ["tea", "cup", "pot"],
        ["Tea.", "cup!", "Pot"],
        "The documents have 'Tea.', 'cup!' and 'Pot', the source has 'tea', 'cup' and 'pot'. {1} of the tokens have a "
        f"vector if lowercased and stripped of punctuation: {CHANGE_TOKENS}",
    ),
    "pieces of sentences": (
        ["tea"],
        ["▁tea", "▁zz"],
        "The documents have '▁tea', the source has 'tea'. {1/2} of the tokens have a vector if stripped of "
        f"punctuation: {CHANGE_TOKENS}",
    ),
    "NFD": (
        ["caf\u00e9"],
        ["cafe\u0301"],
        "The documents have 'cafe\u0301', the source has 'caf\u00e9'. {1} of the tokens have a vector if "
        "composed (NFC): apply unicodedata.normalize('NFC', text) to the documents.",
    ),
    "NFC": (
        ["cafe\u0301"],
        ["caf\u00e9"],
        "The documents have 'caf\u00e9', the source has 'cafe\u0301'. {1} of the tokens have a vector if "
        "decomposed (NFD): apply unicodedata.normalize('NFD', text) to the documents.",
    ),
    "wide letters": (
        ["tea"],
        ["ｔｅａ"],
        "The documents have 'ｔｅａ', the source has 'tea'. {1} of the tokens have a vector if put in compatible form "
        "(NFKC): apply unicodedata.normalize('NFKC', text) to the documents.",
    ),
    "accents": (
        ["cafe"],
        ["café"],
        "The documents have 'café', the source has 'cafe'. {1} of the tokens have a vector if stripped of accents and "
        f"other marks: {CHANGE_TOKENS}",
    ),
    "vowel signs": (
        ["كتب"],
        ["كَتَبَ"],
        "The documents have 'كَتَبَ', the source has 'كتب'. {1} of the tokens have a vector if stripped of accents and "
        f"other marks: {CHANGE_TOKENS}",
    ),
    "case and accents": (
        ["cafe", "the"],
        ["Café", "Thé"],
        "The documents have 'Café' and 'Thé', the source has 'cafe' and 'the'. {1} of the tokens have a vector if "
        f"lowercased and stripped of accents and other marks: {CHANGE_TOKENS}",
    ),
    "digits": (
        ["####", "tea"],
        ["1984", "2001", "zz"],
        "The documents have '1984' and '2001', the source has '####'. {2/3} of the tokens have a vector if written "
        f"with '#' for each digit: {CHANGE_TOKENS}",
    ),
    "zeros for digits": (
        ["0000", "tea"],
        ["1984", "2001", "zz"],
        "The documents have '1984' and '2001', the source has '0000'. {2/3} of the tokens have a vector if written "
        f"with '0' for each digit: {CHANGE_TOKENS}",
    ),
    "digits of other scripts": (
        ["2020", "1984"],
        ["٢٠٢٠", "१९८४", "zz"],
        "The documents have '٢٠٢٠' and '१९८४', the source has '2020' and '1984'. {2/3} of the tokens have a vector if "
        f"written with the digits 0 to 9: {CHANGE_TEXT}",
    ),
    "invisible characters": (
        ["coffee", "tea"],
        ["cof\u00adfee", "\ufefftea", "zz"],
        "The documents have 'cof\\xadfee' and '\\ufefftea', the source has 'coffee' and 'tea'. {2/3} of the tokens "
        f"have a vector if stripped of invisible characters: {CHANGE_TEXT}",
    ),
    "joiners": (
        ["میخواهم"],
        ["می\u200cخواهم", "zz"],
        "The documents have 'می\\u200cخواهم', the source has 'میخواهم'. {1/2} of the tokens have a vector if stripped "
        f"of invisible characters: {CHANGE_TEXT}",
    ),
    "stretched words": (
        ["كتاب"],
        ["كتـــاب"],
        "The documents have 'كتـــاب', the source has 'كتاب'. {1} of the tokens have a vector if stripped of accents "
        f"and other marks: {CHANGE_TOKENS}",
    ),
    "Arabic letters in Persian": (
        ["کتاب", "یک"],
        ["كتاب", "يك"],
        "The documents have 'كتاب' and 'يك', the source has 'کتاب' and 'یک'. {1} of the tokens have a vector if "
        f"written with Persian yeh and kaf: {CHANGE_TEXT}",
    ),
    "traditional characters": (
        ["国家", "学习", "里"],
        ["國家", "學習", "裡", "裏"],
        "The documents have '國家', '學習' and '裡', the source has '国家', '学习' and '里'. {1} of the tokens have a "
        "vector if written in simplified Chinese: convert the documents by a package such as OpenCC.",
    ),
    "simplified characters": (
        ["國家", "學習", "電影"],
        ["国家", "学习", "zz"],
        "The documents have '国家' and '学习', the source has '國家' and '學習'. {2/3} of the tokens have a vector if "
        "written in traditional Chinese: convert the documents by a package such as OpenCC.",
    ),
    "apostrophes": (
        ["don't", "м'який", "well-known"],
        ["don’t", "мʼякий", "well‑known"],
        "The documents have 'don’t', 'мʼякий' and 'well‑known', the source has \"don't\", \"м'який\" and 'well-known'. "
        f"{{1}} of the tokens have a vector if written with plain apostrophes and hyphens: {CHANGE_TEXT}",
    ),
    "hangul jamo": (
        ["한국어"],
        ["\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165"],
        "The documents have '\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165', the source has '한국어'. {1} of the "
        "tokens have a vector if composed (NFC): apply unicodedata.normalize('NFC', text) to the documents.",
    ),
    "kana of half width": (
        ["テレビ"],
        ["ﾃﾚﾋﾞ"],
        "The documents have 'ﾃﾚﾋﾞ', the source has 'テレビ'. {1} of the tokens have a vector if put in compatible form "
        "(NFKC): apply unicodedata.normalize('NFKC', text) to the documents.",
    ),
    "ligatures": (
        ["fine"],
        ["ﬁne"],
        "The documents have 'ﬁne', the source has 'fine'. {1} of the tokens have a vector if put in compatible form "
        "(NFKC): apply unicodedata.normalize('NFKC', text) to the documents.",
    ),
    "brackets and hashtags": (
        ["tea", "cup", "pot"],
        ["[tea]", "#cup", "@pot"],
        "The documents have '[tea]', '#cup' and '@pot', the source has 'tea', 'cup' and 'pot'. {1} of the tokens have "
        f"a vector if stripped of punctuation: {CHANGE_TOKENS}",
    ),
    "spaces at the ends": (
        ["tea", "cup"],
        ["tea ", " cup\n"],
        "The documents have 'tea ' and ' cup\\n', the source has 'tea' and 'cup'. {1} of the tokens have a vector if "
        f"stripped of punctuation: {CHANGE_TOKENS}",
    ),
    "dotted capital I": (
        ["istanbul"],
        ["İstanbul".lower()],
        "The documents have 'i\u0307stanbul', the source has 'istanbul'. {1} of the tokens have a vector if stripped "
        f"of accents and other marks: {CHANGE_TOKENS}",
    ),
    "underscores": (
        ["new", "york"],
        ["new_york", "zz"],
        "The documents have 'new_york', the source has 'new'. {1/2} of the tokens have a vector if split at "
        "underscores: replace '_' by ' ' in the documents.",
    ),
    "names in snake case": (
        ["get", "user", "name", "max", "size"],
        ["get_user_name", "max_size", "zz"],
        "The documents have 'get_user_name' and 'max_size', the source has 'get' and 'max'. {2/3} of the tokens have a "
        "vector if split at underscores: replace '_' by ' ' in the documents.",
    ),
    "names in camel case": (
        ["get", "user", "parser", "xml"],
        ["getUser", "XMLParser", "zz"],
        "The documents have 'getUser' and 'XMLParser', the source has 'get' and 'xml'. {2/3} of the tokens have a "
        f"vector if split at capitals and lowercased: {CHANGE_TOKENS}",
    ),
    "whole documents as tokens": (
        ["cup", "tea", "good"],
        ["A cup of tea, please", "Good tea, really"],
        "The documents have 'A cup of tea, please' and 'Good tea, really', the source has 'cup' and 'good'. {1} of the "
        "tokens have a vector if split into words: pass strings with analyzer='word', or split the tokens so.",
    ),
    "markup": (
        ["tea", "cup"],
        ["<b>tea</b>", "cup<br"],
        "The documents have '<b>tea</b>' and 'cup<br', the source has 'tea' and 'cup'. {1} of the tokens have a vector "
        "if split into words: pass strings with analyzer='word', or split the tokens so.",
    ),
    "words joined by hyphens": (
        ["long", "term"],
        ["long-term", "zz"],
        "The documents have 'long-term', the source has 'long'. {1/2} of the tokens have a vector if split into words: "
        "pass strings with analyzer='word', or split the tokens so.",
    ),
    "phrases": (
        ["new_york"],
        ["new york"],
        "The documents have 'new york', the source has 'new_york'. {1} of the tokens have a vector if written with '_' "
        f"for each space: {CHANGE_TOKENS}",
    ),
    "prefix": (
        ["/c/de/hund", "/c/en/cat", "/c/en/dog", "/c/de/cat"],
        ["cat", "dog", "zz"],
        "The documents have 'cat' and 'dog', the source has '/c/en/cat' and '/c/en/dog'. {2/3} of the tokens have a "
        f"vector if given the prefix '/c/en/': {ADD}",
    ),
    "space": (
        ["Ġcat", "Ġdog"],
        ["cat", "dog"],
        "The documents have 'cat' and 'dog', the source has 'Ġcat' and 'Ġdog'. {1} of the tokens have a vector if "
        f"given the prefix 'Ġ': {ADD}",
    ),
    "suffixes": (
        ["cat_NOUN", "see_VERB", "dog_NOUN"],
        ["see", "cat", "zz"],
        "The documents have 'see' and 'cat', the source has 'see_VERB' and 'cat_NOUN'. {2/3} of the tokens have a "
        f"vector if given a suffix such as '_NOUN': {ADD}",
    ),
    "prefix of the tokens": (
        ["cat", "dog"],
        ["en:cat", "en:dog", "de:hund"],
        "The documents have 'en:cat' and 'en:dog', the source has 'cat' and 'dog'. {2/3} of the tokens have a vector "
        f"if stripped of the prefix 'en:': {CHANGE_TOKENS}",
    ),
    "suffixes of the tokens": (
        ["cat", "see"],
        ["cat|NN", "see|VB", "zz|NN"],
        "The documents have 'cat|NN' and 'see|VB', the source has 'cat' and 'see'. {2/3} of the tokens have a vector "
        f"if stripped of a suffix such as '|NN': {CHANGE_TOKENS}",
    ),
    "language": (
        ["tea", ".", "cup", "of", "the"],
        ["tee", "tasse", "tee", "Kanne", "voll"],
        f"The documents have 'tee', 'tasse' and 'Kanne', the source has 'tea', 'cup' and 'of'. {NOTHING_HELPS}",
    ),
    "no spaces": (
        ["我", "喜欢", "电影"],
        ["我不喜欢这部电影", "这部电影很好看"],
        "The text has no spaces between words, and phrases such as '我不喜欢这部电影' and '这部电影很好看' are taken "
        f"for words, where the source has '我', '喜欢' and '电影'. {SPLIT_IT}",
    ),
}


def filled(hint, share):
    """The hint, with the share of the tokens that it names worked out."""
    for fraction, value in {"{1}": 1, "{1/2}": 1 / 2, "{2/3}": 2 / 3}.items():
        hint = hint.replace(fraction, f"{share(value):.1%}")
    return hint


@pytest.mark.parametrize("kind", HINTS)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_no_coverage_is_an_error_that_shows_words_and_says_what_helps(method, output, kind):
    words, document, hint = HINTS[kind]
    source = source_of(*words)
    message = f"No word of the documents has a vector in {source}. {filled(hint, float)}"
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(source, output=output), method)([document])


@pytest.mark.parametrize("kind", HINTS)
@pytest.mark.parametrize("n_known", [1, 2])
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_low_coverage_is_one_warning_that_shows_words_and_says_what_helps(method, kind, n_known):
    words, document, hint = HINTS[kind]
    source = source_of(*words, "known")
    n_tokens = 20 * len(document) + n_known
    hint = filled(hint, lambda share: (20 * len(document) * share + n_known) / n_tokens)
    message = (
        f"Only {n_known / n_tokens:.1%} of the documents' word tokens have a vector in {source}; the others have "
        f"nothing to start from. {hint}"
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        getattr(estimator(source), method)([[*document * 20, *["known"] * n_known]])
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize("kind", [kind for kind in HINTS if kind != "language"])
def test_what_helps_is_said_whatever_the_coverage_is(kind):
    words, document, hint = HINTS[kind]
    n_known = 4 * len(document)
    source = source_of(*words, "known")
    hint = filled(hint, lambda share: (4 + share) / 5)
    message = (
        f"Only 80.0% of the documents' word tokens have a vector in {source}; the others have nothing to start from. "
        f"{hint}"
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        estimator(source).fit([[*document, *["known"] * n_known, *[",", "—"] * 5]])
    assert len(record) == 1


def test_title_case_is_told_though_punctuation_is_known(glove):
    """Punctuation used to lift such documents over the tenth."""
    source = PretrainedVectors.from_arrays(*glove)
    documents = [f"{sentence} .".title().split() for sentence in ["the film was good , but too long"] * 3]
    message = (
        f"Only 0.0% of the documents' word tokens have a vector in {source}; the others have nothing to start from. "
        "The documents have 'The', 'Film' and 'Was', the source has 'the', 'film' and 'was'. 100.0% of the tokens have "
        f"a vector if lowercased: {LOWERCASE}"
    )
    with pytest.warns(UserWarning, match=whole(message)):
        estimator(source).fit(documents)


def test_one_word_in_ten_that_is_known_otherwise_is_told_and_one_in_eleven_is_not():
    with pytest.warns(
        UserWarning, match=r"^Only 90\.0% .* 100\.0% of the tokens have a vector if lowercased: "
    ) as record:
        estimator().fit([["tea"] * 9 + ["Tea"]])
    assert len(record) == 1
    estimator().fit([["tea"] * 10 + ["Tea"]])


def test_lowercased_tokens_with_a_cased_source_are_told():
    source = source_of("I", "like", "London", "Paris", "tea")
    with pytest.warns(UserWarning, match="if capitalised: keep the case of the documents, by lowercase=False"):
        estimator(source).fit([["i", "like", "london", "tea"], ["i", "like", "paris"]])


def test_a_tenth_is_covered_well_enough_where_nothing_helps():
    assert estimator().fit([["tea"], ["coffee"] * 9]).coverage_["tokens"] == 0.1


def test_a_source_of_another_language_that_knows_many_words_is_no_warning():
    """German has many words that English GloVe knows; there is nothing to be done."""
    assert estimator(source_of("in", "die", "tea")).fit([["in", "die", "die", "stadt"]]).coverage_["tokens"] == 0.75


def test_the_simplest_of_spellings_that_help_alike_is_named():
    with pytest.warns(UserWarning, match="have a vector if lowercased: "):
        estimator().fit([["Tea"] * 150 + ["Cup."] + ["pot"] * 50])


@pytest.mark.parametrize(("n_joined", "how"), [(0, "lowercased: "), (11, "lowercased: "), (13, "split into words: ")])
def test_words_are_cut_only_where_that_brings_twice_as_much_as_to_spell_them_otherwise(n_joined, how):
    documents = [["tea"] * 70 + ["Tea"] * 12 + ["cup-pot"] * n_joined]
    with pytest.warns(UserWarning, match=f"of the tokens have a vector if {how}"):
        estimator().fit(documents)


class Counted(PretrainedVectors):
    n_asked = 0

    def _known(self, words):
        Counted.n_asked += 1
        return super()._known(words)


@pytest.mark.parametrize(("n_missing", "n_asked"), [(0, 0), (1, 0), (2, 1)])
def test_spellings_are_tried_in_one_question_and_only_where_they_can_bring_much(n_missing, n_asked):
    Counted.n_asked = 0
    source = Counted.from_arrays(["tea", "cup"], np.eye(2))
    estimator(source).fit([["tea", "cup"] * 6, ["zz"] * n_missing])
    assert Counted.n_asked == n_asked


def test_the_share_is_that_of_all_words_though_few_are_tried():
    words = [f"word{number}" for number in range(3 * MISSING_TRIED)]
    documents = [["Tea"] * 5, [word.upper() for word in words[:-100]], [f"x{number}" for number in range(95)]]
    n_tokens = sum(map(len, documents))
    with pytest.raises(
        ValueError, match=f" {(n_tokens - 95) / n_tokens:.1%} of the tokens have a vector if lowercased: "
    ):
        estimator(source_of_numbers(["tea", *words])).fit(documents)


def source_of_numbers(words):
    return PretrainedVectors.from_arrays(words, np.arange(len(words))[:, np.newaxis])


def test_long_words_are_cut_where_they_are_shown():
    with pytest.raises(ValueError, match=f"The documents have '{'x' * 29}…', the source has 'tea', 'cup' and 'pot'"):
        estimator().fit([["x" * 1000]])


def test_tokens_that_are_too_long_for_words_are_not_spelt_otherwise(monkeypatch):
    asked = []
    monkeypatch.setattr("sk_w2v.text._coverage.best_spelling", lambda missing, *_: asked.append(missing))
    with pytest.raises(ValueError, match=r"Nothing that was tried helps"):
        estimator().fit([["x" * 201], ["tee" + "\u0300\u0316" * 5000]])
    assert not asked


def test_an_error_of_coverage_names_the_file(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("tea 1 0\ncup 0 1\n")
    message = (
        "No word of the documents has a vector in <PretrainedVectors: 2 words × 2 numbers, lowercased, text file "
        f"{str(path)!r}>. The documents have 'tee' and 'tasse', "
        f"the source has 'tea' and 'cup'. {NOTHING_HELPS}"
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(path).fit(["Tee", "Tasse"])
