"""Reading a dictionary that a user has, and the form of the shipped vocabulary."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxtext.embedding.bilingual import load_translations
from cxtext.embedding.lexicon_import import TABLE, entries_of, import_lexicon, read_table
from cxtext.embedding.static import Static
from cxtext.errors import ConfigurationError, ModelError, SourceError
from cxtext.resources import model_files, models_dir

DING = """# a comment
Zwirbel {m}; Kringel {m} [ugs.] | Zwirbel {pl} :: twirl; curl | twirls
zwirbeln {vt} | zwirbelnd | gezwirbelt :: to twirl sth. | twirling | twirled

ohne Trenner
nur deutsch ::
"""


def written(folder: Path, text: str, name: str = "dictionary.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_ding_forms_meet_their_counterpart_and_notes_fall_away(tmp_path: Path) -> None:
    done = import_lexicon(written(tmp_path, DING), tmp_path)
    table = read_table(done.table)
    assert table["Zwirbel"] == ("twirl", "curl", "twirls")
    assert table["Kringel"] == ("twirl", "curl")
    assert table["gezwirbelt"] == ("twirled",)
    assert table["zwirbeln"] == ("twirl sth",)


def test_bad_lines_are_counted_and_named(tmp_path: Path) -> None:
    done = import_lexicon(written(tmp_path, DING), tmp_path)
    assert (done.lines, done.words, done.bad_lines) == (4, 5, 2)
    assert [(problem.line, problem.reason) for problem in done.problems] == [
        (5, "neither '::' nor a tab between German and English"),
        (6, "German or English is missing"),
    ]


def test_tab_separated_lines_hold_several_meanings(tmp_path: Path) -> None:
    done = import_lexicon(written(tmp_path, "Öse\teyelet; loop\nösen\tto eyelet\n"), tmp_path)
    table = read_table(done.table)
    assert table["Öse"] == ("eyelet", "loop")
    assert table["oese"] == ("eyelet", "loop")
    assert table["ösen"] == ("eyelet",)


def test_meanings_that_the_word_heads_come_first(tmp_path: Path) -> None:
    text = "Anstalt; Kringel :: institution\nKringel :: curl\n"
    assert read_table(import_lexicon(written(tmp_path, text), tmp_path).table)["Kringel"] == ("curl", "institution")


def test_gzip_is_read_by_its_content(tmp_path: Path) -> None:
    packed = tmp_path / "dictionary"
    packed.write_bytes(gzip.compress("Öse\teyelet\n".encode()))
    assert import_lexicon(packed, tmp_path).words == 1


def test_lines_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes(b"Haus\thouse\n" + "Öse\teyelet\n".encode("latin-1"))
    done = import_lexicon(path, tmp_path)
    assert (done.words, done.bad_lines, done.problems[0].line, done.problems[0].reason) == (1, 1, 2, "not UTF-8")


@pytest.mark.parametrize("content", [b"", b"only words\n", b"\x1f\x8bbroken"])
def test_a_file_without_an_entry_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nothing"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="nothing"):
        import_lexicon(path, tmp_path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="missing"):
        import_lexicon(tmp_path / "missing", tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path, "Öse\teyelet\n")
    with pytest.raises(ConfigurationError, match="can be written"):
        import_lexicon(source, source)


def test_a_damaged_table_says_what_to_do(tmp_path: Path) -> None:
    table = tmp_path / "table.npz"
    table.write_bytes(b"no npz")
    with pytest.raises(ModelError, match="lexicon import"):
        read_table(table)
    np.savez(table, german=np.frombuffer(b"a\nb", dtype=np.uint8), english=np.frombuffer(b"a", dtype=np.uint8))
    with pytest.raises(ModelError, match="lexicon import"):
        read_table(table)


def test_an_import_replaces_the_one_before_and_leaves_no_other_file(tmp_path: Path) -> None:
    import_lexicon(written(tmp_path, "Öse\teyelet\n"), tmp_path)
    done = import_lexicon(written(tmp_path, "Zwirbel\ttwirl\n"), tmp_path)
    assert set(read_table(done.table)) == {"Zwirbel", "zwirbel"}
    assert list(done.table.parent.iterdir()) == [done.table]


def test_static_uses_what_was_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ["Qualmschnurbel"]
    assert not Static().encode(text, ["de"]).any()
    done = import_lexicon(written(tmp_path, "Qualmschnurbel\tinvoice\n"), tmp_path)
    assert Static(dictionary=str(done.table)).encode(text, ["de"]).any()
    monkeypatch.setenv("CXTEXT_MODELS", str(tmp_path))
    assert (tmp_path / TABLE).is_file()
    assert np.allclose(Static().encode(text, ["de"]), Static().encode(["invoice"], ["en"]), atol=1e-6)


def test_the_shipped_vocabulary_wins_over_an_imported_word(tmp_path: Path) -> None:
    done = import_lexicon(written(tmp_path, "Schlagloch\tbanana\n"), tmp_path)
    assert load_translations(done.table)["Schlagloch"] == ("pothole",)


@given(st.text(max_size=200))
def test_any_line_gives_clean_words_or_a_value_error(line: str) -> None:
    try:
        found = list(entries_of(line))
    except ValueError:
        return
    for word, meanings, rank in found:
        assert word
        assert meanings
        assert rank >= 0
        assert not set("\t\n") & set(word + "".join(meanings))


def shipped_lines() -> list[tuple[str, int, str]]:
    return [
        (path.name, number, line)
        for path in model_files("lexicons/de_en_*.tsv")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not line.startswith("#")
    ]


def test_every_shipped_line_is_one_german_entry_with_meanings() -> None:
    for name, number, line in shipped_lines():
        german, *english = line.split("\t")
        meanings = english[0].split("; ") if len(english) == 1 else []
        assert german == german.strip() != "", (name, number)
        assert meanings, (name, number)
        assert all(meaning == meaning.strip() != "" for meaning in meanings), (name, number)
        assert len(set(meanings)) == len(meanings) <= 3, (name, number)
        assert all(meaning.isascii() for meaning in meanings), (name, number)


def test_no_german_entry_is_shipped_twice() -> None:
    words = [line.split("\t")[0] for _, _, line in shipped_lines()]
    assert sorted(words) == sorted(set(words))
    assert len(words) >= 8_000


def test_every_english_meaning_has_a_row_of_its_own() -> None:
    with np.load(models_dir() / "vectors" / "english.npz", allow_pickle=False) as stored:
        known = set(stored["words"].tobytes().decode().split("\n"))
    meanings = {meaning for _, _, line in shipped_lines() for meaning in line.split("\t")[1].split("; ")}
    assert not meanings - known


def test_vectors_and_vocabulary_stay_within_ten_megabytes() -> None:
    files = [*model_files("vectors/*"), *model_files("lexicons/de_en_*.tsv")]
    assert sum(path.stat().st_size for path in files if path.is_file()) <= 10_000_000
