"""Opens files, compressed or not, without letting a small file become a huge one."""

import gzip
import io
import shutil
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard

from cxtext.errors import ConfigurationError, SourceError

MOST_BYTES = 2_000_000_000  # of one file after decompression
MOST_RATIO = 200  # judged only above FREE_BYTES: short repetitive exports compress better than this
FREE_BYTES = 64_000_000
COMPRESSIONS = (".gz", ".zst")


class Capped(io.RawIOBase):
    """A read-only stream that counts what comes out of `inner` and stops at the caps with a `SourceError`."""

    def __init__(
        self, inner: IO[bytes], packed: BinaryIO, name: str, cap: int, failures: tuple[type[Exception], ...]
    ) -> None:
        self._inner, self._packed, self._name, self._cap, self._failures = inner, packed, name, cap, failures
        self._count = 0

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`; the number of bytes, 0 at the end."""
        try:
            data = self._inner.read(len(buffer))
        except self._failures as error:
            raise SourceError(f"{self._name} cannot be unpacked ({error}): it is damaged or cut off") from error
        self._count += len(data)
        if self._count > self._cap:
            raise SourceError(f"{self._name} unpacks to more than {self._cap:,} bytes: split it into smaller files")
        if self._count > FREE_BYTES and self._count > MOST_RATIO * max(self._packed.tell(), 1):
            raise SourceError(
                f"{self._name} unpacks to more than {MOST_RATIO} times its size: it looks like a zip bomb"
            )
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close this stream and the file below it."""
        if not self.closed:
            self._inner.close()
            self._packed.close()
        super().close()


@dataclass(frozen=True)
class Content:
    """The bytes of one file, readable as often as needed."""

    path: Path
    name: str
    compression: str = ""
    cap: int = MOST_BYTES
    numbered: bool = False  # the user names columns "#1", "#2": there is no header line
    spool: object = None  # keeps a temporary file alive as long as somebody reads it

    def open(self) -> IO[bytes]:
        """A fresh stream of the unpacked bytes."""
        try:
            packed = self.path.open("rb")
        except OSError as error:
            raise SourceError(f"{self.name} cannot be opened: {error.strerror}") from error
        if not self.compression:
            return packed
        inner, failures = _decompressor(packed, self.compression)
        return io.BufferedReader(Capped(inner, packed, self.name, self.cap, failures), 1 << 17)

    def seekable(self) -> "Content":
        """The same content in a plain file, for formats that are read from their end."""
        if not self.compression:
            return self
        spool = tempfile.NamedTemporaryFile(prefix="cxtext-")  # noqa: SIM115 - lives as long as the content
        with self.open() as stream:
            shutil.copyfileobj(stream, spool, 1 << 20)
        spool.flush()
        return Content(Path(spool.name), self.name, cap=self.cap, numbered=self.numbered, spool=spool)


def from_stdin(cap: int = MOST_BYTES, *, numbered: bool = False) -> Content:
    """Standard input, put into a temporary file so that it can be read twice."""
    spool = tempfile.NamedTemporaryFile(prefix="cxtext-")  # noqa: SIM115 - lives as long as the content
    count = 0
    while block := sys.stdin.buffer.read(1 << 20):
        count += len(block)
        if count > cap:
            raise SourceError(f"standard input is longer than {cap:,} bytes: write it to files and name them")
        spool.write(block)
    spool.flush()
    return Content(Path(spool.name), "standard input", numbered=numbered, spool=spool)


def from_path(path: str, *, cap: int = MOST_BYTES, numbered: bool = False) -> tuple[Content, str]:
    """The content of a file and its ending (".csv"), the compression taken off.

    Raises:
        ConfigurationError: there is no such file, or it is a folder.
        SourceError: it is empty.
    """
    file = Path(path)
    try:
        if file.is_dir():
            raise ConfigurationError(f"{path} is a folder: name the files in it, such as {path.rstrip('/')}/*.csv")
        if not file.exists():
            raise ConfigurationError(f"there is no file {path}")
        if file.is_file() and file.stat().st_size == 0:
            raise SourceError(f"{path} is empty")
    except (OSError, ValueError) as error:
        raise SourceError(f"{path!r} cannot be opened: {error}") from error
    endings = [ending.lower() for ending in file.suffixes]
    compression = endings.pop() if endings and endings[-1] in COMPRESSIONS else ""
    return Content(file, file.name, compression, cap, numbered), endings[-1] if endings else ""


def _decompressor(packed: BinaryIO, compression: str) -> tuple[IO[bytes], tuple[type[Exception], ...]]:
    if compression == ".gz":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=packed)), (OSError, EOFError, zlib.error)
    # 128 MB of window is what `zstd --long` needs; more would let a file choose how much memory we take.
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(packed, read_across_frames=True)
    return reader, (OSError, EOFError, zstandard.ZstdError)
