"""A release: the same bytes for the same commit, everything named, judged and signed; a false one is noticed."""

import json
import os
import shutil
import subprocess
import sys
from email.message import Message
from pathlib import Path

import pytest

from release import audit, build, licences
from release.depends import locked, needed

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("LGPL-3.0-only", True),
        ("MPL-2.0 AND MIT", True),
        ("GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("AGPL-3.0-only", False),
        ("AGPL-3.0-only OR GPL-3.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("SSPL-1.0", False),
        ("CC-BY-NC-4.0", False),
        ("All rights reserved", False),
        ("", False),
    ],
)
def test_what_may_be_shipped_with(expression: str, allowed: bool) -> None:
    assert (licences.judge(expression) == "") is allowed


def _metadata(**told: str) -> Message:
    message = Message()
    for name, value in told.items():
        message[name.replace("_", "-")] = value
    return message


def test_a_licence_is_read_wherever_a_package_says_it() -> None:
    assert licences.licence_of("x", _metadata(License_Expression="MIT", License="GPL")) == "MIT"
    assert licences.licence_of("x", _metadata(License="Apache 2.0 License")) == "Apache-2.0"
    assert licences.licence_of("x", _metadata(Classifier="License :: OSI Approved :: MIT License")) == "MIT"
    unclear = _metadata(License="UNKNOWN", Classifier="License :: OSI Approved :: BSD License")
    assert licences.licence_of("x", unclear) == ""  # which BSD? a person has to look
    gnu = _metadata(Classifier="License :: OSI Approved :: GNU General Public License v3 (GPLv3)")
    assert licences.judge(licences.licence_of("x", gnu))


def test_every_package_that_runs_is_judged_and_the_list_is_up_to_date(capsys) -> None:
    assert licences.main([]) == 0, capsys.readouterr().out
    names = {package.name for package in needed()}
    assert {"bertopic", "torch", "psycopg-binary", "pyphen", "spacy-lookups-data", "cryptography"} <= names
    assert not names & {"pytest", "mypy", "mkdocs", "playwright", "pip-audit", "cxtext"}


def test_a_package_that_may_not_be_there_ends_the_check(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setitem(licences.REVIEWED, "pyphen", ("GPL-3.0-only", "planted"))
    assert licences.main([]) == 1
    assert "GPL-3.0-only is not permissive" in capsys.readouterr().out
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\ndependencies = ["numpy", "a-package-that-nobody-locked"]\n')
    assert licences.problems(needed(project)) == ["a-package-that-nobody-locked: it is not in requirements.lock"]


HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"], "aliases": [], "description": "…"}


def test_known_holes_are_told_and_an_audit_that_was_none_is_not_called_one() -> None:
    told = json.dumps(
        {"dependencies": [{"name": "a", "version": "1.0", "vulns": [HOLE]}, {"name": "b", "skip_reason": "?"}]}
    )
    found = audit.read(told, 2)
    assert found.lines() == ["a 1.0: PYSEC-2026-1, mended in 2.0"]
    assert not found.complete
    unknown = audit.read(json.dumps({"dependencies": [{"name": "b", "skip_reason": "not found"}]}), 1)
    assert unknown.lines() == [
        "NOT AUDITED: the database of holes could not be asked (1 of 1 packages are unknown to it)"
    ]
    clean = audit.read(json.dumps({"dependencies": [{"name": "a", "version": "1.0", "vulns": []}]}), 1)
    assert (clean.complete, clean.lines()) == (True, ["1 packages, no known hole"])
    assert "could not be asked" in audit.read("", 1).lines()[0]


def test_a_machine_without_a_network_is_told_so(monkeypatch, capsys) -> None:
    silent = [sys.executable, "-c", "import sys; sys.exit('ConnectionError: no route')"]
    answer = audit.ask({"numpy": "2.0"}, silent)
    assert answer.trouble == "ConnectionError: no route"
    monkeypatch.setattr(audit, "ask", lambda _pins: answer)
    assert audit.main([]) == 0
    assert "NOT AUDITED" in capsys.readouterr().out
    assert audit.main(["--required"]) == 1


def test_the_changelog_must_know_the_version() -> None:
    told = "# Changelog\n\n## 0.2.0 – 2026-12-01\n\n- New.\n\n## 0.1.0 – 2026-11-01\n\n- First.\n"
    assert build.changes_of("0.2.0", told) == "## 0.2.0 – 2026-12-01\n\n- New.\n"
    with pytest.raises(build.NotReleased, match="rename 'Unreleased'"):
        build.changes_of("0.3.0", told)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as one commit, with a changelog that knows the version."""
    folder = tmp_path_factory.mktemp("release") / "checkout"
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if names.returncode:
        pytest.skip("not a git checkout")
    for name in names.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith(("tests/", "notebooks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    changelog = folder / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().replace("## Unreleased", "## Unreleased\n\n## 0.1.0 – 2026-11-22", 1))
    _git(folder, "init", "--quiet")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "--message", "A release")
    return folder


def _git(folder: Path, *words: str) -> None:
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    when = {"GIT_AUTHOR_DATE": "1795320000 +0000", "GIT_COMMITTER_DATE": "1795320000 +0000"}
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=os.environ | who | when)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throwaway key."""
    if shutil.which("ssh-keygen") is None:
        assert "CI" not in os.environ, "no ssh-keygen: apt-get install openssh-client"
        pytest.skip("no ssh-keygen here")
    file = tmp_path_factory.mktemp("key") / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)
    return file


