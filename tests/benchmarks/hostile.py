"""Feed cxtext what nobody should send: damaged files, bombs, formulas, patterns, addresses, model files.

    python tests/benchmarks/hostile.py                          # everything
    python tests/benchmarks/hostile.py --what files --count 10000

One line of JSON each; `wrong` counts what crashed, was swallowed, took too much, or got through. Small forms of all of
it are part of the suite (`tests/hostile`).
"""

import argparse
import json
import sys
import time
from collections.abc import Callable


def main() -> None:
    """Do what was asked and print one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", choices=tuple(KINDS), default=None)
    parser.add_argument("--count", type=int, default=10_000, help="damaged files")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    wrong = 0
    for kind in (asked.what,) if asked.what else tuple(KINDS):
        started = time.monotonic()
        found = KINDS[kind](asked.count, asked.seed)
        wrong += int(str(found["wrong"]))
        print(json.dumps({"what": kind, **found, "seconds": round(time.monotonic() - started, 1)}), flush=True)
    sys.exit(1 if wrong else 0)


def files(count: int, seed: int) -> dict[str, object]:
    """Damaged files, read and prepared (cleaned, redacted) as a night does."""
    from pathlib import Path

    from cxtext.assemble import load_parts
    from cxtext.settings import Settings
    from tests.hostile.files import read_damaged

    return read_damaged(count, seed, parts=load_parts(Settings.load(), b"hostile", Path("/nonexistent")))


def bombs(_count: int, _seed: int) -> dict[str, object]:
    """Small files that become huge, each read in a process that is watched."""
    import tempfile
    from pathlib import Path

    from tests.hostile.bombs import BOMBS, blown

    found = {}
    for bomb in BOMBS:
        with tempfile.TemporaryDirectory() as folder:
            found[bomb.__name__] = blown(bomb(Path(folder)))
    most = max(int(str(told.get("bytes", 0))) for told in found.values())
    wrong = {name: told for name, told in found.items() if told["wrong"]}
    return {"bombs": len(found), "most memory in MB": round(most / 1e6), "wrong": len(wrong), "examples": wrong}


def formulas(_count: int, _seed: int) -> dict[str, object]:
    """Payloads for spreadsheets through a night, every export and report."""
    import tempfile
    from pathlib import Path

    from tests.hostile.formulas import exported

    with tempfile.TemporaryDirectory() as folder:
        return dict(exported(Path(folder)))


def patterns(_count: int, _seed: int) -> dict[str, object]:
    """Patterns that make a backtracking matcher run for years, at every place where users write one."""
    from tests.hostile.patterns import slowest

    return slowest()


def addresses(_count: int, _seed: int) -> dict[str, object]:
    """Ways to write an address of one's own network."""
    from tests.hostile.addresses import reached

    return reached()


def models(_count: int, _seed: int) -> dict[str, object]:
    """Model files that would run code or take all memory."""
    import tempfile
    from pathlib import Path

    from tests.hostile.model_files import CASES, refused

    found = {}
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            found[case[0]] = refused(case, Path(folder))
    skipped = [name for name, told in found.items() if told.startswith("not installed")]
    wrong = {name: told for name, told in found.items() if told and name not in skipped}
    return {"files": len(found) - len(skipped), "not tried": skipped, "wrong": len(wrong), "examples": wrong}


KINDS: dict[str, Callable[[int, int], dict[str, object]]] = {
    "files": files, "bombs": bombs, "formulas": formulas, "patterns": patterns, "addresses": addresses, "models": models,
}  # fmt: skip


if __name__ == "__main__":
    main()
