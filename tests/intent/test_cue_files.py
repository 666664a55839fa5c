from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError
from cxtext.intent.cue_files import Example, as_pattern, examples, read_cues
from cxtext.intent.cues import Cues

CUES = Cues()


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one.language}-{one.name}-{one.text[:30]}")
def test_every_example_beside_the_cues_holds(example: Example) -> None:
    fired = {(one.cue.table, one.cue.name) for one in CUES.find(example.text, example.language)}
    assert ((example.table, example.name) in fired) is example.fires


def test_every_language_knows_the_same_names() -> None:
    names = {language: {(cue.table, cue.name) for cue in cues} for language, cues in read_cues().items()}
    assert names["de"] == names["en"]


def test_a_cue_is_matched_by_folded_words() -> None:
    assert as_pattern("kündige … Vertrag*") == " kuendige(?: [^ .?!]+){0,3}? vertrag[^ ]* "


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[[intent]]\nname = 'grumble'\ncues = ['x']", "no such intent"),
        ("[[urgency]]\nname = 'legal'\nweight = 3\ncues = ['x']", "weight"),
        ("[[intent]]\nname = 'wish'", "list of cues"),
        ("[[mood]]\nname = 'x'", "unknown table"),
        ("[[wish", "intent cues"),
        ("[[intent]]\nname = 'wish'\ncues = ['x']\nregex = 'y'", "unknown key"),
    ],
)
def test_a_wrong_cue_file_is_named_with_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    (tmp_path / "lexicons").mkdir()
    (tmp_path / "lexicons" / "intent_de.toml").write_text(content)
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    with pytest.raises(ConfigurationError, match=complaint):
        read_cues()
