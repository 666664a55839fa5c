"""The table of formats: the ending of a file's name and the function that opens it. A new format is one row here."""

from cxtext.registry import Registry

CONNECTORS = Registry(
    "connectors",
    {
        ".csv": "cxtext.connectors.csv_file:open_table",
        ".tsv": "cxtext.connectors.csv_file:open_table",
        ".jsonl": "cxtext.connectors.json_file:open_table",
        ".ndjson": "cxtext.connectors.json_file:open_table",
        ".json": "cxtext.connectors.json_file:open_document",
        ".parquet": "cxtext.connectors.parquet_file:open_table",
        ".xlsx": "cxtext.connectors.xlsx_file:open_table",
        ".mbox": "cxtext.connectors.mbox_file:open_table",
    },
)
