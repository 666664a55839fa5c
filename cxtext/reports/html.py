"""A report as one HTML file that needs nothing else: it can be mailed, kept and printed."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from cxtext.reports.charts import bars_svg, intervals_svg, trend_svg
from cxtext.reports.document import Bars, Block, Document, Form, Intervals, Table, Text, Trend, Voices
from cxtext.reports.speech import Speech
from cxtext.reports.twins import twin

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def as_html(document: Document, say: Speech) -> str:
    """The whole page. Every text in it is escaped; it holds no script and asks for no other file."""
    blocks = _environment().get_template("blocks.html").make_module({"say": say})

    def show(block: Block) -> Markup:
        match block:
            case Table():
                return Markup(blocks.table(block))  # type: ignore[attr-defined]  # noqa: S704 – made by autoescaping
            case Trend():
                return _chart(blocks, block, trend_svg(block, say), say)
            case Bars():
                return _chart(blocks, block, bars_svg(block, say), say)
            case Intervals():
                return _chart(blocks, block, intervals_svg(block, say), say)
            case Voices():
                return Markup(blocks.voices(block))  # type: ignore[attr-defined]  # noqa: S704 – as above
            case Form():
                return Markup(blocks.form(block))  # type: ignore[attr-defined]  # noqa: S704 – as above
            case Text():
                return Markup(blocks.paragraph(block))  # type: ignore[attr-defined]  # noqa: S704 – as above

    page = _environment().get_template("report.html")
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))  # noqa: S704 – our own file
    made = document.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return page.render(document=document, say=say, show=show, style=style, made=made)


def _chart(blocks: object, block: Trend | Bars | Intervals, drawing: Markup, say: Speech) -> Markup:
    return Markup(blocks.chart(block, drawing, twin(block, say)))  # type: ignore[attr-defined]  # noqa: S704 – as above


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 – only HTML and PDF need it

    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=False,
        keep_trailing_newline=True,
    )  # fmt: skip
    found.globals["numeric"] = _numeric
    return found


def _numeric(table: Table, column: int) -> bool:
    return not all(isinstance(row[column], str) for row in table.rows)
