"""What a word is, said once more, slower and plainer: one character after the other, as the Unicode database has it."""

from functools import cache
from unicodedata import category

from sk_w2v.text._analyzer import SYLLABIC


@cache
def is_word_character(character):
    return character.isalnum() or character == "_"


@cache
def is_mark(character):
    return category(character) in ("Mn", "Mc", "Me")


@cache
def is_syllable(character):
    return category(character) in ("Lo", "Lu", "Ll", "Nl") and any(
        first <= ord(character) <= last for first, last in SYLLABIC
    )


def belongs(character, before):
    return (
        is_word_character(character)
        or is_mark(character)
        or (character in ("\u200c", "\u200d") and bool(before) and is_mark(before[-1]))
    )


def runs(text):
    run = ""
    for character in text:
        if belongs(character, run) and (run or is_word_character(character)):
            run += character
        else:
            yield run
            run = ""
    yield run


def is_word(run):
    n_characters = sum(map(is_word_character, run))
    return n_characters >= 2 or (n_characters == 1 and is_syllable(run[0]))


def words(text, lowercase=True):
    return [run for run in runs(text.lower() if lowercase else text) if is_word(run)]
