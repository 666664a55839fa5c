"""The wheel holds the library and its models, nothing else, and works outside the checkout."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_library_and_its_models_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"cxtext"}
    folders = {name.split("/")[2] for name in names if name.startswith("cxtext/_models/")}
    assert folders == {"languages", "lexicons", "recipes", "taxonomy", "vectors", "demo"}
    shipped = {
        path.relative_to(ROOT / "models" / "taxonomy").as_posix()
        for path in (ROOT / "models" / "taxonomy").rglob("*.toml")
    }
    assert shipped == {name.removeprefix("cxtext/_models/taxonomy/") for name in names if "/_models/taxonomy/" in name}
    assert not [name for name in names if "artefacts" in name or "/cards/" in name or name.endswith("build.py")]


def test_the_vectors_and_lexicons_stay_small() -> None:
    size = sum(path.stat().st_size for path in (ROOT / "models" / "vectors").rglob("*") if path.is_file())
    assert size <= 10_000_000


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Installed with pip into an environment of its own, the command answers `--help` and analyses a file."""
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    binaries = environment / "bin"
    install = [str(binaries / "pip"), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # The locked dependencies are shared; a folder named in a .pth brings its packages, not its own .pth files, so the
    # checkout, which is installed there in editable form, stays out of sight.
    dependencies = next(entry for entry in sys.path if entry.endswith("site-packages"))
    next((environment / "lib").glob("python*/site-packages")).joinpath("dependencies.pth").write_text(
        dependencies + "\n"
    )
    work = tmp_path / "elsewhere"
    work.mkdir()
    shutil.copy(ROOT / "tests" / "golden" / "pairs.tsv", work / "tickets.tsv")
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "CXTEXT_MODELS")}

    def there(*words: str) -> str:
        done = subprocess.run(words, cwd=work, env=clean, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    cxtext, python = str(binaries / "cxtext"), str(binaries / "python")
    assert "Usage" in there(cxtext, "--help")
    told = json.loads(there(cxtext, "run", "tickets.tsv", "--map", "text=de", "--json"))
    assert told["new"] == 200
    there(cxtext, "export", "tickets", "-o", "tickets.parquet", "--quiet")
    where = there(
        python, "-c", "import cxtext; from cxtext.resources import models_dir; print(cxtext.__file__, models_dir())"
    )
    assert str(ROOT) not in where
    assert "_models" in where
    assert (
        subprocess.run([python, "-c", "import api"], cwd=work, env=clean, capture_output=True, check=False).returncode
        != 0
    )


def test_the_lock_pins_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pins = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["api"],
        *project["dependency-groups"]["dev"],
    ]
    names = {
        "".join(c for c in requirement.split("[")[0].split(">")[0].split(";")[0]).strip().lower()
        for requirement in asked
    }
    assert {name.replace("_", "-") for name in names} <= pins
    assert not [line for line in lines if line and not line.startswith("#") and "==" not in line]


def test_every_pin_runs_on_the_python_of_debian_12() -> None:
    """The README promises Debian 12, whose Python is 3.11.2; some packages ask for a later 3.11."""
    pins = {line.split("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line[:80]}
    asked = {
        found.name: found.metadata["Requires-Python"]
        for found in importlib.metadata.distributions()
        if found.name in pins and "Requires-Python" in found.metadata and found.metadata["Requires-Python"]
    }
    assert len(asked) > 100
    assert {name: told for name, told in asked.items() if not SpecifierSet(told).contains("3.11.2")} == {}
