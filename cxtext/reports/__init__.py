"""Reports for people: the week, a department, a defect; each in every format, from one document with one set of figures."""

import json
from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from cxtext.errors import ConfigurationError
from cxtext.reports.defect import defect_report
from cxtext.reports.document import KINDS, Document
from cxtext.reports.html import as_html
from cxtext.reports.lines_csv import as_csv
from cxtext.reports.looking import Look
from cxtext.reports.markdown import as_markdown
from cxtext.reports.pdf import as_pdf
from cxtext.reports.speech import Speech, speech
from cxtext.reports.trackers import figures, github, jira
from cxtext.reports.weekly import department_report, weekly_report

__all__ = ["FORMATS", "KINDS", "MEDIA", "compose", "render"]

MEDIA: Mapping[str, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jira": "application/json",
    "github": "application/json",
}
FORMATS = tuple(MEDIA)
TRACKERS = ("json", "jira", "github")


def render(
    connection: Connection,
    run_id: int,
    kind: str,
    form: str,
    *,
    language: str = "de",
    topic: str | None = None,
    product: str | None = None,
    department: str | None = None,
    project: str | None = None,
) -> tuple[bytes, str]:
    """Print a report as it was at a run; returns its bytes and its media type. The same run gives the same bytes.

    Args:
        connection: to the store; where it is confined to departments, so is the report.
        run_id: the run.
        kind: weekly, department (needs `department`) or defect (needs `topic` or `product`).
        form: html, pdf, md or csv; defect also json (all figures, and the two bodies), jira, github.
        language: de or en.
        topic: id of a topic.
        product: name of a product.
        department: key of a department.
        project: key of the project in Jira.

    Raises:
        ConfigurationError: no such kind, format or language, or something is missing that the kind needs.
        NotFound: no such topic, product or department.
    """
    if form not in MEDIA or (form in TRACKERS and kind != "defect"):
        known = FORMATS if kind == "defect" else [name for name in FORMATS if name not in TRACKERS]
        raise ConfigurationError(f"no {kind} report as {form!r}; known: {', '.join(known)}")
    if form == "jira" and not project:
        raise ConfigurationError("Jira takes no issue without a project: say --project KEY")
    say = speech(language)
    document = compose(connection, run_id, kind, language=language, topic=topic, product=product, department=department)
    return _written(document, say, form, project), MEDIA[form]


def compose(
    connection: Connection,
    run_id: int,
    kind: str,
    *,
    language: str = "de",
    topic: str | None = None,
    product: str | None = None,
    department: str | None = None,
) -> Document:
    """Gather a report without giving it a form; arguments and errors as for `render`."""
    look = Look(connection, run_id, speech(language))
    if kind == "weekly":
        return weekly_report(look)
    if kind == "department":
        if department is None:
            raise ConfigurationError("whose? say --department KEY; `cxtext export departments` lists them")
        return department_report(look, department)
    if kind == "defect":
        return defect_report(look, topic=topic, product=product)
    raise ConfigurationError(f"no report called {kind!r}; known: {', '.join(KINDS)}")


def _written(document: Document, say: Speech, form: str, project: str | None) -> bytes:
    if form == "pdf":
        return as_pdf(as_html(document, say))
    if form in TRACKERS:
        bodies: Mapping[str, Callable[[], object]] = {
            "jira": lambda: jira(document, say, project),
            "github": lambda: github(document, say),
            "json": lambda: {
                "report": figures(document, say), "jira": jira(document, say, project), "github": github(document, say),
            },
        }  # fmt: skip
        return (json.dumps(bodies[form](), ensure_ascii=False, indent=2) + "\n").encode()
    writers = {"html": as_html, "md": as_markdown, "csv": as_csv}
    return writers[form](document, say).encode()
