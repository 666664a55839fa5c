"""The program of a trial: reads a spreadsheet or a Parquet file as far as its memory goes. It imports nothing of cxtext."""

import sys


def main() -> None:
    """Read the file named on the command line; whatever is wrong with it, the one who asked will say."""
    kind, path, most = sys.argv[1], sys.argv[2], int(sys.argv[3])
    limit(most)
    try:
        (workbook if kind == "xlsx" else parquet)(path)
    except MemoryError:
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a damaged file: reading it once more tells how
        sys.exit("Memory" in type(error).__name__)


def limit(most: int) -> None:
    """Let this process have so many bytes of memory of its own, and write no image of itself when it dies."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def workbook(path: str) -> None:
    """All sheets up to the first with rows."""
    import python_calamine  # noqa: PLC0415 - only what the file needs

    with open(path, "rb") as file:  # noqa: PTH123 - pathlib takes a third of the start
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(cell not in ("", None) for row in rows for cell in row):
                return


def parquet(path: str) -> None:
    """All rows; lists also as Python holds them."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    pa.set_memory_pool(pa.system_memory_pool())
    for batch in pq.ParquetFile(path, memory_map=False).iter_batches(batch_size=1_024, use_threads=False):
        for column in batch.columns:
            if pa.types.is_nested(column.type):
                column.to_pylist()


if __name__ == "__main__":
    main()
