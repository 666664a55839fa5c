"""Licences of everything that runs with cxtext: read, judged, listed. GPL, AGPL and unknown ones end the check.

`python -m release.licences` judges and compares with docs/licences.md; with `--write` it writes that page.
"""

import sys
from collections.abc import Mapping, Sequence
from email.message import Message
from importlib.metadata import PackageMetadata
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing

from release.depends import PLAIN, ROOT, Needed, needed

PAGE = ROOT / "docs/licences.md"
PERMISSIVE = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib",
})  # fmt: skip
# Used unchanged as separate packages, these ask nothing of cxtext: changes to their own files would have to be published.
WEAK = frozenset({"LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0"})
EXCEPTIONS = frozenset({"LLVM-exception"})  # they give more rights, not fewer
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0", "MIT License": "MIT", "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
# What a package says in no form that a program can read, and where a person read it.
REVIEWED: Mapping[str, tuple[str, str]] = {
    "blis": ("BSD-3-Clause", "its file LICENSE"),
    "cssselect2": ("BSD-3-Clause", "its file LICENSE"),
    "google-re2": ("BSD-3-Clause", "file LICENSE of github.com/google/re2"),
    "hdbscan": ("BSD-3-Clause", "its file LICENSE"),
    "jinja2": ("BSD-3-Clause", "its file LICENSE.txt"),
    "mpmath": ("BSD-3-Clause", "its file LICENSE"),
    "numba": ("BSD-2-Clause", "its file LICENSE"),
    "partd": ("BSD-3-Clause", "its file LICENSE.txt"),
    "patsy": ("BSD-2-Clause", "its file LICENSE.txt"),
    "pydyf": ("BSD-3-Clause", "its file LICENSE"),
    "pyphen": ("GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", "its file LICENSE; taken under the LGPL"),
    "pysqlite3": ("Zlib", "its file LICENSE; SQLite within it is in the public domain"),
    "python-dateutil": ("Apache-2.0 OR BSD-3-Clause", "its file LICENSE"),
    "scipy": ("BSD-3-Clause", "its file LICENSE.txt"),
    "sympy": ("BSD-3-Clause", "its file LICENSE"),
    "tinycss2": ("BSD-3-Clause", "its file LICENSE"),
    "umap-learn": ("BSD-3-Clause", "its file LICENSE.txt"),
    "weasyprint": ("BSD-3-Clause", "its file LICENSE"),
    "webencodings": ("BSD-3-Clause", "its file LICENSE"),
    "zict": ("BSD-3-Clause", "its file LICENSE.txt"),
}
# Named in an extra, but not in the lock: whoever installs the extra takes these, and what they need, from PyPI.
NOT_LOCKED = {"dlt": "Apache-2.0", "onnxruntime": "MIT"}
SPDX = get_spdx_licensing()


def licence_of(name: str, told: "PackageMetadata | Message") -> str:
    """The licence of a package as an SPDX expression, "" where neither it nor a person says one."""
    if name in REVIEWED:
        return REVIEWED[name][0]
    classifiers = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    spoken = [
        *(told.get_all("License-Expression") or []),
        *(told.get_all("License") or []),
        *(CLASSIFIERS.get(one) for one in classifiers),
    ]
    for words in spoken:
        expression = _spdx(words or "")
        if expression:
            return expression
    return ""


def judge(expression: str) -> str:
    """Why this licence cannot be shipped with; "" where it can."""
    if not expression:
        return "no licence that is known: read it, and put it into REVIEWED"
    try:
        return "" if _allowed(SPDX.parse(expression, validate=True)) else f"{expression} is not permissive"
    except ExpressionError as error:
        return f"{expression!r} is no SPDX expression: {error}"


def problems(packages: Sequence[Needed]) -> list[str]:
    """One line for every package that may not be there."""
    found = []
    for package in packages:
        if package.found is None:
            if package.name not in NOT_LOCKED:
                found.append(f"{package.name}: it is not in requirements.lock")
            continue
        if why := judge(licence_of(package.name, package.found.metadata)):
            found.append(f"{package.name} {package.found.version}: {why}")
    return found


def page(packages: Sequence[Needed]) -> str:
    """The list for people, without versions: the lock and the bill of materials have those."""
    lines = [
        "# Licences", "",
        "Everything that runs with cxtext, the packages that those need included, as `python -m release.licences --write` reads it from",
        "the installed packages; `make licences` fails on GPL, AGPL and on what nobody knows. Versions are in `requirements.lock` and in the",
        "bill of materials of a release. cxtext itself is under Apache-2.0; what is shipped inside it is named in `NOTICE`.", "",
        "| package | licence | needed by |", "|---|---|---|",
    ]  # fmt: skip
    for package in packages:
        by = (
            "cxtext" if PLAIN in package.extras else ", ".join(f"`cxtext[{extra}]`" for extra in sorted(package.extras))
        )
        licence = (
            licence_of(package.name, package.found.metadata) if package.found else NOT_LOCKED.get(package.name, "?")
        )
        remark = f" ({REVIEWED[package.name][1]})" if package.name in REVIEWED else ""
        remark = " (not in the lock)" if package.found is None else remark
        lines.append(f"| {package.name} | {licence}{remark} | {by} |")
    weak = ", ".join(sorted(WEAK))
    return "\n".join([
        *lines, "", f"{weak} are used unchanged, as packages of their own, which these licences allow. The wheels of numpy, scipy and",
        "scikit-learn carry run-time libraries of GCC, under the GPL with GCC's exception for just that (GCC-exception-3.1).",
        "The libraries of NVIDIA that come with PyPI's build of torch are proprietary, not needed, and not in the list: take the CPU build.", "",
    ])  # fmt: skip


def main(words: Sequence[str], page_file: Path = PAGE) -> int:
    """Judge all; write the page, or say where it is no longer true."""
    packages = needed()
    found = problems(packages)
    written = page(packages)
    if "--write" in words and not found:
        page_file.write_text(written, encoding="utf-8")
    elif not page_file.is_file() or page_file.read_text(encoding="utf-8") != written:
        found.append(f"{page_file.name} is not up to date: python -m release.licences --write")
    sys.stdout.write("".join(f"{line}\n" for line in found) or f"{len(packages)} packages, every licence allowed\n")
    return 1 if found else 0


def _spdx(words: str) -> str:
    words = words.strip()
    told = {"MIT License": "MIT", "Apache 2.0": "Apache-2.0", "Apache 2.0 License": "Apache-2.0"}.get(words, words)
    if not told or len(told) > 200 or "\n" in told:
        return ""
    try:
        return str(SPDX.parse(told, validate=True))
    except ExpressionError:
        return ""


def _allowed(licence: Any) -> bool:
    operator, parts = getattr(licence, "operator", "").strip(), getattr(licence, "args", ())
    if operator == "AND":
        return all(map(_allowed, parts))
    if operator == "OR":
        return any(map(_allowed, parts))
    if exception := getattr(licence, "exception_symbol", None):
        return exception.key in EXCEPTIONS and _allowed(licence.license_symbol)
    return licence.key in PERMISSIVE | WEAK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
