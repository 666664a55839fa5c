"""The documentation builds without a broken link, names every command and option, and loads nothing from elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from cxtext.connectors.services import SERVICES

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs/operations"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(
        command, check=False, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_every_command_and_option_is_documented(site):
    page = (site / "commands.html").read_text(encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "cxtext", "export", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in set(re.findall(r"--[a-z-]+", told)) - {"--help"}:
        assert f"<code>{option}" in page
    for command in (
        "run",
        "topics rename",
        "keys create",
        "db copy",
        "sources test",
        "evaluate nights",
        "report",
        "erase",
    ):
        assert f"cxtext {command}</h2>" in page or f"cxtext {command}<" in page


def test_every_source_is_documented_with_its_options():
    page = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    for kind, service in SERVICES.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{kind}`"))
        for option in service.asked:
            assert option in line or option in page.partition("Options for all")[2].partition("\n")[0], (kind, option)


def test_no_page_loads_anything_from_elsewhere(site):
    for page in site.rglob("*.html"):
        loaded = re.findall(
            r"<(?:script|img|iframe)[^>]+src=\"(https?:)?//[^\"]+|<link[^>]+rel=\"stylesheet\"[^>]+href=\"https?:",
            page.read_text(),
        )
        assert not loaded, page.name


def test_links_between_pages_and_to_the_repository_hold(site):
    for page in site.rglob("*.html"):
        for link in re.findall(r"href=\"([^\"#?]+)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|/", link):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_examples_for_operators_are_sound():
    job = yaml.safe_load((EXAMPLES / "cronjob.yaml").read_text(encoding="utf-8"))
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"]
    image = (EXAMPLES / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11\S+$", image, re.MULTILINE)
    assert re.search(r"^USER 10001$", image, re.MULTILINE)
    for name in re.findall(r"^COPY (.+) \S+$", image, re.MULTILINE):
        assert all((ROOT / part).exists() for part in name.split()), name
    compile((EXAMPLES / "airflow.py").read_text(encoding="utf-8"), "airflow.py", "exec")
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"cxtext:{version}" in (EXAMPLES / "cronjob.yaml").read_text(encoding="utf-8")


def test_the_units_are_what_systemd_takes(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here")
    for name in ("cxtext.service", "cxtext.timer"):
        unit = (
            (EXAMPLES / name)
            .read_text(encoding="utf-8")
            .replace("/srv/cxtext/.venv/bin/cxtext run --quiet", "/bin/true")
        )
        (tmp_path / name).write_text(unit.replace("/srv/cxtext", "/tmp").replace("User=cxtext", "User=root"))
    checked = subprocess.run(
        [program, "verify", "--man=no", str(tmp_path / "cxtext.timer")], check=False, capture_output=True, text=True
    )
    assert "cxtext" not in checked.stderr, checked.stderr
