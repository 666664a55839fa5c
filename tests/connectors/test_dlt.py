"""Rows of a dlt resource as tickets."""

import sys
from pathlib import Path

import pytest

from cxtext.errors import ConfigurationError, NotInstalled, SourceError
from cxtext.settings import Settings
from tests.connectors.reader import Reader

RESOURCE = """
import dlt

@dlt.resource(name="faelle")
def faelle():
    yield [{"id": n, "text": f"Die Heizung Nummer {n} bleibt kalt.", "created_at": "2026-03-01"} for n in range(7)]
    yield {"id": 7, "text": "Die Heizung Nummer 7 tropft.", "created_at": "2026-03-02"}
"""


def _reader(store, hands, resource: str) -> Reader:
    return Reader(store, hands, Settings(sources={"desk": {"kind": "dlt", "resource": resource}}))


def test_a_resource_is_read_and_read_again(store, hands, tmp_path: Path, monkeypatch):
    pytest.importorskip("dlt", reason="pip install 'cxtext[dlt]'")
    (tmp_path / "our_resources.py").write_text(RESOURCE)
    monkeypatch.syspath_prepend(str(tmp_path))
    reader = _reader(store, hands, "our_resources:faelle")
    assert reader.read().new == 8
    assert (reader.read().new, len(reader.kept())) == (0, 8)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            "yield pa.table({'Ticketnummer': [1, 2], 'Beschreibung': ['Die Heizung tropft.', 'Der Ofen bleibt kalt.']})",
            None,
        ),
        ("yield 7", "gives int, no rows"),
        ("raise ValueError('password=geheim')", r"broke off \(\w+\)"),
    ],
)
def test_tables_of_arrow_are_rows_and_errors_are_ours(body, wanted, store, hands, tmp_path: Path, monkeypatch):
    pytest.importorskip("dlt", reason="pip install 'cxtext[dlt]'")
    name = f"other_resources_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(f"import pyarrow as pa\n\n\ndef faelle():\n    {body}\n    yield {{}}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    reader = _reader(store, hands, f"{name}:faelle")
    if wanted is None:
        reader.read()
        assert {case.id: case.text for case in reader.kept()} == {
            "1": "Die Heizung tropft.",
            "2": "Der Ofen bleibt kalt.",
        }
        return
    with pytest.raises(SourceError, match=wanted) as told:
        reader.read()
    assert "geheim" not in str(told.value)


def test_what_is_missing_is_said(store, hands):
    wanted = (
        ConfigurationError
        if "dlt" in sys.modules or __import__("importlib.util").util.find_spec("dlt")
        else NotInstalled
    )
    with pytest.raises(wanted, match="dlt|nowhere"):
        _reader(store, hands, "nowhere:nothing").read()
