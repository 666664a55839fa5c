from pathlib import Path

import pytest

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.errors import ConfigurationError
from cxtext.resources import models_dir

GOOD = """
department = "billing"
[causes.double-charge]
titles = { de = "Doppelt abgebucht", en = "Charged twice" }
[causes.double-charge.en]
says = ["charged twice", { say = "double charge", weight = 0.9, negated = "ignore" }]
match = ["You charged me twice."]
"""


def written(folder: Path, text: str) -> Path:
    (folder / "billing.toml").write_text(text, "utf-8")
    return folder


def test_a_folder_needs_no_departments_file(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(written(tmp_path, GOOD))
    assert [cause.key for cause in taxonomy.causes] == ["billing/double-charge"]
    assert [department.key for department in taxonomy.departments] == ["billing"]
    assert [(rule.weight, rule.negated) for rule in taxonomy.rules] == [(0.6, "cancel"), (0.9, "ignore")]
    assert taxonomy.languages == ("en",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'says = ["charged twice"',
            'sayz = ["charged twice"',
            r"billing.toml: \[causes.double-charge\] en: unknown key",
        ),
        ("weight = 0.9", "weight = 9", "weight 9 of 'double charge' must lie between 0 and 1"),
        ('negated = "ignore"', 'negated = "maybe"', "negated = 'maybe'; allowed: cancel, require, ignore"),
        ('"charged twice"', '"charged ..."', r"en.says: phrase 'charged ...': ends with"),
        ('says = ["charged', 'patterns = ["(charged', r"en.patterns: pattern '\(charged twice'.*google-re2"),
        ("titles = {", "titel = {", "unknown key 'titel'"),
        ('department = "billing"', "department = ", "Invalid value"),
        (
            "[causes.double-charge]\n",
            '[causes.double-charge]\nalso = ["moon"]\n',
            "no department 'moon'; known: billing",
        ),
        ("[causes.double-charge]\n", '[causes.double-charge]\ndimension = "speed"\n', "allowed: reliability"),
        ('titles = { de = "Doppelt abgebucht", en = "Charged twice" }', "", "titles = .* is missing"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError, match=message):
        load_taxonomy(written(tmp_path, GOOD.replace(old, new, 1)))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no taxonomy"):
        load_taxonomy(tmp_path)


def test_a_company_changes_causes_and_departments_in_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "taxonomy"
    own.mkdir()
    departments = (models_dir() / "taxonomy/departments.toml").read_text("utf-8")
    (own / "departments.toml").write_text(
        departments + '\n[departments.bakery]\ntitles = { de = "Backstube", en = "Bakery" }\n', "utf-8"
    )
    (own / "bakery.toml").write_text(
        '[causes.burnt]\ntitles = { de = "Verbrannt" }\nde = { says = ["verbrannt"] }\n', "utf-8"
    )
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    taxonomy = load_taxonomy()
    assert "bakery/burnt" in {cause.key for cause in taxonomy.causes}
    assert "bakery" in {department.key for department in taxonomy.departments}
    assert len(taxonomy.causes) > 28


@pytest.mark.parametrize(("name", "labels"), [("konstanz", 19), ("airline", 9)])
def test_the_same_rules_run_on_any_labels(name: str, labels: int) -> None:
    folder = Path(__file__).parents[2] / "tests/benchmarks/taxonomies" / name
    taxonomy = load_taxonomy(folder)
    assert len(taxonomy.causes) == labels
    assert {rule.label for rule in taxonomy.rules} == {cause.key for cause in taxonomy.causes}
