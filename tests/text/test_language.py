from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError
from cxtext.text.clean import clean
from cxtext.text.language import identify, known_languages, load_language
from cxtext.text.redact import Redactor

LANGUAGES = ("de", "en", "fr")
EXAMPLES = [(code, example) for code in known_languages() for example in load_language(code).examples]


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_examples_of_a_language_file_hold(code: str, example: dict[str, object]) -> None:
    if "language" in example:
        assert identify(str(example["language"]), LANGUAGES)[0] == code
    if "mail" in example:
        assert clean(str(example["mail"])).text == example["kept"]
    if "private" in example:
        masked = Redactor().redact(str(example["private"]), code).text
        assert not any(word in masked for word in example["hidden"])  # type: ignore[attr-defined]
        assert all(word in masked for word in example["shown"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_examples_of_each_kind(code: str) -> None:
    kinds = {key for example in load_language(code).examples for key in example}
    assert {"language", "mail", "private"} <= kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mi pedido no ha llegado todavía y nadie contesta", "es"),
        ("Il mio pacco non è ancora arrivato, nessuno risponde", "it"),
        ("12345", "und"),
        ("", "und"),
        ("das ist nicht gut", "de"),
    ],
)
def test_foreign_texts_are_noticed_and_empty_ones_are_undetermined(text: str, expected: str) -> None:
    assert identify(text, ("de", "en"))[0] == expected


def test_a_short_text_takes_the_language_of_its_source() -> None:
    assert identify("Router defekt", ("de", "en"), hint="en")[0] == "en"
    assert identify("Der Router ist seit gestern defekt und startet nicht", ("de", "en"), hint="en")[0] == "de"


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="de, en, fr"):
        load_language("xx")


def test_an_own_language_file_replaces_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "languages").mkdir()
    (tmp_path / "languages" / "fr.toml").write_text('code = "fr"\nname = "Notre français"\n', encoding="utf-8")
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    load_language.cache_clear()
    try:
        assert load_language("fr").name == "Notre français"
        (tmp_path / "languages" / "fr.toml").write_text('code = "fr"\nname = "x"\ngretings = []\n', encoding="utf-8")
        load_language.cache_clear()
        with pytest.raises(ConfigurationError, match="gretings"):
            load_language("fr")
    finally:
        load_language.cache_clear()
