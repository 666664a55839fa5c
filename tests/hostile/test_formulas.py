"""No text of a ticket is ever run by a spreadsheet, wherever it leaves the product."""

from tests.hostile.formulas import PAYLOADS, exported


def test_no_payload_becomes_a_formula_in_any_export_or_report(tmp_path, monkeypatch):
    monkeypatch.setenv("CXTEXT_SECRET", "a secret of these payloads")
    found = exported(tmp_path)
    assert (found["wrong"], found["examples"]) == (0, [])
    assert len(set(PAYLOADS)) >= 40
    assert int(str(found["cells"])) > 5_000
