"""Where tickets come from: one file per format, found by the ending of a name."""

from cxtext.connectors.formats import CONNECTORS
from cxtext.connectors.given import tickets_from_rows
from cxtext.connectors.source import Source, describe, open_source

__all__ = ["CONNECTORS", "Source", "describe", "open_source", "tickets_from_rows"]
