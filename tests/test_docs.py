"""What the README says is true: its Python runs, its TOML is read, its commands exist, its links lead somewhere."""

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from cxtext.causes.taxonomy_file import load_taxonomy
from cxtext.cli import app
from cxtext.cli.sources import init  # noqa: F401 – the command that the README begins with
from cxtext.connectors import CONNECTORS
from cxtext.export import FORMATS, KINDS
from cxtext.jobs.first_hour import CONFIGURATION
from cxtext.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GERMAN = (ROOT / "README.de.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_python_in_the_readme_runs(code: str) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert printed.getvalue().splitlines() == [
        "1 negative logistics/late-delivery logistics",
        "2 negative billing/wrong-invoice billing",
    ]


def test_the_taxonomy_example_is_a_taxonomy(tmp_path: Path) -> None:
    (tmp_path / "departments.toml").write_text((ROOT / "models/taxonomy/departments.toml").read_text(encoding="utf-8"))
    (tmp_path / "scoping.toml").write_text((ROOT / "models/taxonomy/scoping.toml").read_text(encoding="utf-8"))
    (tmp_path / "logistics.toml").write_text(blocks("toml")[0], encoding="utf-8")
    taxonomy = load_taxonomy(tmp_path)
    assert [cause.key for cause in taxonomy.causes] == ["logistics/parcel-locker-stuck"]


@pytest.mark.parametrize("text", [README, GERMAN], ids=["English", "German"])
def test_every_command_in_the_readme_exists(text: str) -> None:
    root = get_command(app)
    words = re.findall(r"(?:`|^|bin/)cxtext ([a-z]+)(?: ([a-z]+))?", text, flags=re.MULTILINE)
    for name, child in words:
        if name not in root.commands:  # type: ignore[attr-defined]
            assert (name, child) in {("reads", "a"), ("liest", "die")}, f"cxtext {name}"
            continue
        children = getattr(root.commands[name], "commands", None)  # type: ignore[attr-defined]
        assert children is None or not child or child in children, f"cxtext {name} {child}"


def test_formats_and_exports_are_listed() -> None:
    line = next(line for line in README.splitlines() if line.startswith("| `cxtext export WHAT"))
    assert set(KINDS) <= set(re.findall(r"\w+", line))
    assert {f".{form}" for form in FORMATS} <= set(re.findall(r"\.\w+", line))
    reading = next(line for line in README.splitlines() if line.startswith("cxtext run tickets.csv"))
    assert set(CONNECTORS.names()) - {".ndjson"} <= set(re.findall(r"\.\w+", reading))


@pytest.mark.parametrize(
    "path", sorted({*ROOT.glob("*.md"), *(ROOT / "models").rglob("*.md")}), ids=lambda path: path.name
)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_the_configuration_that_init_writes_is_all_defaults() -> None:
    written = tomllib.loads(CONFIGURATION)
    defaults = Settings.model_construct()
    for name in ("db", "recipe", "languages", "timezone"):
        assert written[name] == getattr(defaults, name)
    assert written["privacy"] == defaults.privacy.model_dump()


def test_the_repository_speaks_of_the_product_alone() -> None:
    words = ["/" + "work/main", "/" + "work/shared", "farm-" + "bench", "farm-" + "studio"]
    for folder in ("cxtext", "api", "models", "tests", "notebooks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".toml", ".html", ".tsv", ".txt"}:
                text = path.read_text(encoding="utf-8", errors="ignore")
                assert not [word for word in words if word in text], path
