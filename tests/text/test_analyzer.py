"""What a word is: by the patterns in Python, by the C code, and by the plain definition."""

import re
import sys
import unicodedata

import numpy as np
import plain
import pytest
from hypothesis import given, settings
from kinds import TEXTS, each_kind, split
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v.text import _analyzer
from sk_w2v.text._analyzer import MARK, SYLLABLE, build_analyzer, character_kinds, characters

ALL = [chr(point) for point in range(sys.maxunicode + 1)]
ASSIGNED = [character for character in ALL if unicodedata.category(character) not in ("Cn", "Co")]
scikit_learn = CountVectorizer().build_analyzer()
each_case = pytest.mark.parametrize("lowercase", [True, False])


def around(character):
    """A character alone, doubled, between letters, before and behind a mark, before and behind a joiner."""
    c = character
    return (
        f"{c} {c}{c} a{c}b {c}a a{c} 我{c} {c}我 Σ{c} A{c}Σ "
        f"{c}\u0301 a\u0301{c}b {c}\u094d\u200d{c} {c}\u200d a{c}\u200db"
    )


@pytest.fixture(scope="module", params=[True, False])
def defined(request):
    """Documents around each character, and their words."""
    documents = list(map(around, ASSIGNED))
    return request.param, documents, [plain.words(document, request.param) for document in documents]


@each_kind
def test_every_assigned_character_is_cut_as_defined(kind, defined):
    lowercase, documents, expected = defined
    found = split(kind, documents, lowercase)
    assert [number for number, words in enumerate(found) if words != expected[number]] == []


@each_kind
def test_text_without_marks_and_syllables_is_cut_as_by_scikit_learn(kind):
    kinds = character_kinds()
    documents = [
        f"{c} {c}{c} a{c}b {c}a a{c} x{c}{c}y A{c}B\u200d{c}-{c} Σ{c}"
        for c in ASSIGNED
        if not any(kinds[ord(lowered)] in (MARK, SYLLABLE) for lowered in c.lower())
    ]
    assert len(documents) > 10_000
    assert split(kind, documents) == list(map(scikit_learn, documents))


@each_kind
@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_mixed_text_is_cut_as_defined(kind, text):
    assert split(kind, [text, text]) == [plain.words(text)] * 2
    assert split(kind, [text], lowercase=False) == [plain.words(text, lowercase=False)]


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_mixed_text_without_marks_and_syllables_is_cut_as_by_scikit_learn(text):
    kinds = character_kinds()
    simple = "".join(c for c in text if not any(kinds[ord(lowered)] in (MARK, SYLLABLE) for lowered in c.lower()))
    assert build_analyzer()(simple) == scikit_learn(simple)


@each_kind
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我 不 喜欢 这 部 电影。", ["我", "不", "喜欢", "这", "部", "电影"]),
        ("यह फिल्म बहुत अच्छी है, न?", ["यह", "फिल्म", "बहुत", "अच्छी", "है", "न"]),
        ("कि", ["कि"]),
        ("หนัง ที่ ดี", ["หนัง", "ที่", "ดี"]),
        ("مُحَمَّد و كتاب", ["مُحَمَّد", "كتاب"]),
        ("café cafe\u0301 e\u0301 é", ["café", "cafe\u0301"]),
        ("N\u0303A\u0303", ["n\u0303a\u0303"]),
        ("a b c 1 _ א و я", []),
        ("ー 々 ㅋ ㄱ ㄅ \u1112", []),
        ("\u1112\u1161\u11ab 한", ["\u1112\u1161\u11ab", "한"]),
        ("カ か ｶ ㋿", ["カ", "か", "ｶ"]),
        ("ጤና ው Ꭳ ᐅ ꀀ", ["ጤና", "ው", "ꭳ", "ᐅ", "ꀀ"]),
        ("\u0301ab \u0301 -\u0301c", ["ab"]),
        ("क\u094d\u200dष क\u094d\u200d क\u200dष ab\u200cd", ["क\u094d\u200dष", "क\u094d\u200d", "क", "ष", "ab"]),
        ("क\u094d\u200d\u200dष", ["क\u094d\u200d", "ष"]),
        ("क\u094d\u200d\u0901ष", ["क\u094d\u200d\u0901ष"]),
        ("ΟΔΥΣΣΕΥΣ ΣΣ Σ", ["οδυσσευς", "σς"]),
        ("İstanbul DİYARBAKIR", ["i\u0307stanbul", "di\u0307yarbakir"]),
        ("❤\ufe0f 1\ufe0f\u20e3 ok\ufe0f", ["ok\ufe0f"]),
        ("x\ud800yz\udfffab", ["yz", "ab"]),
        ("naïve\u00a0Straße", ["naïve", "straße"]),
        ("", []),
    ],
)
def test_words_of_many_languages(kind, text, words):
    assert split(kind, [text]) == [words]
    assert build_analyzer()(text) == words


