"""Cutting texts in numpy gives what cutting them one by one would give."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cxtext.embedding.grams import character_grams, emphasis, spelled_words, words

TEXTS = st.lists(st.text(alphabet=st.sampled_from("abcäßÜ '’.-1 \n\t☃"), max_size=30), min_size=1, max_size=6)


def plain_grams(text, length=4):
    padded = [f" {word} " for word in text.lower().split()]
    return [word[at : at + length] for word in padded for at in range(len(word) - length + 1)]


@given(TEXTS)
def test_character_grams_are_those_of_a_plain_loop(texts):
    pieces = character_grams(texts, 4)
    names: dict[object, object] = {}
    for number, text in enumerate(texts):
        found = pieces.keys[pieces.texts == number].tolist()
        expected = plain_grams(text)
        assert len(found) == len(expected)
        assert all(names.setdefault(key, gram) == gram for key, gram in zip(found, expected, strict=True))
    assert len(set(names.values())) == len(names)


@given(TEXTS)
def test_words_are_letters_and_digits_and_inner_apostrophes(texts):
    pieces, spelling = spelled_words(texts)
    for number, text in enumerate(texts):
        found = Counter(spelling[key] for key in pieces.keys[pieces.texts == number].tolist())
        assert found == Counter(re.findall(r"[^\W_](?:['’]?[^\W_])*", text))


def test_a_word_has_one_key_whatever_its_case_and_place():
    pieces = words(["Rechnung fehlt", "die RECHNUNG"])
    assert pieces.keys[0] == pieces.keys[3]


def test_nothing_gives_nothing():
    assert len(words(["", " "]).keys) == len(character_grams([""], 4).keys) == 0


def test_rarity_counts_more_in_letters_than_in_sentences():
    assert emphasis(["", "kurz", "x" * 160, "x" * 320, "x" * 5000]).tolist() == [1, 1, 1, 2, 2]
