"""Spellings: what is stripped, what many words share, and which one is best."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v.text._chinese import SIMPLIFIED, TO_SIMPLIFIED, TO_TRADITIONAL, TRADITIONAL
from sk_w2v.text._spelling import is_word, shared_prefixes, shared_suffixes, strip_marks, strip_punctuation

TEXT = st.text(st.characters() | st.sampled_from("aé.,«»_'\u0301ิ1"))


@given(TEXT)
def test_a_word_has_a_letter_or_a_digit(text):
    assert is_word(text) == any(character.isalnum() for character in text)


@given(TEXT)
def test_punctuation_is_stripped_from_the_ends_alone(text):
    stripped = strip_punctuation(text)
    assert stripped in text
    assert strip_punctuation(stripped) == stripped
    assert stripped.isalnum() or not text.isalnum()


@pytest.mark.parametrize(
    ("text", "stripped"),
    [("«tea»", "tea"), ("_tea_", "tea"), ("don't!", "don't"), ("cafe\u0301.", "cafe\u0301"), ("ดี", "ดี"), ("…", "")],
)
def test_marks_belong_to_what_they_stand_on(text, stripped):
    assert strip_punctuation(text) == stripped


@given(TEXT)
def test_stripping_marks_twice_is_stripping_them_once(text):
    assert strip_marks(strip_marks(text)) == strip_marks(text)
    assert strip_marks(normalize("NFD", text)) == strip_marks(normalize("NFC", text))


def test_what_words_share_ends_or_begins_beside_a_letter_or_a_digit():
    assert shared_prefixes(["/c/en/cat", "/c/en/dog", "/c/de/hund", "tea"]) == ["/", "/c/", "/c/en/", "/c/de/"]
    assert shared_suffixes(["cat_NOUN", "dog_NOUN", "see_VERB", "tea"]) == ["_NOUN", "_VERB"]
    assert shared_suffixes(["see.v.01", "is.v.01"]) == [".v.01", ".01"]
    assert shared_prefixes(["tea", "tee", "_", "a_", ""]) == shared_suffixes(["tea", "tee", "_", "_a", ""]) == []


def test_what_few_words_share_is_left_out():
    words = [f"word{number}" for number in range(1000)]
    assert shared_prefixes([*words, "en:cat"]) == []
    assert shared_prefixes([*words, *["en:cat"] * 11]) == ["en:"]


def test_simplified_and_traditional_characters_are_pairs():
    assert len(set(SIMPLIFIED)) == len(set(TRADITIONAL)) == len(SIMPLIFIED) == len(TRADITIONAL)
    assert not set(SIMPLIFIED) & set(TRADITIONAL)
    assert TRADITIONAL.translate(TO_SIMPLIFIED) == SIMPLIFIED
    assert SIMPLIFIED.translate(TO_TRADITIONAL) == TRADITIONAL
    text = "这个国家的学生们说：我们没有时间看电影。"
    assert "這個國家的學生們說：我們沒有時間看電影。".translate(TO_SIMPLIFIED) == text
    assert text.translate(TO_TRADITIONAL) == "這個國家的學生們說：我們沒有時間看電影。"
