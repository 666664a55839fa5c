"""Reads a file of a complicated format in a process of its own first, whose memory is limited by the file's size.

Spreadsheets and Parquet files can make any library take gigabytes or end the whole process: two cells at far corners,
one long text that all cells share, a page that unpacks to a thousand times its size. What counts is what reading takes.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final, Literal

from cxtext.errors import SourceError

FREE: Final = 300_000_000  # bytes of memory that reading any file may take
TIMES: Final = 30  # and so many bytes for each of the file: spreadsheets hold text packed to a fifteenth
PROGRAM: Final = Path(__file__).with_name("trial_process.py")


def survive(kind: Literal["xlsx", "parquet"], path: Path, name: str) -> None:
    """Return if reading the file ends, well or with an error of its own; costs a start of Python and one reading.

    Raises:
        SourceError: it takes more memory than a file of its size should, or ends the process.
    """
    most = FREE + TIMES * path.stat().st_size
    command = [sys.executable, "-I", str(PROGRAM), kind, str(path.resolve()), str(most)]
    done = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
    if done.returncode:
        raise SourceError(
            f"{name} takes more than {most >> 20:,} MB of memory to be read, far more than a file of its size should: it "
            "is damaged or made to do harm. If it is neither, save it as CSV"
        )
