from pathlib import Path

import pytest

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.demo.company import LANGUAGES, Company, load_company
from cxtext.demo.phrases import slots_of
from cxtext.demo.rhythm import PROFILES
from cxtext.demo.slots import draws_for
from cxtext.errors import ConfigurationError

# Filled by the generator itself, for each ticket.
GIVEN = {"name", "first_name", "last_name", "version"}


def test_there_are_25_issues_of_uneven_size(company: Company) -> None:
    weights = sorted((issue.weight for issue in company.issues), reverse=True)
    assert len(weights) == 25
    assert weights[0] > 6 * weights[-1]


def test_every_issue_has_both_languages_with_many_different_sentences(company: Company) -> None:
    for issue in company.issues:
        for language in LANGUAGES:
            parts = issue.texts[language]
            assert len(set(parts["core"])) >= 13, (issue.key, language)
            assert len({str(phrase)[:24] for phrase in parts["core"]}) >= 0.9 * len(parts["core"]), (
                issue.key,
                language,
            )
            assert all(len(parts[part]) >= 3 for part in ("details", "effects", "requests", "short")), (
                issue.key,
                language,
            )


def test_there_are_at_least_twelve_openings(company: Company) -> None:
    assert all(len(company.phrases[language]["openings"]) >= 12 for language in LANGUAGES)


def test_both_languages_have_the_same_parts(company: Company) -> None:
    assert set(company.phrases["de"]) == set(company.phrases["en"])


def test_every_slot_can_be_filled(company: Company) -> None:
    for language in LANGUAGES:
        known = GIVEN | set(draws_for(company, language)) | set(company.products[0].words[language])
        texts = [phrase for part in company.phrases[language].values() for phrase in part]
        texts += [phrase for issue in company.issues for part in issue.texts[language].values() for phrase in part]
        assert {slot for phrase in texts for slot in slots_of(phrase)} <= known


def test_the_planted_causes_and_departments_are_those_of_the_taxonomy(company: Company) -> None:
    owners = {cause.key: cause.department for cause in load_taxonomy().causes}
    assert {issue.cause: issue.department for issue in company.issues}.items() <= owners.items()


def test_one_issue_emerges_one_is_mended_one_spikes_and_two_have_a_season(company: Company) -> None:
    special = sorted(issue.profile for issue in company.issues if issue.profile != "steady")
    assert special == ["emerging", "fixed", "holidays", "spike", "summer"]
    assert all(issue.profile in PROFILES for issue in company.issues)


def test_german_forms_agree_with_the_gender(company: Company) -> None:
    words = {product.words["de"]["item"]: product.words["de"] for product in company.products}
    assert words["Waschmaschine"]["dem_item"] == "der Waschmaschine"
    assert words["Saugroboter"]["einen_item"] == "einen Saugroboter"
    assert words["Tablet"]["Mein_item"] == "Mein Tablet"
    assert words["Klimagerät"]["er"] == "es"


def test_foreign_texts_belong_to_issues(company: Company) -> None:
    assert set(company.foreign) <= {issue.key for issue in company.issues}


def test_an_issue_without_a_cause_is_an_error_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo" / "issues").mkdir(parents=True)
    (tmp_path / "demo" / "issues" / "late-parcel.toml").write_text('department = "logistics"\n')
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    with pytest.raises(ConfigurationError, match=r"late-parcel\.toml.*cause"):
        load_company()
