"""Make a release: wheel, source, bill of materials, audit, licences, checksums, and a signature with the key of whoever releases.

`make release KEY=~/.ssh/id_ed25519`. The same commit gives the same bytes, on whatever day and machine; the wheel is built twice, once
from the checkout and once from the source archive, and the two are compared.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from release import audit, licences
from release.bom import bill
from release.depends import ROOT, needed

NAMESPACE = "cxtext-release"  # of the signature; one for another purpose does not pass for it
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"


class NotReleased(Exception):
    """What must be put right first."""


def release(root: Path, out: Path, key: Path | None, *, audited: bool = True) -> list[str]:
    """Write everything into `out`; returns lines for people.

    Args:
        root: a clean checkout.
        out: an empty or missing folder.
        key: a private key of SSH; None leaves the checksums unsigned, and says so.
        audited: whether an audit that could not be made ends it.

    Raises:
        NotReleased: the tree is not clean, the changelog does not know the version, a licence or a hole is in the way, or the two wheels differ.
    """
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    changes = changes_of(version, (root / "CHANGELOG.md").read_text(encoding="utf-8"))
    made = _commit_time(root)
    packages = needed(root / "pyproject.toml")
    if wrong := licences.problems(packages):
        raise NotReleased("; ".join(wrong))
    if out.exists() and any(out.iterdir()):
        raise NotReleased(f"{out} is not empty: remove it first")
    out.mkdir(parents=True, exist_ok=True)
    build_twice(root, out, made)
    answer = audit.ask(audit.runtime_pins())
    if answer.holes or (audited and not answer.complete):
        raise NotReleased(
            "; ".join(answer.lines()) + ("" if answer.holes else ". To release all the same: --unaudited")
        )
    moment = datetime.fromtimestamp(made, UTC)
    written = {
        f"cxtext-{version}.cdx.json": bill(packages, version, moment),
        "licences.md": licences.page(packages),
        "audit.txt": "".join(f"{line}\n" for line in answer.lines()),
        "CHANGES.md": changes,
    }
    for name, words in written.items():
        (out / name).write_text(words, encoding="utf-8")
    shutil.copy(root / "requirements.lock", out)
    shutil.copy(root / "docs/operations/Dockerfile", out)
    sums(out)
    return [f"{out}: {', '.join(sorted(path.name for path in out.iterdir()))}", *answer.lines(), _signed(out, key)]


def changes_of(version: str, changelog: str) -> str:
    """The part of the changelog that is about this version.

    Raises:
        NotReleased: there is none.
    """
    found = re.search(rf"^## {re.escape(version)}\b.*?(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if found is None:
        raise NotReleased(f"CHANGELOG.md has no heading '## {version} – DATE': rename 'Unreleased' and begin a new one")
    return found[0].rstrip() + "\n"


def build_twice(root: Path, out: Path, made: int) -> None:
    """Source archive and wheel into `out`, and the wheel again out of the archive.

    Raises:
        NotReleased: the two wheels are not the same bytes.
    """
    _build(root, out, made, "--sdist")
    _build(root, out, made, "--wheel")
    with tempfile.TemporaryDirectory() as folder:
        shutil.unpack_archive(next(out.glob("*.tar.gz")), folder, filter="data")
        again = Path(folder) / "again"
        _build(next(path for path in Path(folder).iterdir() if path.is_dir()), again, made, "--wheel")
        first, second = next(out.glob("*.whl")), next(again.glob("*.whl"))
        if digest(first) != digest(second):
            raise NotReleased(f"{first.name}: built from the checkout and from the source archive it is not the same")


def sums(out: Path) -> None:
    """Checksums of every file, as `sha256sum --check` reads them."""
    files = sorted(path for path in out.iterdir() if path.name not in (SUMS, SIGNATURE))
    (out / SUMS).write_text("".join(f"{digest(path)}  {path.name}\n" for path in files), encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(words: Sequence[str] | None = None) -> int:
    """Make the release that the command line asks for."""
    asked = argparse.ArgumentParser(
        prog="python -m release.build", description="Make a release of the checked-out commit."
    )
    asked.add_argument(
        "--key", type=Path, help="private key of SSH that signs the checksums; without it they are not signed"
    )
    asked.add_argument("--out", type=Path, default=ROOT / "dist" / "release")
    asked.add_argument(
        "--unaudited", action="store_true", help="release although the database of holes could not be asked"
    )
    told = asked.parse_args(words)
    try:
        lines = release(ROOT, told.out, told.key, audited=not told.unaudited)
    except NotReleased as error:
        sys.stderr.write(f"release: {error}\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _commit_time(root: Path) -> int:
    status = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, text=True, check=True)
    if status.stdout.strip():
        raise NotReleased(
            "the checkout holds changes that are not committed: " + ", ".join(status.stdout.split("\n")[:5])
        )
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=True)
    return int(told.stdout)


def _build(root: Path, out: Path, made: int, what: str) -> None:
    command = [sys.executable, "-m", "build", what, "--no-isolation", "--outdir", str(out), str(root)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"SOURCE_DATE_EPOCH": str(made)}
    )
    if done.returncode:
        raise NotReleased(f"build {what}: {done.stderr.strip().splitlines()[-1]}")


def _signed(out: Path, key: Path | None) -> str:
    if key is None:
        return f"{SUMS} is NOT signed: give a key, make release KEY=~/.ssh/id_ed25519"
    command = ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(out / SUMS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReleased(f"ssh-keygen: {(done.stderr.strip().splitlines() or ['it failed'])[-1]}")
    return f"{SUMS} is signed with {key}"


if __name__ == "__main__":
    sys.exit(main())