@each_kind
def test_composed_and_decomposed_text_is_cut_alike(kind):
    text = "Été à l'école, ça dépend. Ñandú. हिन्दी क़लम. がく が. 한국어 나 는"
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    (first,), (second,) = split(kind, [composed]), split(kind, [decomposed])
    assert first == [unicodedata.normalize("NFC", word) for word in second]


ALPHABETS = re.compile(
    "LATIN|GREEK|CYRILLIC|ARMENIAN|HEBREW|ARABIC|SYRIAC|THAANA|NKO|GEORGIAN|OGHAM|RUNIC|MONGOLIAN|TIFINAGH|COPTIC|"
    "GOTHIC|BOPOMOFO|DESERET|LISU|OLD |GLAGOLITIC|ADLAM|WARANG|MODIFIER|HALFWIDTH HANGUL|HANGUL [^S]|SAMARITAN|MANDAIC"
)
SYLLABARIES = re.compile(
    "CJK|HIRAGANA|KATAKANA|HANGUL S|DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|SINHALA|"
    "THAI|LAO|TIBETAN|MYANMAR|KHMER|ETHIOPIC|CHEROKEE|YI|VAI|CANADIAN|JAVANESE|BALINESE|TANGUT|CUNEIFORM|EGYPTIAN"
)


def test_the_table_of_scripts_has_no_alphabet_and_every_syllabary():
    kinds = character_kinds()
    for character in filter(str.isalpha, ASSIGNED):
        name = unicodedata.name(character, "")
        if ALPHABETS.match(name):
            assert kinds[ord(character)] != SYLLABLE, name
        elif SYLLABARIES.match(name) and unicodedata.category(character) != "Lm":
            assert kinds[ord(character)] == SYLLABLE, name


def test_planes_that_are_not_searched_have_neither_letters_nor_marks():
    kinds = character_kinds()
    for point, character in enumerate(ALL):
        assert bool(kinds[point] & _analyzer.WORD_CHARACTER) == plain.is_word_character(character)
        assert (kinds[point] == MARK) == plain.is_mark(character)


def test_lowering_by_the_tables_is_that_of_python():
    tables = characters()
    lowered, apart = np.frombuffer(tables.lowered, np.int32), tables.apart.decode()
    assert set(apart) == {"Σ", *(character for character in ALL if len(character.lower()) != 1)}
    for point, character in enumerate(ALL):
        if character not in apart:
            assert character.lower() == chr(lowered[point] if point < len(lowered) else point)


def test_lowering_makes_a_character_at_most_half_as_long_again():
    sizes = [len(character.encode("utf-8", "surrogatepass")) for character in ALL]
    lowered = np.frombuffer(characters().lowered, np.int32).tolist()
    assert all(2 * sizes[low] <= 3 * sizes[point] for point, low in enumerate(lowered))
    assert all(low < 0x80 for low in lowered[:0x80])


@each_case
def test_a_subclass_of_str_is_the_characters_that_it_holds(lowercase):
    class Shouting(str):
        def lower(self):
            return "NOT THIS"

        def isascii(self):
            return False

    analyze = build_analyzer(lowercase)
    assert analyze(Shouting("some Tea")) == analyze("some Tea")
    with pytest.raises(TypeError):
        analyze(b"tea")