@pytest.fixture(scope="module")
def released(checkout: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One release; the database of holes is asked nothing."""
    out = tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "ask", lambda pins: audit.Answer(len(pins), len(pins), ()))
        build.release(checkout, out, key)
    return out


def test_a_release_holds_what_it_should(released: Path) -> None:
    names = {path.name for path in released.iterdir()}
    assert names == {
        "cxtext-0.1.0-py3-none-any.whl", "cxtext-0.1.0.tar.gz", "cxtext-0.1.0.cdx.json", "licences.md", "audit.txt", "CHANGES.md",
        "requirements.lock", "Dockerfile", "SHA256SUMS", "SHA256SUMS.sig",
    }  # fmt: skip
    told = json.loads((released / "cxtext-0.1.0.cdx.json").read_text())
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"]: part for part in told["components"]}
    pins = locked()
    assert {name for name, part in parts.items() if "version" in part} <= set(pins)
    assert parts["numpy"]["purl"] == f"pkg:pypi/numpy@{pins['numpy']}"
    assert all(part["licenses"] for part in parts.values())
    links = {link["ref"]: link.get("dependsOn", []) for link in told["dependencies"]}
    assert f"numpy@{pins['numpy']}" in links[f"pandas@{pins['pandas']}"]
    assert told["metadata"]["timestamp"].startswith("2026-11-22")
    with_notices = subprocess.run(
        ["tar", "-tzf", str(released / "cxtext-0.1.0.tar.gz")], capture_output=True, text=True, check=True
    ).stdout
    for name in ("NOTICE", "LICENSE", "requirements.lock", "Makefile", "docs/operations/Dockerfile", "api/app.py"):
        assert f"cxtext-0.1.0/{name}\n" in with_notices, name


def test_another_day_and_another_machine_make_the_same_bytes(checkout: Path, released: Path, tmp_path: Path) -> None:
    """Other times of files, other rights of new files: the wheel is the same. `release` itself compares it with that of the source."""
    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git"))
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        if path.is_file():
            path.chmod(0o600)
    build._build(copy, tmp_path / "out", 1795320000, "--wheel")
    name = "cxtext-0.1.0-py3-none-any.whl"
    assert build.digest(tmp_path / "out" / name) == build.digest(released / name)


def test_the_signature_holds_and_a_changed_file_is_noticed(released: Path, key: Path, tmp_path: Path) -> None:
    signers = tmp_path / "signers"
    signers.write_text(f"release@example.org {Path(f'{key}.pub').read_text()}")
    verify = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        str(signers),
        "-I",
        "release@example.org",
        "-n",
        build.NAMESPACE,
        "-s",
        "SHA256SUMS.sig",
    ]
    copy = tmp_path / "downloaded"
    shutil.copytree(released, copy)

    def holds() -> tuple[bool, bool]:
        signed = subprocess.run(
            verify, cwd=copy, input=(copy / "SHA256SUMS").read_bytes(), capture_output=True, check=False
        )
        same = subprocess.run(
            ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=copy, capture_output=True, check=False
        )
        return signed.returncode == 0, same.returncode == 0

    assert holds() == (True, True)
    with (copy / "cxtext-0.1.0.cdx.json").open("a") as bom:
        bom.write(" ")
    assert holds() == (True, False)
    build.sums(copy)
    assert holds() == (False, True)


def test_nothing_is_released_from_a_tree_that_is_not_committed(checkout: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(checkout, copy)
    (copy / "new.txt").write_text("x")
    with pytest.raises(build.NotReleased, match="not committed"):
        build.release(copy, tmp_path / "out", None)


def test_a_hole_or_a_missing_audit_ends_a_release(checkout: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(build, "build_twice", lambda *_: None)
    monkeypatch.setattr(audit, "ask", lambda pins: audit.Answer(len(pins), 0, (), "no network"))
    with pytest.raises(build.NotReleased, match="--unaudited"):
        build.release(checkout, tmp_path / "a", None)
    told = build.release(checkout, tmp_path / "b", None, audited=False)
    assert "NOT AUDITED" in (tmp_path / "b" / "audit.txt").read_text()
    assert "NOT signed" in told[-1]
    monkeypatch.setattr(audit, "ask", lambda pins: audit.Answer(len(pins), len(pins), ("a 1.0: PYSEC-2026-1",)))
    with pytest.raises(build.NotReleased, match="PYSEC-2026-1"):
        build.release(checkout, tmp_path / "c", None, audited=False)
