"""Opens files that hold arrays (`.npz`): nothing in them is ever run, and none takes more memory than it may."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final

MOST_BYTES: Final = 2_000_000_000  # of all arrays of a file, unpacked
MOST_FREE: Final = 50_000_000  # unpacked; above it, a member may be so many times larger than it is packed
MOST_RATIO: Final = 200
MOST_ARRAYS: Final = 1_000


def load_arrays(source: Path | bytes) -> dict[str, Any]:
    """All arrays of a file, by name.

    Raises:
        ValueError: it holds objects (pickles), states other sizes than it has, or would take too much memory.
        OSError: it cannot be read.
    """
    import numpy as np  # noqa: PLC0415 – not every start needs it

    if isinstance(source, Path) and not source.is_file():
        raise FileNotFoundError(f"there is no file {source}")
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
            members = archive.infolist()
            _must_be_sober(members)
            return {member.filename.removesuffix(".npy"): _array(np, archive, member) for member in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, SyntaxError, TypeError, KeyError) as error:
        raise ValueError(f"no file of arrays ({type(error).__name__}: {error})") from error


def load_json(content: bytes | str) -> Any:
    """What a JSON text says.

    Raises:
        ValueError: it is no JSON, or nested too deep.
    """
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _must_be_sober(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_ARRAYS:
        raise ValueError(f"{len(members):,} arrays; at most {MOST_ARRAYS:,} are read")
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise ValueError(f"its arrays take {total:,} bytes; at most {MOST_BYTES:,} are read")
    for member in members:
        if member.file_size > max(MOST_FREE, MOST_RATIO * member.compress_size):
            raise ValueError(f"{member.filename} unpacks more than {MOST_RATIO}-fold")


def _array(np: Any, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Any:
    """One array, once its head is known to fit what lies behind it: NumPy would take the memory first."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, kind = read(file)
    if kind.hasobject:
        raise ValueError(f"{member.filename} holds Python objects, which could run code when read")
    count = 1
    for side in shape:
        count *= int(side)
    if min(shape, default=0) < 0 or count * max(kind.itemsize, 1) > member.file_size:
        raise ValueError(f"{member.filename} states {count:,} values, more than it holds")
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
