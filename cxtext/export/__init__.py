"""What leaves the product as a file: every kind of export, in every format."""

from cxtext.export.files import FORMATS, harmless, jsonable, plain, write_file
from cxtext.export.kinds import KINDS, Kind

__all__ = ["FORMATS", "KINDS", "Kind", "harmless", "jsonable", "plain", "write_file"]
