"""HTML to PDF with WeasyPrint. The same HTML gives the same bytes; nothing is fetched."""

import hashlib
from typing import NoReturn

from cxtext.errors import ConfigurationError

MISSING = (
    "PDF needs WeasyPrint and the text library Pango. Install both: `pip install 'cxtext[pdf]'` and, on Debian, "
    "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core`; or write .html instead"
)


def as_pdf(html: str) -> bytes:
    """The page on A4, with bookmarks and tags for screen readers.

    Raises:
        ConfigurationError: WeasyPrint or Pango is missing; says what to install.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415 – half a second, and a system library that others do not need
    except (ImportError, OSError) as error:
        raise ConfigurationError(MISSING) from error
    name = hashlib.sha256(html.encode()).digest()[:16]
    page = HTML(string=html, url_fetcher=_refuse)
    return bytes(page.write_pdf(pdf_identifier=name, pdf_tags=True))


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a report fetches nothing, not even {url}")
