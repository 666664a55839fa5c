"""When the space is fitted anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from cxtext.domain import Case, Facts
from cxtext.embedding.lexicon_import import import_lexicon
from cxtext.errors import ConfigurationError
from cxtext.recipe import Part, Recipe, load_recipe
from cxtext.resources import OVERRIDE
from cxtext.topics.memory import Memory
from cxtext.topics.space import CATEGORIES, Kept, encode, outgrown, refit_space, signature


def cases(count: int) -> list[Case]:
    about = {"Rechnung": "Abbuchung Betrag Konto", "Paket": "Lieferung Bote Karton"}
    told = []
    for number in range(count):
        category = sorted(about)[number % 2]
        words = about[category].split()
        text = f"{category} {words[number % 3]} {words[number // 3 % 3]} Nummer{number} falsch"
        told.append(Case(id=str(number), source="t", text=text, language="de", facts=Facts(given_category=category)))
    return told


def recipe_with(**options: object) -> Recipe:
    return replace(load_recipe("fast"), topics=Part("leiden", options))


def test_a_larger_vocabulary_is_another_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = load_recipe("fast")
    memory = refit_space(Memory(recipe=""), recipe, cases(30))
    assert not outgrown(memory, recipe, 1)
    own = tmp_path / "models"
    own.mkdir()
    dictionary = tmp_path / "words.tsv"
    dictionary.write_text("Nudelholz\trolling pin\n", encoding="utf-8")
    import_lexicon(dictionary, own)
    monkeypatch.setenv(OVERRIDE, str(own))
    assert outgrown(memory, recipe, 1)


def test_categories_have_a_say_where_the_recipe_gives_them_one() -> None:
    plain, told = recipe_with(), recipe_with(category_share=0.5)
    assert signature(plain) != signature(told)
    assert CATEGORIES not in refit_space(Memory(recipe=""), plain, cases(300)).space
    memory = refit_space(Memory(recipe=""), told, cases(300))
    assert CATEGORIES in memory.space
    again = Memory.from_bytes(memory.to_bytes())
    assert (encode(again, told, cases(3)) == encode(memory, told, cases(3))).all()


@pytest.mark.parametrize("share", ["half", -1, True, 3])
def test_a_share_that_is_none_is_said(share: object) -> None:
    with pytest.raises(ConfigurationError, match="category_share"):
        signature(recipe_with(category_share=share))


def test_what_was_read_once_serves_every_night_until_the_files_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe, kept = load_recipe("fast"), Kept()
    memory = refit_space(Memory(recipe=""), recipe, cases(30), kept)
    first = kept.meanings
    assert (encode(memory, recipe, cases(9), kept) == encode(memory, recipe, cases(9))).all()
    assert kept.meanings is first
    own = tmp_path / "models"
    own.mkdir()
    dictionary = tmp_path / "words.tsv"
    dictionary.write_text("Nudelholz\trolling pin\n", encoding="utf-8")
    import_lexicon(dictionary, own)
    monkeypatch.setenv(OVERRIDE, str(own))
    encode(memory, recipe, cases(9), kept)
    assert kept.meanings is not first
