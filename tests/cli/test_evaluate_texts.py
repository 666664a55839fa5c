"""`evaluate` on files of one's own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxtext.cli import app
from cxtext.errors import ConfigurationError

TESTS = Path(__file__).parents[1] / "text"


def told(*words: str) -> dict[str, object]:
    result = CliRunner().invoke(app, ["evaluate", *words, "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    shown: dict[str, object] = json.loads(result.stdout)
    return shown


def table(path: Path, *rows: str) -> str:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


def test_cleaning_is_measured_on_marked_mails_and_on_texts_that_are_none(tmp_path: Path) -> None:
    plain = table(tmp_path / "plain.csv", "text", "Die Lampe am Weg ist dunkel.", "Der Bus kam nicht.")
    figures = told("cleaning", "--mails", str(TESTS / "mails.txt"), "--no-mails", plain)
    assert figures["mails"]["customer_lines_kept"] >= 0.995  # type: ignore[index]
    assert figures["no_mails"] == {"texts": 2, "changed_over_20_percent": 0.0, "changed_over_50_percent": 0.0}


def test_words_are_measured_on_a_list_of_compounds() -> None:
    assert told("words", "--compounds", str(TESTS / "compounds.tsv"))["compounds"]["false_splits"] <= 1  # type: ignore[index]


def test_redaction_is_measured_on_texts_of_ones_own(tmp_path: Path) -> None:
    file = table(
        tmp_path / "own.csv",
        "text,hide",
        '"Bitte an max@example.org schreiben, Tel. 0171 2345678.","max@example.org|0171 2345678"',
        '"Codename Falke weiß Bescheid.","Falke"',
        '"Bestellung 4711 an eva@example.org.","Bestellung"',
    )
    figures = told("pii", file, "--gold", "hide", "--language", "de")
    assert figures["values"] == 4
    assert figures["recall"] == 0.5
    assert figures["more_hidden_per_100_texts"] == pytest.approx(100 / 3)


def test_moods_may_be_called_by_other_words(tmp_path: Path) -> None:
    file = table(tmp_path / "own.csv", "text,mood", "Das ist super!,positiv", "Das ist schlecht!,1", "Ein Tisch.,neu")
    figures = told("sentiment", file, "--gold", "mood", "--language", "de", "--against", "majority")
    assert figures["accuracy"]["value"] == 1.0  # type: ignore[index]


def test_departments_are_measured_with_the_columns_known_at_arrival(tmp_path: Path) -> None:
    rows = [
        f"2026-01-{day:02d},Bitte kümmern Sie sich darum ({number}).,{place},{'Nordamt' if place == 'Nord' else 'Suedamt'}"
        for day in range(1, 29)
        for number, place in enumerate(("Nord", "Süd", "Nord"))
    ]
    file = table(tmp_path / "own.csv", "created_at,text,district,unit", *rows)
    figures = told("departments", file, "--gold", "unit", "--column", "district", "--language", "de")
    assert figures["measured_with_facts"]["accuracy"]["value"] == 1.0  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["pii", "some.csv"], "belong together"),
        (["cleaning"], "name --mails"),
        (["words"], "name --compounds"),
        (["words", "--lemmas", "nowhere.conllu"], "no file nowhere.conllu"),
        (["sentiment", "x.csv", "--gold", "mood", "--part", "transformer"], "no file|x.csv"),
    ],
)
def test_what_is_missing_is_said(words: list[str], complaint: str) -> None:
    with pytest.raises(Exception, match=complaint):
        CliRunner().invoke(app, ["evaluate", *words], catch_exceptions=False)


def test_the_label_is_not_known_beforehand(tmp_path: Path) -> None:
    file = table(tmp_path / "own.csv", "created_at,text,unit", "2026-01-01,Licht kaputt,Nord")
    with pytest.raises(ConfigurationError, match="cannot be known beforehand"):
        CliRunner().invoke(
            app, ["evaluate", "departments", file, "--gold", "unit", "--column", "unit"], catch_exceptions=False
        )
