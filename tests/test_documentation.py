"""The documentation builds without a broken link, names every command and option, and loads nothing from elsewhere."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from cxtext.cli import app
from cxtext.connectors.services import SERVICES, service_of

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


def test_every_source_has_a_section_with_a_block_that_is_valid():
    page = (ROOT / "docs/connectors.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    assert page.count("\n## ") == len(blocks)
    kinds = []
    for block in blocks:
        [(name, options)] = tomllib.loads(block)["sources"].items()
        account, service = service_of(name, options)
        kinds.append(service.kind)
        assert options.keys() - {"kind"} == account.options.keys()
        needed = {option for option in ("url", "token", "key", "password") if option in service.options}
        assert not needed or needed & options.keys(), name
        assert all(
            options[one].startswith(("env:", "file:")) for one in ("token", "key", "password") if one in options
        ), name
    assert kinds == list(SERVICES)


def test_toml_on_the_pages_is_toml():
    for path in (ROOT / "docs").glob("*.md"):
        for block in re.findall(r"```toml\n(.*?)```", path.read_text(encoding="utf-8"), flags=re.DOTALL):
            tomllib.loads(block)


def test_commands_on_the_pages_exist_with_their_options():
    """Every `cxtext …` in a block of the shell: the command is there, and knows each option."""
    root = typer.main.get_command(app)
    seen = 0
    for path in [
        *(ROOT / "docs").glob("*.md"),
        ROOT / "README.md",
        ROOT / "README.de.md",
        ROOT / "docs/operations/cronjob.yaml",
    ]:
        text = path.read_text(encoding="utf-8")
        code = re.findall(r"```(?:sh|cron|ini)\n(.*?)```", text, flags=re.DOTALL) + re.findall(
            r"`(cxtext [^`\n]+)`", text
        )
        for line in "\n".join(code).replace("\\\n", " ").splitlines():
            for call in re.findall(r"(?:^|bin/|&& |\$ )cxtext ((?:[a-z]+ ?)+[^#|&]*)", line.strip()):
                words, path_of = call.split(), []
                command: Any = root
                while words and words[0] in getattr(command, "commands", {}):
                    path_of.append(words[0])
                    command = command.commands[words.pop(0)]
                assert path_of, f"{path.name}: cxtext {call}"
                known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {
                    "--help",
                    "-h",
                }
                unknown = {word.partition("=")[0] for word in words if re.match(r"--[a-z]", word)} - known
                assert not unknown, f"{path.name}: cxtext {call}: {unknown}"
                seen += 1
    assert seen > 100


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
    for name in ("cxtext.service", "cxtext.timer", "cxtext-serve.service"):
        unit = (EXAMPLES / name).read_text(encoding="utf-8")
        unit = re.sub(r"^ExecStart=/srv/cxtext/.venv/bin/cxtext .*$", "ExecStart=/bin/true", unit, flags=re.MULTILINE)
        (tmp_path / name).write_text(unit.replace("/srv/cxtext", "/tmp").replace("User=cxtext", "User=root"))
    units = [str(tmp_path / name) for name in ("cxtext.timer", "cxtext-serve.service")]
    checked = subprocess.run([program, "verify", "--man=no", *units], check=False, capture_output=True, text=True)
    assert "cxtext" not in checked.stderr, checked.stderr
