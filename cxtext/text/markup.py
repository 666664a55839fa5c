"""HTML to plain text, by the standard library: what a reader would see, quoted mails left out."""

import html
import re
from html.parser import HTMLParser

_TAG = re.compile(
    r"</?(?:p|div|br|html|head|body|table|t[drh]|tbody|span|a|b|i|u|strong|em|ul|ol|li|blockquote|style|script|font|h[1-6]|img|hr|pre|meta)"
    r"(?:\s(?=[^<>=]{0,200}=)[^<>]{0,2000})?\s?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_COMMENT = re.compile(r"<!--(?:(?!-->).){0,5000}-->", re.DOTALL)
_DROPPED = frozenset({"script", "style", "head", "title", "blockquote"})
_BLOCKS = frozenset(
    {"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"}
)
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
_QUOTE_MARKS = (
    "gmail_quote",
    "gmail_attr",
    "moz-cite-prefix",
    "yahoo_quoted",
    "divrplyfwdmsg",
    "zm_quote",
    "protonmail_quote",
)
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def without_markup(text: str) -> tuple[str, str]:
    """Return the visible text and the text of dropped quotes. A text without tags only has its entities resolved.

    Placeholders such as `<name>` are not markup and stay.
    """
    if "<" in text and _TAG.search(text):
        reader = _Reader()
        # The parser is slow on unfinished tags; a "<" that opens none is text.
        reader.feed(_COMMENT.sub("", _lone_brackets_escaped(text)))
        reader.close()
        return reader.result()
    if "&" in text and _ENTITY.search(text):
        return _ENTITY.sub(lambda entity: html.unescape(entity.group()), text), ""
    return text, ""


def _lone_brackets_escaped(text: str) -> str:
    return re.sub(r"<(?!/?[a-zA-Z][^<>]{0,2000}>|!--)", "&lt;", text)


class _Reader(HTMLParser):
    """Collects visible text; inside a dropped element it collects what was dropped."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._shown: list[str] = []
        self._quoted: list[str] = []
        self._open: list[str] = []  # elements since the outermost dropped one

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open:
            if tag not in _VOID and len(self._open) < 500:
                self._open.append(tag)
        elif tag in _DROPPED or any(
            value and name in {"class", "id"} and any(mark in value.lower() for mark in _QUOTE_MARKS)
            for name, value in attrs
        ):
            if tag not in _VOID:
                self._open.append(tag)
        elif tag not in _VOID and tag not in _BLOCKS and not _TAG.match(f"<{tag}>"):
            self._shown.append(f"<{tag}>")  # a placeholder
        if tag in _BLOCKS:
            self._target().append("\n")
        elif tag in {"td", "th"}:
            self._target().append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if tag in _BLOCKS and tag not in _VOID:
            self._target().append("\n")

    def handle_data(self, data: str) -> None:
        if self._open and any(tag in {"script", "style"} for tag in self._open):
            return
        self._target().append(data)

    def result(self) -> tuple[str, str]:
        shown = _tidy("".join(self._shown))
        quoted = _tidy("".join(self._quoted))
        return (shown, quoted) if shown else (quoted, "")

    def _target(self) -> list[str]:
        return self._quoted if self._open else self._shown


def _tidy(text: str) -> str:
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
