"""Facts about the house that a reader may rely on."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(
    path
    for folder in ("cxtext", "api")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations/versions" not in str(path)
)
FILE, FUNCTION = 400, 40  # lines; a docstring does not count
TOP_LEVEL = {
    "cxtext", "api", "docs", "models", "notebooks", "release", "tests", "pyproject.toml", "README.md", "README.de.md", "requirements.lock", "Makefile",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "NOTICE", "mkdocs.yml", ".ci", ".gitignore",
}  # fmt: skip
HEAVY = ("bertopic", "torch", "transformers", "sentence_transformers", "umap", "hdbscan", "numba")


def test_the_top_level_is_what_the_readme_says() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if len(tracked) < 10:
        pytest.skip("not a git checkout")
    assert {name.split("/")[0] for name in tracked if name} <= TOP_LEVEL


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            told = len((ast.get_docstring(node, clean=False) or "").splitlines())
            assert (node.end_lineno or 0) - node.body[0].lineno - told < FUNCTION, f"{node.name} is too long"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_model_is_ever_unpickled(path: Path) -> None:
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")])
    }
    assert not imported & {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}


@pytest.mark.parametrize(
    "statement",
    [
        "import cxtext.cli",
        "import cxtext.jobs.nightly",
        "import cxtext.jobs.analyst",
        "import cxtext.export",
        "import cxtext.connectors",
        "import api.app",
    ],
)
def test_nothing_but_discovery_imports_the_topic_models(statement: str) -> None:
    code = f"import sys; {statement}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_command_line_starts_without_any_heavy_library() -> None:
    heavy = (*HEAVY, "pandas", "numpy", "sklearn", "spacy", "sqlalchemy", "pydantic", "fastapi", "scipy")
    code = f"import sys; import cxtext.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_web_process_loads_no_model() -> None:
    heavy = (
        *HEAVY,
        "pandas",
        "sklearn",
        "spacy",
        "scipy",
        "simplemma",
        "phonenumbers",
        "py3langid",
        "cxtext.topics",
        "cxtext.text.prepare",  # of `cxtext.text` only the spelling of words is needed, by the search
        "cxtext.text.redact",
        "cxtext.sentiment",
        "cxtext.causes",
    )
    code = f"import sys; import api.app; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_checkout_holds_no_copy_of_the_models() -> None:
    assert not (ROOT / "cxtext" / "_models").exists()
